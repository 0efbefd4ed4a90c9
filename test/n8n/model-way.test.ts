import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { billsPdf } from "../documents/invoice-pdf.ts";
import { startStandInModel, type StandInModel } from "../model/stand-in-server.ts";
import { CLASSIC_MODEL, startStandInNvidia } from "../model/stand-in-nvidia.ts";
import { sample } from "../tasks/model-context.ts";
import { webhookFlow } from "./flows.ts";
import { connectN8n, CORPORA, type NamedFile } from "./n8n.ts";

const n8n = connectN8n(inject("n8n"));
const CREDENTIAL = "sightlineModelApi";
const KEY = "sk-very-secret-0123456789";

let model: StandInModel;
let credentials: Record<string, string>;

async function picture(name: string): Promise<NamedFile> {
  return { name, type: "image/png", bytes: await readFile(sample(name)) };
}

/** Publishes a flow that describes pictures, unless it says otherwise; returns its id. */
function flow(webhook: string, options: Partial<Parameters<typeof webhookFlow>[0]>): Promise<string> {
  return n8n.workflow(webhookFlow({ webhook, way: CREDENTIAL, does: "image:describe", ...options }), credentials);
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
    await flow("describe", {});
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
        usage: {
          calls: 1,
          input_tokens: expect.any(Number),
          output_tokens: expect.any(Number),
          models: ["stand-in-vision"],
          servers: [model.baseUrl],
        },
        duration_ms: expect.any(Number),
        warnings: [expect.stringContaining("were not looked for")],
      },
    ]);
  });

  it("comes as base64 by mistake, or from a URL, all the same", async () => {
    const { bytes } = await picture("coffee.png");
    const files = createServer(({ url }, response) => {
      if (url === "/moved") response.writeHead(302, { location: "/coffee.png" }).end();
      else response.end(bytes);
    }).listen(0, "127.0.0.1");
    await once(files, "listening");
    const origin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
    const code = `return [${[Buffer.from(bytes).toString("base64"), `${origin}/coffee.png?key=secret`, `${origin}/moved`].map((file) => `{ json: { file: ${JSON.stringify(file)} } }`).join(", ")}]`;
    await flow("base64", { parameters: { binaryPropertyName: "={{ $json.file }}" }, code });
    const { items } = await n8n.post("base64", {});
    files.close();
    expect(items.map(({ file, width }) => ({ file, width }))).toEqual([
      { file: "base64 text", width: 600 },
      { file: "coffee.png", width: 600 },
      { file: "moved", width: 600 },
    ]);
  });

  it("is asked about together with others, one question for all", async () => {
    await flow("ask", { does: "image:ask", parameters: { binaryPropertyName: "one, two", question: "Which is larger?" } });
    const { items } = await n8n.post("ask", { one: await picture("coffee.png"), two: await picture("chelsea.png") });
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ answer: expect.stringContaining("sent 2 pictures"), file: "coffee.png, chelsea.png" });
  });

  it.skipIf(!existsSync(path.join(CORPORA, "exif")))("is sent as it is when its EXIF data say it is turned, with a warning", async () => {
    await flow("exif", {});
    const bytes = await readFile(path.join(CORPORA, "exif/Landscape_6.jpg"));
    const { items } = await n8n.post("exif", { data: { name: "turned.jpg", type: "image/jpeg", bytes } });
    expect(items[0]).toMatchObject({
      width: 1800,
      height: 1200,
      warnings: expect.arrayContaining([expect.stringContaining("EXIF orientation 6")]),
    });
  });
});

