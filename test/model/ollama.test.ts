import { type EncodedImage, inspectServer, type ModelAnswer, type ModelOptions, type ModelRequest, openModel } from "@sightline/core";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../packages/local/src/model/clock.ts";
import { createModelTransport } from "../../packages/local/src/model/transport.ts";
import { failure } from "./failure.ts";
import { WHITE_PIXEL } from "./pictures.ts";
import { hasPublishedSchemas, publishedSchema, schemaProblems } from "./published-schemas.ts";
import {
  STAND_IN_MODELS,
  type StandInOllama,
  type StandInOllamaMode,
  type StandInOllamaOptions,
  startStandInOllama,
} from "./stand-in-ollama.ts";

const published = hasPublishedSchemas();

let server: StandInOllama | undefined;
afterEach(async () => {
  const chats = server?.chats ?? [];
  await server?.close();
  server = undefined;
  // Whatever a test was about: each question that left is one that Ollama's own document allows.
  if (!published) return;
  const problems = chats.flatMap(({ body }) => schemaProblems(publishedSchema("ollama", "/api/chat", "post"), body));
  if (problems.length > 0) throw new Error(`Ollama's document forbids what was sent: ${problems.join("; ")}`);
});

const transport = createModelTransport({ connectMs: 5_000, retries: 0 });
const question: ModelRequest = { prompt: "What is on the picture?", images: [WHITE_PIXEL], maxTokens: 300, temperature: 0.2 };
const schema = {
  name: "scene",
  schema: {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: { description: { type: "string", minLength: 1 }, mood: { type: "string" } },
    required: ["description"],
  },
};

async function modelIn(mode: StandInOllamaOptions["mode"], options: Partial<ModelOptions> = {}, standIn: StandInOllamaOptions = {}) {
  server = await startStandInOllama({ ...(mode === undefined ? {} : { mode }), ...standIn });
  return openModel("ollama", { baseUrl: server.baseUrl, model: "gemma4", transport, clock: systemClock, ...options });
}

