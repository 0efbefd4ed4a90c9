import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { startStandInModel, type StandInModel } from "../model/stand-in-server.ts";
import { sample } from "../tasks/model-context.ts";
import { example } from "./flows.ts";
import { connectN8n } from "./n8n.ts";
import { type StandInAgent, startStandInAgent } from "./stand-in-agent.ts";

const n8n = connectN8n(inject("n8n"));
const MODEL = { model: { __rl: true, mode: "id", value: "stand-in-vision" } };

let model: StandInModel;
let agent: StandInAgent;
let credentials: Record<string, string>;

beforeAll(async () => {
  model = await startStandInModel();
  agent = await startStandInAgent();
  credentials = {
    sightlineModelApi: await n8n.credential("examples", "sightlineModelApi", {
      provider: "openai-compatible",
      baseUrl: model.baseUrl,
      apiKey: "",
    }),
    openAiApi: await n8n.credential("agent", "openAiApi", { apiKey: "sk-test", url: agent.baseUrl }),
  };
});
afterAll(() => Promise.all([model.close(), agent.close()]));

describe("an agent that can see", () => {
  let webhook = "";
  let id = "";

  beforeAll(async () => {
    const flow = example("agent-that-sees", { Chat: { public: true }, "Look at the upload": MODEL, "Look at a URL": MODEL });
    webhook = `${n8n.url}/webhook/sightline-agent/chat`;
    id = await n8n.workflow(flow, credentials);
  });

  async function chat(words: string, picture?: Uint8Array): Promise<string> {
    for (let waits = 0; ; waits++) {
      const form = new FormData();
      form.append("action", "sendMessage");
      form.append("sessionId", "one");
      form.append("chatInput", words);
      if (picture !== undefined) form.append("files", new Blob([picture as Uint8Array<ArrayBuffer>], { type: "image/png" }), "coffee.png");
      const response = await fetch(webhook, { method: "POST", body: form });
      const text = await response.text();
      if (response.status !== 404 || waits > 100) return text;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  it("gets the description of an upload by an expression", async () => {
    const said = await chat("What is in this picture?", await readFile(sample("coffee.png")));
    expect(said, JSON.stringify((await n8n.execution(id)).error)).toContain("sent 1 picture (600 x 400 png)");
    expect([...agent.tools].toSorted()).toEqual(["Look_at_a_URL", "Look_at_the_upload"]);
  });

  it("gets the description of a URL it names", async () => {
    const bytes = await readFile(sample("chelsea.png"));
    const files = createServer((_, response) => void response.end(bytes)).listen(0, "127.0.0.1");
    await once(files, "listening");
    const said = await chat(`And what is at http://127.0.0.1:${(files.address() as AddressInfo).port}/cat.png`);
    files.close();
    expect(said).toContain("sent 1 picture (451 x 300 png)");
  });
});

describe("pictures described and translated", () => {
  it("come out of the form with both", async () => {
    const id = await n8n.workflow(example("describe-and-translate", { Describe: MODEL, Translate: MODEL }), credentials);
    const form = `${n8n.url}/form/sightline-describe`;
    const bytes = await readFile(sample("coffee.png"));
    for (let waits = 0; waits < 100 && (await fetch(form)).status === 404; waits++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const body = new FormData();
    body.append("field-0", new Blob([bytes], { type: "image/png" }), "coffee.png");
    await fetch(form, { method: "POST", body });
    const execution = await n8n.execution(id);
    expect(execution.outputs("Result")[0]?.map(({ json }) => json)).toEqual([
      {
        file: "coffee.png",
        description: expect.stringContaining("sent 1 picture"),
        translation: expect.stringContaining("stand-in model was sent 0 pictures"),
      },
    ]);
  });
});
