import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { startStandInModel, type StandInModel } from "../model/stand-in-server.ts";
import { sample } from "../tasks/model-context.ts";
import { webhookFlow } from "./flows.ts";
import { connectN8n, type NamedFile } from "./n8n.ts";

const n8n = connectN8n(inject("n8n"));
const CREDENTIAL = "sightlineModelApi";
const KEY = "sk-very-secret-0123456789";

let model: StandInModel;
let credentials: Record<string, string>;

async function picture(name: string): Promise<NamedFile> {
  return { name, type: "image/png", bytes: await readFile(sample(name)) };
}

beforeAll(async () => {
  model = await startStandInModel({ apiKey: KEY });
  credentials = {
    [CREDENTIAL]: await n8n.credential("model", CREDENTIAL, { provider: "openai-compatible", baseUrl: model.baseUrl, apiKey: KEY }),
  };
});
afterAll(() => model.close());

describe("the model credential", () => {
  const test = (data: object) => n8n.testCredential(credentials[CREDENTIAL] ?? "", "model", CREDENTIAL, data);

  it("is tested at the server", async () => {
    expect(await test({ provider: "openai-compatible", baseUrl: model.baseUrl, apiKey: KEY })).toMatchObject({ status: "OK" });
    expect(await test({ provider: "openai-compatible", baseUrl: model.baseUrl, apiKey: "wrong" })).toMatchObject({ status: "Error" });
    expect(await test({ provider: "openai-compatible", baseUrl: "http://127.0.0.1:9/v1", apiKey: KEY })).toMatchObject({ status: "Error" });
  });

  it("lists the server's models", async () => {
    const { results } = await n8n.request<{ results: { name: string; value: string }[] }>(
      "POST",
      "/rest/dynamic-node-parameters/resource-locator-results",
      {
        nodeTypeAndVersion: { name: "n8n-nodes-sightline.sightline", version: 1 },
        path: "parameters.model",
        methodName: "searchModels",
        currentNodeParameters: { authentication: CREDENTIAL, resource: "image" },
        credentials: { [CREDENTIAL]: { id: credentials[CREDENTIAL], name: "model" } },
        filter: "STAND",
      },
    );
    expect(results).toEqual([{ name: "stand-in-vision", value: "stand-in-vision" }]);
  });
});

describe("a picture and a model", () => {
  it("is described, with what it cost and what was not looked for", async () => {
    await n8n.workflow(
      webhookFlow({ webhook: "describe", way: CREDENTIAL, does: "image:describe", parameters: { binaryPropertyName: "data" } }),
      credentials,
    );
    const { items } = await n8n.post("describe", { data: await picture("coffee.png") });
    expect(items).toEqual([
      {
        description: expect.stringContaining("sent 1 picture (600 x 400 png)"),
        alt_text: expect.any(String),
        kind: "photo",
        model: "stand-in-vision",
        width: 600,
        height: 400,
        source: "model",
        file: "coffee.png",
        usage: { calls: 1, input_tokens: expect.any(Number), output_tokens: expect.any(Number) },
        duration_ms: expect.any(Number),
        warnings: [expect.stringContaining("were not looked for")],
      },
    ]);
  });
});
