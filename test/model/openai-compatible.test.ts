import { inspectServer, type ModelAnswer, type ModelOptions, type ModelRequest, openModel } from "@sightline/core";
import { systemClock } from "../../packages/local/src/model/clock.ts";
import { createModelTransport } from "../../packages/local/src/model/transport.ts";
import { readdir, readFile } from "node:fs/promises";
import { afterEach, describe, expect, test } from "vitest";
import { failure } from "./failure.ts";
import { WHITE_PIXEL } from "./pictures.ts";
import { textOf } from "./stand-in-rule.ts";
import { startStandInModel, type StandInMode, type StandInModel, type StandInOptions } from "./stand-in-server.ts";

let server: StandInModel | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const transport = createModelTransport({ connectMs: 5_000, retries: 0 });
const question: ModelRequest = { prompt: "What is on the picture?", images: [WHITE_PIXEL], maxTokens: 300, temperature: 0.2 };
const schema = {
  name: "scene",
  schema: {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: { description: { type: "string" } },
    required: ["description"],
    additionalProperties: false,
  },
};

async function modelIn(
  mode: StandInOptions["mode"],
  options: Partial<ModelOptions> & { readonly backend?: string } = {},
  standIn: StandInOptions = {},
) {
  server = await startStandInModel({ ...(mode === undefined ? {} : { mode }), ...standIn });
  const { backend = "openai-compatible", ...rest } = options;
  return openModel(backend, { baseUrl: server.baseUrl, model: server.model, transport, clock: systemClock, ...rest });
}

describe("what is sent", () => {
  test("a question about a picture: picture first, then text", async () => {
    const model = await modelIn("answer");
    await model.ask(question);
    expect(server?.requests).toHaveLength(1);
    expect(server?.requests[0]?.path).toBe("/v1/chat/completions");
    expect(server?.requests[0]?.body).toMatchInlineSnapshot(`
      {
        "max_tokens": 300,
        "messages": [
          {
            "content": [
              {
                "image_url": {
                  "url": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP6DwABBQECz6AuzQAAAABJRU5ErkJggg==",
                },
                "type": "image_url",
              },
              {
                "text": "What is on the picture?",
                "type": "text",
              },
            ],
            "role": "user",
          },
        ],
        "model": "stand-in-vision",
        "stream": true,
        "stream_options": {
          "include_usage": true,
        },
        "temperature": 0.2,
      }
    `);
  });

  test("a question with a schema: in response_format, and in the prompt for models that are not shown it", async () => {
    const model = await modelIn("answer");
    const { text } = await model.ask({ ...question, schema });
    expect(JSON.parse(text)).toHaveProperty("description");
    const body = server?.requests[0]?.body;
    expect({ text: textOf(body), response_format: body?.response_format }).toMatchInlineSnapshot(`
      {
        "response_format": {
          "json_schema": {
            "name": "scene",
            "schema": {
              "additionalProperties": false,
              "properties": {
                "description": {
                  "type": "string",
                },
              },
              "required": [
                "description",
              ],
              "type": "object",
            },
            "strict": true,
          },
          "type": "json_schema",
        },
        "text": "What is on the picture?

      Answer with one JSON object that fits this JSON Schema, and with nothing else:
      {"type":"object","properties":{"description":{"type":"string"}},"required":["description"],"additionalProperties":false}",
      }
    `);
  });

  test("a question without pictures is a plain string", async () => {
    const model = await modelIn("answer");
    await model.ask({ ...question, images: [] });
    expect(server?.requests[0]?.body.messages).toEqual([{ role: "user", content: "What is on the picture?" }]);
  });

  test("no header that nobody asked for: not the environment's, not the machine's, no key when there is none", async () => {
    process.env["OPENAI_CUSTOM_HEADERS"] = "x-secret: for another server";
    process.env["OPENAI_API_KEY"] = "sk-of-another-server";
    process.env["OPENAI_ORG_ID"] = "org-of-another-server";
    try {
      const model = await modelIn("answer");
      await model.ask(question);
      const names = Object.keys(server?.requests[0]?.headers ?? {}).sort();
      expect(names).toEqual(["accept", "connection", "content-length", "content-type", "host"]);
    } finally {
      for (const name of ["OPENAI_CUSTOM_HEADERS", "OPENAI_API_KEY", "OPENAI_ORG_ID"]) delete process.env[name];
    }
  });

  test("the key, when there is one", async () => {
    const model = await modelIn("answer", { apiKey: "sk-right" }, { apiKey: "sk-right" });
    await model.ask(question);
    expect(server?.requests[0]?.headers.authorization).toBe("Bearer sk-right");
  });

  test("more pictures than the model takes are refused before anything is sent", async () => {
    const model = await modelIn("answer", { model: "llama3.2-vision:11b" });
    expect(model.abilities).toEqual({ vision: true, maxImages: 1, longSide: 1120 });
    expect(model.family.name).toBe("Llama 3.2 Vision");
    expect(await failure(model.ask({ ...question, images: [WHITE_PIXEL, WHITE_PIXEL] }))).toMatchObject({ kind: "InputError" });
    expect(server?.requests).toEqual([]);
  });
});

