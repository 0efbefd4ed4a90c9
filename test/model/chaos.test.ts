import { type AskOptions, type ModelAnswer, type ModelRequest, openModel } from "@sightline/core";
import { once } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { serverQueue, steadyModel } from "../../packages/local/src/model/steady-model.ts";
import { createModelTransport } from "../../packages/local/src/model/transport.ts";
import {
  bomb,
  breakingOff,
  type ChaosServer,
  chunk,
  completion,
  endless,
  event,
  healthy,
  type Mood,
  refuses,
  saying,
  silent,
  startChaosServer,
  under,
} from "./chaos-server.ts";
import { createFastClock, type FastClock } from "./fast-clock.ts";

const question: ModelRequest = { prompt: "What is on the picture?", images: [], maxTokens: 300, temperature: 0 };
const ANSWER = { text: "The question has 18 letters.", finish: "stop" };

/** Deadlines as the program has them, in ms. */
const FIRST_BYTE = 600_000;
const IDLE = 300_000;
const WHOLE = 1_800_000;

let server: ChaosServer | undefined;
let clock: FastClock;
let resources: readonly string[];

/** What keeps the process alive, without the pipes of the test runner. */
const held = (): string[] => process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout|DNS|GetAddrInfo/.test(name));

beforeEach(() => {
  resources = held();
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  // Sockets close within a few turns of the event loop.
  const patience = performance.now() + 10_000;
  while (held().length > resources.length && performance.now() < patience) await turn();
  if (held().length > resources.length) throw new Error(`left open: ${held().join(", ")}`);
  if (clock.sleepers > 0) throw new Error(`${clock.sleepers} left asleep on the clock`);
});

/** A question asked as the program asks it, through queue, deadlines and transport; and how it ends. */
async function ask(...asked: Parameters<typeof open>) {
  const { server, call } = await open(...asked);
  return { server, asking: settled(call) };
}

async function open(
  moods: readonly Mood[],
  options: AskOptions & { readonly skip?: number; readonly stream?: boolean; readonly maxBytes?: number } = {},
) {
  const { skip, stream = true, maxBytes, ...askOptions } = options;
  clock = createFastClock(skip === undefined ? {} : { skip });
  server ??= await startChaosServer(...moods);
  const transport = createModelTransport({ clock, ...(maxBytes === undefined ? {} : { maxBytes }) });
  const model = openModel("openai-compatible", { baseUrl: server.baseUrl, model: "some-model", transport, clock });
  return { server, call: steadyModel(model, { clock, limit: serverQueue(1) }).ask({ ...question, stream }, askOptions) };
}

/** The answer, or what is said of the failure; with the port of this run taken out. */
async function settled(asking: Promise<ModelAnswer>): Promise<Record<string, unknown>> {
  try {
    const { text, finish } = await asking;
    return { text, finish };
  } catch (error) {
    const { kind, message, hint, status, retryable, retryAfterSeconds } = error as Record<string, unknown> & Error;
    expect(hint, `a hint for: ${message}`).toBeTypeOf("string");
    return { kind, message: unnumbered(message), status, retryable, retryAfterSeconds };
  }
}

const unnumbered = (text: string): string => text.replaceAll(/127\.0\.0\.1:\d+/g, "SERVER");
const answered = async (moods: readonly Mood[], options?: Parameters<typeof ask>[1]) => (await ask(moods, options)).asking;

describe("the stand-in, by the official client", () => {
  test.each(["whole", "streamed"] as const)("answers by its rule, %s", async (form) => {
    clock = createFastClock();
    server = await startChaosServer(healthy);
    const client = new OpenAI({ baseURL: server.baseUrl, apiKey: "none" });
    const body = { model: "some-model", messages: [{ role: "user" as const, content: question.prompt }] };
    if (form === "whole") {
      const { choices, model } = await client.chat.completions.create(body);
      expect([choices[0]?.message.content, choices[0]?.finish_reason, model]).toEqual([ANSWER.text, "stop", "some-model"]);
    } else {
      const { choices } = await client.chat.completions.stream({ ...body, stream: true }).finalChatCompletion();
      expect([choices[0]?.message.content, choices[0]?.finish_reason]).toEqual([ANSWER.text, "stop"]);
    }
  });

  test("refuses as the client knows it", async () => {
    clock = createFastClock();
    server = await startChaosServer(refuses(429));
    const client = new OpenAI({ baseURL: server.baseUrl, apiKey: "none", maxRetries: 0 });
    await expect(client.chat.completions.create({ model: "some-model", messages: [] })).rejects.toBeInstanceOf(OpenAI.RateLimitError);
  });
});