describe("what is sent", () => {
  test("a question without pictures", async () => {
    const model = await modelIn("answer");
    await model.ask({ ...question, images: [] });
    expect(server?.requests).toHaveLength(1);
    expect(server?.requests[0]?.path).toBe("/api/chat");
    expect(server?.requests[0]?.body).toMatchInlineSnapshot(`
      {
        "keep_alive": "10m",
        "messages": [
          {
            "content": "What is on the picture?",
            "role": "user",
          },
        ],
        "model": "gemma4",
        "options": {
          "num_ctx": 8192,
          "num_predict": 300,
          "temperature": 0.2,
        },
        "shift": false,
        "stream": true,
        "think": false,
        "truncate": false,
      }
    `);
  });

  test("a picture, in raw base64", async () => {
    const model = await modelIn("answer");
    await model.ask(question);
    expect(server?.chats[0]?.body).toMatchInlineSnapshot(`
      {
        "keep_alive": "10m",
        "messages": [
          {
            "content": "What is on the picture?",
            "images": [
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP6DwABBQECz6AuzQAAAABJRU5ErkJggg==",
            ],
            "role": "user",
          },
        ],
        "model": "gemma4",
        "options": {
          "num_ctx": 8192,
          "num_predict": 300,
          "temperature": 0.2,
        },
        "shift": false,
        "stream": true,
        "think": false,
        "truncate": false,
      }
    `);
  });

  test("several pictures: all in one message", async () => {
    const model = await modelIn("answer", { model: "llama3.2-vision", maxImages: 4 });
    // A picture in the middle of a larger buffer, as readers hand them over.
    const padded = new Uint8Array([0, 0, ...WHITE_PIXEL.bytes, 0]);
    const second: EncodedImage = { ...WHITE_PIXEL, bytes: padded.subarray(2, -1) };
    await model.ask({ ...question, images: [WHITE_PIXEL, second] });
    const base64 = Buffer.from(WHITE_PIXEL.bytes).toString("base64");
    expect(server?.chats[0]?.body.messages).toEqual([{ role: "user", content: "What is on the picture?", images: [base64, base64] }]);
  });

  test("a schema: as the format, and in the prompt for models that are not shown it", async () => {
    const model = await modelIn("answer");
    const { text } = await model.ask({ ...question, schema });
    expect(JSON.parse(text)).toEqual({ description: expect.stringContaining("1 picture"), mood: null });
    const { messages, format } = server?.chats[0]?.body ?? {};
    expect({ content: messages?.[0]?.content, format }).toMatchInlineSnapshot(`
      {
        "content": "What is on the picture?

      Answer with one JSON object that fits this JSON Schema, and with nothing else:
      {"type":"object","properties":{"description":{"type":"string"},"mood":{"type":["string","null"]}},"required":["description","mood"],"additionalProperties":false}",
        "format": {
          "additionalProperties": false,
          "properties": {
            "description": {
              "type": "string",
            },
            "mood": {
              "type": [
                "string",
                "null",
              ],
            },
          },
          "required": [
            "description",
            "mood",
          ],
          "type": "object",
        },
      }
    `);
  });

  test("the classic call's parameters", async () => {
    const model = await modelIn("answer");
    const answer = await model.ask({ ...question, maxTokens: 512, temperature: 1, topP: 1, stream: false });
    expect(answer.text).toContain("1 picture");
    expect(server?.chats[0]?.body).toMatchObject({ stream: false, options: { num_ctx: 8192, num_predict: 512, temperature: 1, top_p: 1 } });
  });

  test("the context, always and the same: the operator's, and never more than the model was trained for", async () => {
    for (const [options, expected] of [
      [{}, 8192],
      [{ contextTokens: 32_768 }, 32_768],
      [{ trainedContextTokens: 2048 }, 2048],
      [{ contextTokens: 32_768, trainedContextTokens: 131_072 }, 32_768],
    ] as const) {
      const model = await modelIn("answer", options);
      expect(model.abilities.contextTokens).toBe(expected);
      await model.ask(question);
      await model.ask({ ...question, images: [], maxTokens: 60_000 });
      const sent = server?.chats.map(({ body }) => body.options) ?? [];
      expect(sent.map((each) => each?.num_ctx)).toEqual([expected, expected]);
      // The longest answer leaves room for the question.
      expect(sent[1]?.num_predict).toBeLessThan(expected);
      await server?.close();
    }
  });

  test("no key when there is none, and the key when there is", async () => {
    const open = await modelIn("answer");
    await open.ask(question);
    expect(server?.chats[0]?.headers).not.toHaveProperty("authorization");
    await server?.close();
    const guarded = await modelIn("answer", { apiKey: "right" }, { apiKey: "right" });
    await guarded.ask(question);
    expect(server?.chats[0]?.headers.authorization).toBe("Bearer right");
  });

  test("words that Ollama would take for the place of a picture are no longer that", async () => {
    const model = await modelIn("answer");
    await model.ask({ ...question, prompt: "The sign says [img] and [img-7], not [image]." });
    expect(server?.chats[0]?.body.messages?.[0]?.content).toBe("The sign says [ img] and [ img-7], not [image].");
  });

  test.each(["/", "/v1", "/v1/", "/api", "/api/chat", "/v1/chat/completions"])("an address pasted with %s", async (path) => {
    server = await startStandInOllama();
    const { baseUrl } = server;
    const model = openModel("ollama", { baseUrl: `${baseUrl}${path}`, model: "gemma4", transport, clock: systemClock });
    expect(model.server).toBe(baseUrl);
    await model.ask(question);
  });

  test("more pictures than the model takes are refused before anything is sent, and so is what cannot fit", async () => {
    const model = await modelIn("answer", { model: "llama3.2-vision:11b" });
    expect(model.abilities).toEqual({ vision: true, maxImages: 1, longSide: 1120, contextTokens: 8192 });
    expect(await failure(model.ask({ ...question, images: [WHITE_PIXEL, WHITE_PIXEL] }))).toMatchObject({ kind: "InputError" });
    expect(await failure(model.ask({ ...question, prompt: "What? ".repeat(8000) }))).toMatchSnapshot();
    expect(server?.requests).toEqual([]);
  });

  test("a wait reaches whoever waits", async () => {
    const told: string[] = [];
    server = await startStandInOllama();
    const model = openModel("ollama", {
      baseUrl: server.baseUrl,
      model: "gemma4",
      clock: systemClock,
      transport: (url, init) => {
        init?.onWait?.("a wait");
        return transport(url, init);
      },
    });
    await model.ask(question, { onWait: (message) => told.push(message) });
    expect(told).toEqual(["a wait"]);
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
      model: "gemma4",
      usage: { inputTokens: 774, outputTokens: expect.any(Number) },
    });
    expect(grown.length).toBeGreaterThan(5);
    expect(grown.at(-1)).toBe(answer.text);
    expect(grown.every((text, at) => text.startsWith(grown[at - 1] ?? ""))).toBe(true);
  });

  test.each(["thinks", "thinks-aloud"] satisfies StandInOllamaMode[])("%s: never shown, nor in the growing text", async (mode) => {
    const model = await modelIn(mode);
    for (const stream of [true, false]) {
      const grown: string[] = [];
      const answer = await model.ask({ ...question, stream }, { onText: (soFar) => grown.push(soFar) });
      expect(answer.text).toMatch(/^The stand-in model/);
      expect(grown.join("")).not.toContain("What is on it?");
    }
  });

  test.each([
    ["cut-off", { finish: "length", text: "The picture shows a street with" }],
    ["thinking-cut-off", { finish: "length", text: "" }],
    ["empty", { finish: "stop", text: "" }],
    // Its words are the answer, for whoever judges answers to find the loop in them.
    ["token-repeat", { finish: "length", text: "no no no no no no" }],
  ] satisfies [StandInOllamaMode, Partial<ModelAnswer>][])("%s is told by `finish`", async (mode, expected) => {
    expect(await (await modelIn(mode)).ask(question)).toMatchObject(expected);
  });

  test("a model that was only loaded is asked again, once", async () => {
    const model = await modelIn(["load", "answer"]);
    expect((await model.ask(question)).text).toContain("1 picture");
    expect(server?.chats).toHaveLength(2);
  });
});