describe("what comes back", () => {
  test("the words, the usage, the model's name, and the text as it grows", async () => {
    const model = await modelIn("answer");
    const grown: string[] = [];
    const answer = await model.ask(question, { onText: (soFar) => grown.push(soFar) });
    expect(answer).toEqual({
      text: "The stand-in model was sent 1 picture (1 x 1 png) and asked: What is on the picture?",
      finish: "stop",
      model: "stand-in-vision",
      usage: { inputTokens: 10, outputTokens: expect.any(Number) },
    });
    expect(grown.length).toBeGreaterThan(5);
    expect(grown.at(-1)).toBe(answer.text);
    expect(grown.every((text, at) => text.startsWith(grown[at - 1] ?? ""))).toBe(true);
  });

  test("a server that ignores `stream`", async () => {
    const answer = await (await modelIn("whole")).ask(question);
    expect(answer).toMatchObject({ finish: "stop", usage: { inputTokens: 10, outputTokens: 5 } });
    expect(answer.text).toContain("1 picture");
  });

  test("thinking that was left in the text is taken out, of the growing text too", async () => {
    const model = await modelIn("thinks-aloud");
    const grown: string[] = [];
    const answer = await model.ask(question, { onText: (soFar) => grown.push(soFar) });
    expect(answer.text).toMatch(/^The stand-in model/);
    expect(grown.join("")).not.toContain("What is on it?");
  });

  test.each([
    ["cut-off", { finish: "length", text: "The picture shows a street with" }],
    ["thinking-cut-off", { finish: "length", text: "" }],
    ["filtered", { finish: "filtered", text: "" }],
    ["empty", { finish: "stop", text: "" }],
  ] satisfies [StandInMode, Partial<ModelAnswer>][])("%s is told by `finish`", async (mode, expected) => {
    expect(await (await modelIn(mode)).ask(question)).toMatchObject(expected);
  });
});

describe("what a server refuses of a request is left out, once and for all", () => {
  test.each([
    ["no-schema", ["response_format"]],
    ["new-names-only", ["max_tokens", "temperature"]],
    ["no-stream-options", ["stream_options"]],
  ] satisfies [StandInMode, string[]][])("%s", async (mode, refused) => {
    const model = await modelIn(mode);
    const first = await model.ask({ ...question, schema });
    expect(first.text).toContain("description");
    expect(server?.requests).toHaveLength(1 + refused.length);
    await model.ask({ ...question, schema });
    expect(server?.requests).toHaveLength(2 + refused.length);
    const body = server?.requests.at(-1)?.body;
    for (const field of refused) expect(body).not.toHaveProperty(field);
    expect(body?.max_completion_tokens ?? body?.max_tokens).toBe(300);
  });
});