test.each([true, false])("a good day, streamed: %s", async (stream) => {
  expect(await answered([healthy], { stream })).toEqual(ANSWER);
});

describe("no connection", () => {
  test("refused: said at once", async () => {
    server = await startChaosServer();
    await server.close();
    expect(await answered([])).toMatchObject({
      kind: "SetupError",
      message: "No model server answers at http://SERVER/v1: the connection was refused.",
    });
  });

  test("reset once: asked again", async () => {
    expect(await answered(["resets the connection", healthy], { skip: 60_000 })).toEqual(ANSWER);
  });

  test("reset whenever it is opened: given up after the fifth", async () => {
    expect(await answered(["resets the connection"], { skip: 60_000 })).toMatchObject({
      kind: "ModelError",
      retryable: true,
      message: expect.stringMatching(/^The connection to the model server at http:\/\/SERVER\/v1 was lost/),
    });
    expect(server?.count).toBe(5);
  });
});

describe("silence", () => {
  test("a black hole: ten minutes with a sign of life every ten seconds, then an error", async () => {
    const told: string[] = [];
    const { asking, server } = await ask([silent], { onWait: (message) => told.push(message) });
    const { response } = await server.exchange(0);
    const gone = once(response, "close");
    await clock.advance(FIRST_BYTE);
    expect(await asking).toMatchObject({
      kind: "ModelError",
      retryable: true,
      message: "The model server at http://SERVER/v1 took the request and did not begin to answer in time.",
    });
    expect(told.length).toBeGreaterThanOrEqual(FIRST_BYTE / 10_000 - 1);
    expect(told[2]).toBe("Waiting for some-model (30 s): a model that is loaded for the first time can take minutes");
    expect([clock.now(), server.count]).toEqual([FIRST_BYTE, 1]);
    await gone;
  });

  test("a cold load of nearly ten minutes: the answer", async () => {
    const { asking, server } = await ask([silent]);
    const exchange = await server.exchange(0);
    await clock.advance(FIRST_BYTE - 1);
    healthy(exchange);
    expect(await asking).toEqual(ANSWER);
  });

  test("in mid-answer: five minutes, then an error", async () => {
    const { asking, server } = await ask([silent], { onText: () => {} });
    const exchange = await server.exchange(0);
    exchange.response.writeHead(200, { "content-type": "text/event-stream" }).write(chunk(exchange, "The picture"));
    await clock.asleep(IDLE);
    const gone = once(exchange.response, "close");
    await clock.advance(IDLE);
    expect(await asking).toMatchObject({
      kind: "ModelError",
      retryable: true,
      message: "The model server at http://SERVER/v1 fell silent in the middle of its answer.",
    });
    await gone;
  });
});

describe("a slow drip", () => {
  /** One word every 290 seconds. */
  async function drip(words: readonly string[]) {
    let heard: (soFar: string) => void = () => {};
    const { asking, server } = await ask([silent], { onText: (text) => heard(text) });
    const exchange = await server.exchange(0);
    exchange.response.writeHead(200, { "content-type": "text/event-stream" });
    for (const word of words) {
      const came = new Promise<string>((resolve) => (heard = resolve));
      exchange.response.write(chunk(exchange, word));
      await came;
      await clock.asleep(IDLE);
      await clock.advance(290_000);
    }
    return { asking, ...exchange, exchange };
  }

  test("is waited for", async () => {
    const { asking, exchange } = await drip(["Slow", " and", " steady", "."]);
    exchange.response.end(chunk(exchange, "", "stop"));
    expect(await asking).toEqual({ text: "Slow and steady.", finish: "stop" });
  });

  test("ends with the deadline of the whole call", async () => {
    // Six words take 1740 s; the seventh does not end in time.
    const { asking, response } = await drip(["a ", "b ", "c ", "d ", "e ", "f ", "g "]);
    expect(await asking).toMatchObject({
      kind: "ModelError",
      retryable: true,
      message: "some-model at http://SERVER/v1 did not finish its answer within 1800 s.",
    });
    if (!response.destroyed) await once(response, "close");
  });
});