describe("what is refused of a request is left out, once and for all", () => {
  test.each([
    ["no-thinking", "think"],
    ["no-grammar", "format"],
  ] satisfies [StandInOllamaMode, string][])("%s", async (mode, field) => {
    const model = await modelIn(mode);
    expect((await model.ask({ ...question, schema })).text).toContain("description");
    expect(server?.chats).toHaveLength(2);
    expect(server?.chats[0]?.body).toHaveProperty(field);
    await model.ask({ ...question, schema });
    expect(server?.chats).toHaveLength(3);
    for (const { body } of server?.chats.slice(1) ?? []) expect(body).not.toHaveProperty(field);
  });
});

describe("each failure in words for whoever must act", () => {
  const failing = [
    "mllama",
    "mllama-in-json",
    "too-new",
    "memory",
    "crash",
    "busy",
    "signed-out",
    "bad-json",
    "too-long",
    "load",
    "cuts",
    "cut-stream",
    "broken-stream",
    "error-in-stream",
    "runner-error-in-stream",
    "garbage-line",
    "not-an-object",
    "empty-body",
    "web-page",
    "reset",
  ] satisfies StandInOllamaMode[];
  test.each(failing)("%s", async (mode) => {
    const model = await modelIn(mode, mode.startsWith("mllama") ? { model: "llama3.2-vision" } : {});
    expect(await failure(model.ask(question))).toMatchSnapshot();
  });

  test("one-image, when the operator says it takes more", async () => {
    const model = await modelIn("one-image", { model: "llama3.2-vision", maxImages: 4 });
    expect(await failure(model.ask({ ...question, images: [WHITE_PIXEL, WHITE_PIXEL] }))).toMatchSnapshot();
  });

  test("a picture for a text model: a 500 that never passes", async () => {
    const model = await modelIn("answer", { model: "llama3.2:3b" });
    expect(await failure(model.ask(question))).toMatchSnapshot();
  });

  test("an embedding model", async () => {
    const model = await modelIn("answer", { model: "all-minilm" });
    expect(await failure(model.ask({ ...question, images: [] }))).toMatchSnapshot();
  });

  test("a model that is not there: how to get it, and the ones that are", async () => {
    const model = await modelIn("answer", { model: "gemma5" });
    expect(await failure(model.ask(question))).toMatchSnapshot("with others");
    await server?.close();
    const first = await modelIn("answer", { model: "gemma5" }, { models: [] });
    expect(await failure(first.ask(question))).toMatchSnapshot("with none");
  });

  test("a picture that is none", async () => {
    const model = await modelIn("answer");
    const image: EncodedImage = { ...WHITE_PIXEL, bytes: new TextEncoder().encode("no picture") };
    expect(await failure(model.ask({ ...question, images: [image] }))).toMatchSnapshot();
  });

  test("more than the context, found by the server alone: it refuses and does not cut", async () => {
    // The stand-in counts a picture as 768 tokens, as Ollama's own estimate does; the family's is one.
    const model = await modelIn("answer", { model: "llama3.2-vision", contextTokens: 512 });
    expect(await failure(model.ask(question))).toMatchSnapshot();
  });

  test("an address where something else answers", async () => {
    server = await startStandInOllama();
    const model = openModel("ollama", { baseUrl: `${server.baseUrl}/elsewhere`, model: "gemma4", transport, clock: systemClock });
    expect(await failure(model.ask(question))).toMatchSnapshot();
  });

  test("a refused key is never repeated, even where the server does", async () => {
    const model = await modelIn("answer", { apiKey: "very-secret" }, { apiKey: "right" });
    const error = await model.ask(question).catch((reason: unknown) => reason);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("very-secret");
    expect(await failure(model.ask(question))).toMatchSnapshot();
  });

  test("no server at all", async () => {
    const closed = await startStandInOllama();
    await closed.close();
    const model = openModel("ollama", { baseUrl: closed.baseUrl, model: "gemma4", transport, clock: systemClock });
    expect(await failure(model.ask(question))).toMatchSnapshot();
  });
});