describe("each failure in words for whoever must act", () => {
  const failing = [
    "no-projector",
    "not-multimodal",
    "no-images",
    "mllama",
    "vllm-without-mllama",
    "overflow-llama",
    "overflow-vllm",
    "retired",
    "no-credit",
    "forbidden",
    "too-large",
    "server-error",
    "rate-limited-long",
    "loading",
    "redirect",
    "cut-stream",
    "broken-stream",
    "stream-error",
    "error-200",
    "not-json",
    "accepted",
    "empty-body",
    "web-page",
    "reset",
  ] satisfies StandInMode[];
  test.each(failing)("%s", async (mode) => {
    const model = await modelIn(mode);
    expect(await failure(model.ask(question))).toMatchSnapshot();
  });

  test("one-image, when the operator says the server takes more", async () => {
    const model = await modelIn("one-image", { maxImages: 4 });
    expect(await failure(model.ask({ ...question, images: [WHITE_PIXEL, WHITE_PIXEL] }))).toMatchSnapshot();
  });

  test("a model the server does not have: the ones it has are named", async () => {
    const model = await modelIn("answer", { model: "gemma5" });
    expect(await failure(model.ask(question))).toMatchSnapshot();
  });

  test("an address that has no such API", async () => {
    server = await startStandInModel();
    const model = openModel("openai-compatible", {
      baseUrl: server.baseUrl.replace("/v1", ""),
      model: server.model,
      transport,
      clock: systemClock,
    });
    expect(await failure(model.ask(question))).toMatchSnapshot();
  });

  test("a refused key is never repeated, even where the server does", async () => {
    const model = await modelIn("answer", { apiKey: "sk-very-secret" }, { apiKey: "sk-right" });
    const error = await model.ask(question).catch((reason: unknown) => reason);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("very-secret");
    expect(await failure(model.ask(question))).toMatchSnapshot();
  });

  test("no server at all", async () => {
    const closed = await startStandInModel();
    await closed.close();
    const model = openModel("openai-compatible", { baseUrl: closed.baseUrl, model: "any", transport, clock: systemClock });
    expect(await failure(model.ask(question))).toMatchSnapshot();
  });

  test.each(["not a url", "ftp://somewhere/v1", "http://name:secret@somewhere/v1"])("base URL %s", (baseUrl) => {
    expect(() => openModel("openai-compatible", { baseUrl, model: "any", transport, clock: systemClock })).toThrow(
      expect.objectContaining({ kind: "SetupError", message: expect.not.stringContaining("secret") }),
    );
  });
});