describe("a server that is busy", () => {
  test.each([
    [0, 429],
    [2, 429],
    [90, 429],
    [90, 503],
  ])("asks to wait %i s (HTTP %i): the answer, not before", async (after, status) => {
    const told: string[] = [];
    expect(await answered([refuses(status, { "retry-after": String(after) }), healthy], { skip: 100_000 })).toEqual(ANSWER);
    expect(clock.now()).toBeGreaterThanOrEqual(after * 1000);

    // The same, told as it goes.
    await server?.close();
    server = undefined;
    if (after === 0) return;
    const { asking } = await ask([refuses(status, { "retry-after": String(after) }), healthy], {
      onWait: (message) => told.push(unnumbered(message)),
    });
    await clock.asleep(after * 1000);
    await clock.advance(after * 1000);
    expect(await asking).toEqual(ANSWER);
    expect(told[0]).toBe(`http://SERVER asks to wait ${after} s (HTTP ${status})`);
    expect(told.slice(1, 3)).toEqual([10, 20].filter((s) => s < after).map((s) => `Waiting for some-model (${s} s): ${told[0]}`));
  });

  test("for ever: given up after the fifth try, with what it asked for", async () => {
    expect(await answered([refuses(429, { "retry-after": "2" })], { skip: 100_000 })).toMatchObject({
      kind: "ModelError",
      status: 429,
      retryable: true,
      retryAfterSeconds: 2,
    });
    expect([server?.count, clock.now()]).toEqual([5, 8_000]);
  });

  test("for ever, ten minutes at a time: the whole call ends within its deadline", async () => {
    expect(await answered([refuses(429, { "retry-after": "599" })], { skip: 599_000 })).toMatchObject({
      kind: "ModelError",
      retryable: true,
    });
    expect(clock.now()).toBe(WHOLE);
    expect(server?.count).toBe(4);
  });

  test("for a day: said at once", async () => {
    expect(await answered([refuses(429, { "retry-after": "86400" })])).toMatchObject({ status: 429, retryAfterSeconds: 86_400 });
    expect([server?.count, clock.now()]).toEqual([1, 0]);
  });

  test("broken for good (500): said at once", async () => {
    expect(await answered([refuses(500)])).toMatchObject({ kind: "ModelError", status: 500, retryable: false });
    expect(server?.count).toBe(1);
  });
});

describe("an error in place of an answer", () => {
  const error = { error: { code: 429, message: "Rate limit exceeded: free-models-per-min." } };
  const expected = { kind: "ModelError", status: 429, retryable: true, message: expect.stringContaining("Rate limit exceeded") };

  test("under HTTP 200, whole", async () => {
    expect(await answered([saying(JSON.stringify(error))])).toMatchObject(expected);
  });

  test("under HTTP 200, as an event in mid-stream", async () => {
    const mood: Mood = (exchange) =>
      void exchange.response.writeHead(200, { "content-type": "text/event-stream" }).end(chunk(exchange, "The") + event(error));
    expect(await answered([mood])).toMatchObject(expected);
  });
});

describe("half an answer", () => {
  const lost = { kind: "ModelError", retryable: true };

  test("a stream that breaks off with its connection", async () => {
    expect(await answered([breakingOff((exchange) => chunk(exchange, "The picture"), "text/event-stream")])).toMatchObject(lost);
  });

  test("a stream that ends in the middle, as if that were all", async () => {
    const mood: Mood = (exchange) =>
      void exchange.response.writeHead(200, { "content-type": "text/event-stream" }).end(chunk(exchange, "The"));
    expect(await answered([mood])).toMatchObject(lost);
  });

  test("a JSON that breaks off with its connection", async () => {
    const half = (exchange: Parameters<typeof completion>[0]): string => completion(exchange).slice(0, 80);
    expect(await answered([breakingOff(half, "application/json")], { stream: false })).toMatchObject(lost);
  });

  test("a JSON that is whole by its length and half by its words", async () => {
    const mood: Mood = (exchange) => saying(completion(exchange).slice(0, 80))(exchange);
    expect(await answered([mood], { stream: false })).toMatchObject({ kind: "ModelError" });
  });

  test("an event that is half a JSON", async () => {
    const mood: Mood = (exchange) =>
      void exchange.response.writeHead(200, { "content-type": "text/event-stream" }).end(`${chunk(exchange, "The").slice(0, 40)}\n\n`);
    expect(await answered([mood])).toMatchObject({ kind: "ModelError" });
  });

  test("nothing at all", async () => {
    expect(await answered([saying("")])).toMatchObject({ ...lost, status: 200 });
  });
});