describe("NVIDIA", () => {
  it("gets a picture over its inline limit through its asset store, where it does not stay", async () => {
    const nvidia = await startStandInNvidia();
    const data = { provider: "nvidia", baseUrl: nvidia.baseUrl, apiKey: nvidia.apiKey };
    const own = { [CREDENTIAL]: await n8n.credential("nvidia", CREDENTIAL, data) };
    const model = { model: { __rl: true, mode: "id", value: CLASSIC_MODEL } };
    await n8n.workflow(webhookFlow({ webhook: "nvidia", way: CREDENTIAL, does: "image:describe", parameters: model }), own);
    const photo = await picture("coffee.png");
    const { items } = await n8n.post("nvidia", { data: photo });
    await nvidia.close();
    expect(items[0]).toMatchObject({ model: CLASSIC_MODEL, width: 600 });
    expect(nvidia.pictures.map(({ bytes }) => bytes.equals(photo.bytes))).toEqual([true]);
    expect(nvidia.deleted).toHaveLength(1);
    expect(nvidia.assets.size).toBe(0);
    // The address to upload to is signed: the key does not go there.
    const uploads = nvidia.requests.filter(({ method }) => method === "PUT");
    expect(uploads.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });
});

describe("what goes wrong", () => {
  it("ends the execution in words that say what to do, without what the model said", async () => {
    const talking = await startStandInModel({ mode: "whole", text: "I'm sorry, but I can't view images. PAMPHLET" });
    const own = {
      [CREDENTIAL]: await n8n.credential("talking", CREDENTIAL, { provider: "openai-compatible", baseUrl: talking.baseUrl, apiKey: "" }),
    };
    const id = await n8n.workflow(webhookFlow({ webhook: "talking", way: CREDENTIAL, does: "image:describe" }), own);
    await n8n.post("talking", { data: await picture("coffee.png") });
    const execution = await n8n.execution(id);
    await talking.close();
    expect(execution.status).toBe("error");
    expect(execution.error?.message).toContain("gave no usable answer");
    expect(execution.raw).not.toContain("PAMPHLET");
    expect(await readFile(path.join(n8n.home, "n8n.log"), "utf8")).not.toContain("PAMPHLET");
  });

  it("goes out of the error output, item by item, while the others succeed in their order", async () => {
    const { bytes } = await picture("coffee.png");
    const good = Buffer.from(bytes).toString("base64");
    const bad = Buffer.from("no picture at all, only words that are long enough for base64 of some length").toString("base64");
    const code = `return [${[good, bad, good].map((file) => `{ json: { file: ${JSON.stringify(file)} } }`).join(", ")}]`;
    const id = await flow("errors", { parameters: { binaryPropertyName: "={{ $json.file }}" }, code, onError: "continueErrorOutput" });
    await n8n.post("errors", {});
    const [succeeded = [], failed = []] = (await n8n.execution(id)).outputs("Sightline");
    expect(succeeded.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({ pairedItem: { item: 1 }, json: { error: expect.stringContaining("neither a picture nor a PDF") } });
  });

  it("is an item in its place where the node continues", async () => {
    const { bytes } = await picture("coffee.png");
    const code = `return ["${Buffer.from(bytes).toString("base64")}", "no_such_field"].map((file) => ({ json: { file } })).toReversed()`;
    await flow("continue", { parameters: { binaryPropertyName: "={{ $json.file }}" }, code, onError: "continueRegularOutput" });
    const { items } = await n8n.post("continue", {});
    expect(items).toMatchObject([{ error: expect.stringContaining('no binary field "no_such_field"') }, { width: 600 }]);
  });

  it.each([
    ["continueErrorOutput", 1],
    ["continueRegularOutput", 0],
  ] as const)("with the credential itself stands for each item, and no input goes on as output: %s", async (onError, output) => {
    const own = { [CREDENTIAL]: await n8n.credential(onError, CREDENTIAL, { provider: "ollama", baseUrl: "localhost", apiKey: "" }) };
    const id = await n8n.workflow(
      webhookFlow({ webhook: onError, way: CREDENTIAL, does: "image:describe", code: "return [{ json: {} }, { json: {} }]", onError }),
      own,
    );
    await n8n.post(onError, { data: await picture("coffee.png") });
    const execution = await n8n.execution(id);
    expect(execution.status).toBe("success");
    const error = expect.stringMatching(/Base URL is no address\. It begins with http/);
    expect(execution.outputs("Sightline").map((items) => items.map(({ json }) => json))[output]).toEqual([{ error }, { error }]);
    expect(execution.outputs("Sightline").flat()).toHaveLength(2);
  });

  it("says what it took all the same, and which file it was", async () => {
    const talking = await startStandInModel({ mode: "whole", text: "I'm sorry, but I can't view images." });
    const own = {
      [CREDENTIAL]: await n8n.credential("took", CREDENTIAL, { provider: "openai-compatible", baseUrl: talking.baseUrl, apiKey: "" }),
    };
    const flow = webhookFlow({ webhook: "took", way: CREDENTIAL, does: "image:describe", onError: "continueErrorOutput" });
    const id = await n8n.workflow(flow, own);
    await n8n.post("took", { data: await picture("coffee.png") });
    const [, [failed] = []] = (await n8n.execution(id)).outputs("Sightline");
    expect(failed?.error?.context).toMatchObject({
      file: "coffee.png",
      usage: { calls: talking.requests.length, servers: [talking.baseUrl] },
      duration_ms: expect.any(Number),
    });
    await talking.close();
  });

  it("names the server that hangs up, where n8n has a sentence of its own for it", async () => {
    const rude = createServer((request) => void request.socket.destroy()).listen(0, "127.0.0.1");
    await once(rude, "listening");
    const baseUrl = `http://127.0.0.1:${(rude.address() as AddressInfo).port}/v1`;
    const own = { [CREDENTIAL]: await n8n.credential("rude", CREDENTIAL, { provider: "openai-compatible", baseUrl, apiKey: "" }) };
    const id = await n8n.workflow(webhookFlow({ webhook: "rude", way: CREDENTIAL, does: "image:describe" }), own);
    await n8n.post("rude", { data: await picture("coffee.png") });
    rude.close();
    expect((await n8n.execution(id)).error?.message).toContain(baseUrl);
  });

  it("names an empty field as the editor does", async () => {
    const parameters = { question: "={{ $json.nothing }}" };
    const id = await flow("empty-field", { does: "image:ask", parameters, onError: "continueErrorOutput" });
    await n8n.post("empty-field", { data: await picture("coffee.png") });
    const [, [failed] = []] = (await n8n.execution(id)).outputs("Sightline");
    expect(failed?.json["error"]).toMatch(/^The field Question is empty\./);
  });

  it("is a PDF that is asked about beside a picture: it is named, and the server that reads it", async () => {
    const parameters = { binaryPropertyName: "all", question: "Which is it?" };
    const id = await flow("ask-all", { does: "image:ask", parameters, onError: "continueErrorOutput" });
    const pdf = { name: "bill.pdf", type: "application/pdf", bytes: await billsPdf([{ printed: { number: "A-1" } }]) };
    await n8n.post("ask-all", { a: await picture("coffee.png"), b: pdf });
    const [, [failed] = []] = (await n8n.execution(id)).outputs("Sightline");
    expect(failed?.json["error"]).toMatch(/bill\.pdf is not possible inside n8n\..*npx -y @sightline\/mcp-server --http 8420/);
  });

  it("tells a wrong key by the credential, and never shows it", async () => {
    const own = {
      [CREDENTIAL]: await n8n.credential("wrong", CREDENTIAL, {
        provider: "openai-compatible",
        baseUrl: model.baseUrl,
        apiKey: "sk-wrong-key",
      }),
    };
    const id = await n8n.workflow(webhookFlow({ webhook: "key", way: CREDENTIAL, does: "image:describe" }), own);
    await n8n.post("key", { data: await picture("coffee.png") });
    const execution = await n8n.execution(id);
    expect(execution.error?.message).toMatch(/key/i);
    expect(execution.raw).not.toContain("sk-wrong-key");
  });

  it.each([
    ["rate-limited", 2],
    ["server-error", 1],
  ] as const)("%s: is asked %d times", async (mode, times) => {
    const busy = await startStandInModel({ mode: [mode, "answer"] });
    const own = {
      [CREDENTIAL]: await n8n.credential(mode, CREDENTIAL, { provider: "openai-compatible", baseUrl: busy.baseUrl, apiKey: "" }),
    };
    await n8n.workflow(webhookFlow({ webhook: mode, way: CREDENTIAL, does: "image:describe" }), own);
    await n8n.post(mode, { data: await picture("coffee.png") });
    await busy.close();
    expect(busy.requests).toHaveLength(times);
  });
});

describe("many items", () => {
  it("are worked on as many at a time as the option says, in their order", async () => {
    const slow = await startStandInModel({ delayMs: 200 });
    const own = {
      [CREDENTIAL]: await n8n.credential("slow", CREDENTIAL, { provider: "openai-compatible", baseUrl: slow.baseUrl, apiKey: "" }),
    };
    const code = "return Array.from({ length: 100 }, (_, index) => ({ json: { index }, binary: $input.first().binary }))";
    const id = await n8n.workflow(
      webhookFlow({
        webhook: "many",
        way: CREDENTIAL,
        does: "image:ask",
        parameters: { question: "={{ 'Picture number ' + $json.index }}" },
        options: { concurrency: 8 },
        code,
      }),
      own,
    );
    await n8n.post("many", { data: await picture("coffee.png") });
    const execution = await n8n.execution(id);
    await slow.close();
    const items = execution.outputs("Sightline")[0] ?? [];
    expect(items.map(({ pairedItem }) => pairedItem)).toEqual(Array.from({ length: 100 }, (_, item) => ({ item })));
    expect(items.every(({ json }, index) => String(json["answer"]).includes(`Picture number ${index}`))).toBe(true);
    expect(slow.mostAtOnce()).toBe(8);
    // What is asked for is 4 s; how fast this machine is today is no property of the node.
    process.stderr.write(`100 items at 200 ms, concurrency 8: ${execution.runMs("Sightline")} ms\n`);
  });

  it("ends its calls when the execution is stopped", async () => {
    const endless = await startStandInModel({ delayMs: 60_000 });
    const own = {
      [CREDENTIAL]: await n8n.credential("endless", CREDENTIAL, { provider: "openai-compatible", baseUrl: endless.baseUrl, apiKey: "" }),
    };
    const id = await n8n.workflow(webhookFlow({ webhook: "endless", way: CREDENTIAL, does: "image:describe" }), own);
    const answer = n8n.post("endless", { data: await picture("coffee.png") });
    const running = await n8n.running(id);
    while (endless.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await n8n.request("POST", `/rest/executions/${running}/stop`, {});
    expect(await endless.requests[0]?.end).toBe("aborted");
    await answer;
    await endless.close();
  });
});