describe("cancelling", () => {
  const reason = new Error("the user left");

  test("before the first byte: ends the request and throws the caller's reason", async () => {
    const model = await modelIn("silent");
    const controller = new AbortController();
    const failure = model.ask(question, { signal: controller.signal }).catch((error: unknown) => error);
    await expect.poll(() => server?.requests.length).toBe(1);
    controller.abort(reason);
    expect(await failure).toBe(reason);
    expect(await server?.requests[0]?.end).toBe("aborted");
  });

  test("in mid-answer: likewise", async () => {
    const model = await modelIn("stalls");
    const controller = new AbortController();
    await expect(model.ask(question, { signal: controller.signal, onText: () => controller.abort(reason) })).rejects.toBe(reason);
    expect(await server?.requests[0]?.end).toBe("aborted");
  });

  test("nothing is sent when it was cancelled before", async () => {
    const model = await modelIn("answer");
    await expect(model.ask(question, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server?.requests).toEqual([]);
  });
});

test("the `openai` package is loaded by the first question, not by importing core", async () => {
  const folder = new URL("../../packages/core/src/", import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".ts"));
  const sources = await Promise.all(files.map((file) => readFile(new URL(file, folder), "utf8")));
  expect(sources.filter((source) => /\bimport\(["']openai["'/]/.test(source))).toHaveLength(1);
  expect(sources.filter((source) => /^(?:import|export) (?!type\b)[^;]*\bfrom ["']openai["'/]/m.test(source))).toEqual([]);
});

describe("what a preset changes", () => {
  const parameters = { ...question, temperature: 1, topP: 1, maxTokens: 512, stream: false, schema };

  test.each(["openai-compatible", "openai", "anthropic", "nim"])("%s", async (backend) => {
    const model = await modelIn("answer", { backend });
    expect(model.backend).toBe(backend);
    await model.ask(parameters);
    const { messages: _, ...rest } = server?.requests[0]?.body ?? {};
    expect(rest).toMatchSnapshot();
  });

  test("the operator's number of pictures is the last word; else the smaller of what family and server take", async () => {
    const options = { baseUrl: "http://127.0.0.1:9/v1", transport, clock: systemClock };
    const most = (backend: string, model: string, maxImages?: number) =>
      openModel(backend, { ...options, model, maxImages }).abilities.maxImages;
    expect(most("vllm", "qwen3-vl:8b")).toBe(8);
    expect(most("nvidia", "qwen/qwen3-vl")).toBe(1);
    expect(most("vllm", "meta-llama/Llama-3.2-11B-Vision-Instruct")).toBe(1);
    expect(most("vllm", "meta-llama/Llama-3.2-11B-Vision-Instruct", 4)).toBe(4);
  });

  test("an unknown one is refused, with those there are", () => {
    expect(() => openModel("olama", { model: "x", transport, clock: systemClock })).toThrow(
      expect.objectContaining({ kind: "SetupError", hint: expect.stringContaining("ollama, lmstudio, vllm") }),
    );
  });
});

describe("a request that cannot fit is found before it is sent", () => {
  test("with the numbers", async () => {
    const model = await modelIn("answer", { contextTokens: 2048 });
    const long = { ...question, images: [{ ...WHITE_PIXEL, width: 1536, height: 1152 }] };
    expect(await failure(model.ask(long))).toMatchSnapshot();
    expect(server?.requests).toEqual([]);
  });

  test("an answer that is shorter than asked for is asked for as long as there is room", async () => {
    const model = await modelIn("answer", { contextTokens: 300 });
    await model.ask({ ...question, maxTokens: 4000 });
    const { max_tokens: sent = 0 } = server?.requests[0]?.body ?? {};
    expect(sent).toBeGreaterThan(200);
    expect(sent).toBeLessThan(300);
  });

  test("a model's own longest answer is never exceeded", async () => {
    const model = await modelIn("answer", { model: "meta/llama-3.2-11b-vision-instruct" }, { model: "meta/llama-3.2-11b-vision-instruct" });
    await model.ask({ ...question, maxTokens: 10_000 });
    expect(server?.requests[0]?.body.max_tokens).toBe(4096);
  });
});

describe("what a server says of itself", () => {
  const inspect = (backend: string, options: Partial<ModelOptions> = {}) =>
    inspectServer(backend, { baseUrl: server?.baseUrl, transport, clock: systemClock, ...options });

  test("its models", async () => {
    server = await startStandInModel();
    expect(await inspect("openai-compatible")).toEqual({ models: [{ id: "stand-in-vision" }, { id: "another-model" }] });
  });

  test("that a key is wrong, without the key", async () => {
    server = await startStandInModel({ apiKey: "sk-right" });
    const error = await inspect("groq", { apiKey: "sk-very-secret" }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: "SetupError", hint: expect.stringContaining("GROQ_API_KEY") });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("very-secret");
  });

  test.each([
    [
      "openrouter",
      {
        data: [
          { id: "a", context_length: 32_768, architecture: { input_modalities: ["text", "image"] } },
          { id: "b", architecture: { input_modalities: ["text"] } },
        ],
      },
    ],
    ["vllm", { object: "list", data: [{ id: "a", object: "model", owned_by: "vllm", max_model_len: 8192 }] }],
    [
      "together",
      [
        { id: "a", type: "chat", context_length: 4096 },
        { id: "b", type: "embedding" },
      ],
    ],
    ["groq", { data: [{ id: "a", context_window: 131_072 }] }],
    ["openai-compatible", { detail: "there is no list here" }],
  ])("as %s says it", async (backend, list) => {
    server = await startStandInModel({ routes: { "/v1/models": list } });
    expect(await inspect(backend)).toMatchSnapshot();
  });

  test("llama-server, vLLM and LM Studio on routes of their own", async () => {
    const data = [{ id: "a" }];
    const props = { modalities: { vision: true }, default_generation_settings: { n_ctx: 4096 }, build_info: "b9844" };
    server = await startStandInModel({ routes: { "/v1/models": { data }, "/props": props } });
    expect(await inspect("llamacpp")).toEqual({ version: "b9844", models: [{ id: "a", vision: true, contextInUse: 4096 }] });
    await server.close();
    server = await startStandInModel({ routes: { "/v1/models": { data }, "/version": { version: "0.10.2" } } });
    expect(await inspect("vllm")).toEqual({ version: "0.10.2", models: [{ id: "a" }] });
    await server.close();
    const own = {
      data: [
        { id: "a", type: "vlm", max_context_length: 32_768, loaded_context_length: 4096 },
        { id: "b", type: "llm" },
        { id: "c", type: "embeddings" },
      ],
    };
    server = await startStandInModel({ routes: { "/v1/models": { data }, "/api/v0/models": own } });
    expect(await inspect("lmstudio")).toEqual({
      models: [
        { id: "a", vision: true, contextTokens: 32_768, contextInUse: 4096 },
        { id: "b", vision: false },
        { id: "c", vision: false, chat: false },
      ],
    });
  });
});