test("202 for ever: says that the answer would have to be fetched later", async () => {
  expect(await answered([saying("", {}, 202)])).toEqual({
    kind: "ModelError",
    status: 202,
    retryable: false,
    message: "The model server at http://SERVER/v1 accepted the request and sent no answer (HTTP 202).",
    retryAfterSeconds: undefined,
  });
  expect(server?.count).toBe(1);
});

describe("an answer without end", () => {
  const tooLong = (mb: number) => ({
    kind: "ModelError",
    retryable: false,
    message: `The model server at http://SERVER/v1 sends without end: the answer is longer than ${mb} MB.`,
  });

  test.each<[string, Mood, number?]>([
    ["blanks", endless(" ", "application/json")],
    ["small on the wire", bomb],
    ["comments in a stream", endless(": processing\n\n", "text/event-stream"), 2_000_000],
    ["one line of a stream", endless("data: ", "text/event-stream"), 2_000_000],
  ])("%s: cut off", async (_name, mood, maxBytes = 16_000_000) => {
    expect(await answered([mood], { maxBytes })).toMatchObject(tooLong(maxBytes / 1e6));
    const { response } = (await server?.exchange(0)) ?? expect.fail();
    if (!response.destroyed && !response.writableFinished) await once(response, "close");
  });

  test("an endless error page: cut off as well", async () => {
    const mood: Mood = (exchange) => {
      exchange.response.statusCode = 500;
      endless("<p>", "text/html")(exchange);
    };
    expect(await answered([mood])).toMatchObject({ kind: "ModelError", retryable: false });
  });
});

describe("the wrong content type", () => {
  test.each<[string, Mood]>([
    ["a whole answer as application/json", under("application/json", "whole")],
    ["a whole answer as application/json in UTF-8", under("application/json; charset=utf-8", "whole")],
    ["a whole answer under none", under(undefined, "whole")],
    ["a whole answer as text/html", under("text/html", "whole")],
    ["a stream in capitals", under("Text/Event-Stream", "streamed")],
    ["a stream under none", under(undefined, "streamed")],
    ["a stream as application/json", under("application/json", "streamed")],
    ["a stream as text/plain", under("text/plain", "streamed")],
  ])("%s: the answer", async (_name, mood) => {
    expect(await answered([mood])).toEqual(ANSWER);
  });

  test("a whole answer as a stream: an error", async () => {
    expect(await answered([under("text/event-stream", "whole")])).toMatchObject({ kind: "ModelError" });
  });

  test("a web page: says that there is no API", async () => {
    expect(await answered([saying("<!doctype html><h1>It works</h1>", { "content-type": "text/html" })])).toMatchObject({
      kind: "SetupError",
      message: "What answers at http://SERVER/v1 is a web page, not an OpenAI-compatible API.",
    });
  });
});

describe("a user who leaves", () => {
  test("ends what is under way, wherever it is", async () => {
    const reason = new Error("the user left");
    for (const mood of [silent, refuses(429, { "retry-after": "90" }), endless(": processing\n\n", "text/event-stream")]) {
      const controller = new AbortController();
      const { call, server: chaos } = await open([mood], { signal: controller.signal });
      const thrown = call.catch((error: unknown) => error);
      await chaos.exchange(0);
      controller.abort(reason);
      expect(await thrown).toBe(reason);
      expect(clock.sleepers).toBe(0);
      await chaos.close();
      server = undefined;
    }
  });
});
