import OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { WHITE_PIXEL } from "../model/pictures.ts";
import { hasPublishedSchemas, publishedResponse, schemaProblems } from "../model/published-schemas.ts";
import { CLASSIC_MODEL, startStandInNvidia } from "../model/stand-in-nvidia.ts";
import { startStandInOllama } from "../model/stand-in-ollama.ts";
import { startStandInModel } from "../model/stand-in-server.ts";

/** The stand-ins themselves, in the eyes of others: the official client of the dialect, and the published documents. So no test is a circle. */

interface Closing {
  close(): Promise<void>;
}

let server: Closing | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

function started<Server extends Closing>(standIn: Server): Server {
  server = standIn;
  return standIn;
}

const picture = `data:image/png;base64,${Buffer.from(WHITE_PIXEL.bytes).toString("base64")}`;
const SENTENCE = "The stand-in model was sent 1 picture (1 x 1 png) and asked: What is it?";

const clientOf = (baseURL: string, apiKey = "unused"): OpenAI => new OpenAI({ baseURL, apiKey, maxRetries: 0 });

const messages: OpenAI.ChatCompletionMessageParam[] = [
  {
    role: "user",
    content: [
      { type: "image_url", image_url: { url: picture } },
      { type: "text", text: "What is it?" },
    ],
  },
];

describe("the stand-in for OpenAI's dialect, with the official client", () => {
  test("lists its models", async () => {
    const { baseUrl } = started(await startStandInModel());
    const ids = [];
    for await (const { id } of clientOf(baseUrl).models.list()) ids.push(id);
    expect(ids).toEqual(["stand-in-vision", "another-model"]);
  });

  test("answers whole", async () => {
    const { baseUrl, model } = started(await startStandInModel());
    const { choices, usage } = await clientOf(baseUrl).chat.completions.create({ model, messages });
    expect(choices).toMatchObject([{ message: { role: "assistant", content: SENTENCE }, finish_reason: "stop" }]);
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
  });

  test("streams the same answer, and its usage", async () => {
    const { baseUrl, model } = started(await startStandInModel());
    const runner = clientOf(baseUrl).chat.completions.stream({ model, messages, stream_options: { include_usage: true } });
    const { choices, usage } = await runner.finalChatCompletion();
    expect(choices).toMatchObject([{ message: { content: SENTENCE }, finish_reason: "stop" }]);
    expect(usage?.prompt_tokens).toBe(10);
  });

  test("fills a JSON schema", async () => {
    const { baseUrl, model } = started(await startStandInModel());
    const schema = { type: "object", properties: { seen: { type: "boolean" } }, required: ["seen"], additionalProperties: false };
    const completion = await clientOf(baseUrl).chat.completions.parse({
      model,
      messages,
      response_format: { type: "json_schema", json_schema: { name: "seen", schema, strict: true } },
    });
    expect(completion.choices[0]?.message.parsed).toEqual({ seen: true });
  });

  test.each([
    ["cut-off", "length"],
    ["empty", "stop"],
    ["thinking-cut-off", "length"],
    ["filtered", "content_filter"],
  ] as const)("%s is a stream that the client understands", async (mode, finish) => {
    const { baseUrl, model } = started(await startStandInModel({ mode }));
    const finishes = [];
    for await (const { choices } of await clientOf(baseUrl).chat.completions.create({ model, messages, stream: true }))
      finishes.push(...choices.map(({ finish_reason: reason }) => reason));
    expect(finishes.at(-1)).toBe(finish);
  });

  test.each([
    ["forbidden", OpenAI.PermissionDeniedError],
    ["model-not-found", OpenAI.NotFoundError],
    ["overflow-openai", OpenAI.BadRequestError],
    ["overflow-vllm", OpenAI.BadRequestError],
    ["shape-list", OpenAI.UnprocessableEntityError],
    ["rate-limited", OpenAI.RateLimitError],
    ["server-error", OpenAI.InternalServerError],
    ["overloaded", OpenAI.InternalServerError],
  ] as const)("%s is the client's own kind of error", async (mode, kind) => {
    const { baseUrl, model } = started(await startStandInModel({ mode }));
    await expect(clientOf(baseUrl).chat.completions.create({ model, messages })).rejects.toBeInstanceOf(kind);
  });

  test("a wrong key is one", async () => {
    const { baseUrl, model } = started(await startStandInModel({ apiKey: "sk-right" }));
    await expect(clientOf(baseUrl, "sk-wrong").chat.completions.create({ model, messages })).rejects.toBeInstanceOf(
      OpenAI.AuthenticationError,
    );
    expect(await clientOf(baseUrl, "sk-right").chat.completions.create({ model, messages })).toHaveProperty("choices");
  });

  test("an error in mid-stream is one", async () => {
    const { baseUrl, model } = started(await startStandInModel({ mode: "stream-error" }));
    const stream = await clientOf(baseUrl).chat.completions.create({ model, messages, stream: true });
    const reading = (async () => {
      for await (const { choices } of stream) expect(choices).toHaveLength(1);
    })();
    await expect(reading).rejects.toBeInstanceOf(OpenAI.APIError);
  });
});