describe("cancelling", () => {
  const reason = new Error("the user left");

  test("before the first byte: ends the request and throws the caller's reason", async () => {
    const model = await modelIn("silent");
    const controller = new AbortController();
    const asking = model.ask(question, { signal: controller.signal }).catch((error: unknown) => error);
    await expect.poll(() => server?.chats.length).toBe(1);
    controller.abort(reason);
    expect(await asking).toBe(reason);
    expect(await server?.chats[0]?.end).toBe("aborted");
  });

  test("in mid-answer: likewise", async () => {
    const model = await modelIn("stalls");
    const controller = new AbortController();
    await expect(model.ask(question, { signal: controller.signal, onText: () => controller.abort(reason) })).rejects.toBe(reason);
    expect(await server?.chats[0]?.end).toBe("aborted");
  });

  test("nothing is sent when it was cancelled before", async () => {
    const model = await modelIn("answer");
    await expect(model.ask(question, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server?.requests).toEqual([]);
  });

  test("a caller whose own code fails while the answer comes: the request is let go", async () => {
    const model = await modelIn("stalls");
    const asking = model.ask(question, {
      onText: () => {
        throw reason;
      },
    });
    await expect(asking).rejects.toThrow();
    expect(await server?.chats[0]?.end).toBe("aborted");
  });
});

describe("what it says of itself", () => {
  const inspect = (baseUrl: string, more: { apiKey?: string; signal?: AbortSignal } = {}) =>
    inspectServer("ollama", { baseUrl, transport, clock: systemClock, ...more });

  const withoutUnknown = (report: unknown): unknown => JSON.parse(JSON.stringify(report));

  test("0.30 and later: three requests", async () => {
    const models = STAND_IN_MODELS.map((model) => (model.name === "gemma4:latest" ? { ...model, loaded: 8192 } : model));
    server = await startStandInOllama({ models });
    expect(withoutUnknown(await inspect(`${server.baseUrl}/v1`))).toMatchInlineSnapshot(`
      {
        "models": [
          {
            "chat": true,
            "contextInUse": 8192,
            "family": "gemma4",
            "id": "gemma4:latest",
            "sizeBytes": 9600000000,
            "vision": true,
          },
          {
            "chat": true,
            "family": "mllama",
            "id": "llama3.2-vision:latest",
            "sizeBytes": 7800000000,
            "vision": true,
          },
          {
            "chat": true,
            "family": "llama",
            "id": "llama3.2:3b",
            "sizeBytes": 2000000000,
            "vision": false,
          },
          {
            "chat": false,
            "family": "bert",
            "id": "all-minilm:latest",
            "sizeBytes": 46000000,
            "vision": false,
          },
          {
            "chat": true,
            "family": "qwen3vl",
            "id": "qwen3-vl:235b-cloud",
            "remoteHost": "https://ollama.com:443",
            "sizeBytes": 384,
            "vision": true,
          },
        ],
        "version": "0.31.2",
      }
    `);
    expect(server.requests.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      "GET /api/ps",
      "GET /api/tags",
      "GET /api/version",
    ]);
  });

  test("before 0.30: what each model can do is asked, a few at a time; one that cannot be read stays unknown", async () => {
    const many = Array.from({ length: 12 }, (_, at) => ({
      name: `model-${at}:latest`,
      family: "qwen3vl",
      size: 1,
      contextLength: 4096,
      capabilities: ["completion", "vision"],
      unreadable: at === 3,
    }));
    server = await startStandInOllama({ version: "0.24.0", models: many });
    let open = 0;
    let most = 0;
    const report = await inspectServer("ollama", {
      baseUrl: server.baseUrl,
      clock: systemClock,
      async transport(url, init) {
        most = Math.max(most, ++open);
        try {
          return await transport(url, init);
        } finally {
          open--;
        }
      },
    });
    expect(report.version).toBe("0.24.0");
    expect(report.models).toHaveLength(12);
    expect(report.models?.[3]).toEqual({ id: "model-3:latest", family: "qwen3vl", sizeBytes: 1 });
    expect(report.models?.[4]).toEqual({
      id: "model-4:latest",
      family: "qwen3vl",
      sizeBytes: 1,
      vision: true,
      chat: true,
      contextTokens: 4096,
    });
    expect(server.requests.filter(({ path }) => path === "/api/show")).toHaveLength(12);
    expect(most).toBe(4);
  });

  test("an Ollama without models", async () => {
    server = await startStandInOllama({ models: [] });
    expect(await inspect(server.baseUrl)).toEqual({ version: "0.31.2", models: [] });
  });

  test("a key that is wanted, an address where something else answers", async () => {
    server = await startStandInOllama({ apiKey: "right" });
    expect((await inspect(server.baseUrl, { apiKey: "right" })).models).not.toEqual([]);
    expect(await failure(inspect(server.baseUrl, { apiKey: "very-secret" }))).toMatchSnapshot("key");
    expect(await failure(inspect(`${server.baseUrl}/elsewhere`, { apiKey: "right" }))).toMatchSnapshot("address");
  });

  test("no server at all", async () => {
    const closed = await startStandInOllama();
    await closed.close();
    expect(await failure(inspect(closed.baseUrl))).toMatchSnapshot();
  });

  test("cancelled", async () => {
    server = await startStandInOllama();
    const reason = new Error("the user left");
    await expect(inspect(server.baseUrl, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