describe("the stand-in for NVIDIA's hosted routes, with the official client", () => {
  test("answers the classic call", async () => {
    const { baseUrl, apiKey } = started(await startStandInNvidia());
    const { choices } = await clientOf(baseUrl, apiKey).chat.completions.create({
      model: CLASSIC_MODEL,
      messages: [{ role: "user", content: `What is it? <img src="${picture}" />` }],
      max_tokens: 512,
      temperature: 1,
      top_p: 1,
      stream: false,
    });
    expect(choices[0]?.message.content).toBe(SENTENCE);
  });

  test("wants a key", async () => {
    const { baseUrl } = started(await startStandInNvidia());
    await expect(clientOf(baseUrl, "nvapi-wrong").chat.completions.create({ model: CLASSIC_MODEL, messages })).rejects.toBeInstanceOf(
      OpenAI.PermissionDeniedError,
    );
  });
});

describe.skipIf(!hasPublishedSchemas())("the stand-in for Ollama, by Ollama's own document", () => {
  const chat = {
    model: "gemma4",
    messages: [{ role: "user", content: "What is it?", images: [Buffer.from(WHITE_PIXEL.bytes).toString("base64")] }],
  };

  async function asked(path: string, body?: object): Promise<Response> {
    const { baseUrl } = started(await startStandInOllama());
    return fetch(`${baseUrl}${path}`, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) });
  }

  const problems = (route: string, method: "get" | "post", body: unknown, mediaType?: string) =>
    schemaProblems(publishedResponse("ollama", route, method, mediaType), body);

  test("answers whole", async () => {
    const body: unknown = await (await asked("/api/chat", { ...chat, stream: false })).json();
    expect(problems("/api/chat", "post", body)).toEqual([]);
    expect(body).toMatchObject({ message: { content: SENTENCE }, done: true, done_reason: "stop" });
    // A document that lets everything through would prove nothing.
    expect(problems("/api/chat", "post", { message: "words", done: "yes" })).toHaveLength(2);
  });

  test("streams unless it is told not to: each line, and the words together", async () => {
    const response = await asked("/api/chat", chat);
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const lines = (await response.text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { message: { content: string }; done: boolean });
    expect(lines.flatMap((line) => problems("/api/chat", "post", line, "application/x-ndjson"))).toEqual([]);
    expect(lines.map(({ message }) => message.content).join("")).toBe(SENTENCE);
    expect(lines.map(({ done }) => done).indexOf(true)).toBe(lines.length - 1);
  });

  test.each(["/api/tags", "/api/ps", "/api/version"])("%s", async (route) => {
    expect(problems(route, "get", await (await asked(route)).json())).toEqual([]);
  });

  test("/api/show", async () => {
    expect(problems("/api/show", "post", await (await asked("/api/show", { model: "gemma4:latest" })).json())).toEqual([]);
  });
});
