import { type AskOptions, familyOf, type ModelAnswer, type ModelRequest, type VisionModel } from "@sightline/core";
import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { createFastClock, type FastClock } from "../../../../test/model/fast-clock.ts";
import { serverQueue, steadyModel, type SteadyModelOptions } from "./steady-model.ts";

const SERVER = "http://127.0.0.1:11434";
const request: ModelRequest = { prompt: "What is on the picture?", images: [], maxTokens: 300, temperature: 0 };
const answer: ModelAnswer = { text: "A street.", finish: "stop", model: "qwen3-vl:8b" };

/** A stand-in for a backend's model: it answers when the test says so, and ends when its signal does. */
function standIn(server = SERVER) {
  const calls: { readonly options: AskOptions; answer(): void; fail(error: Error): void }[] = [];
  const model: VisionModel = {
    id: "qwen3-vl:8b",
    backend: "ollama",
    server,
    family: familyOf("qwen3-vl:8b"),
    abilities: { vision: true, maxImages: 1, longSide: 1120 },
    parameters: {},
    ask: (_request, options = {}) =>
      new Promise((resolve, reject) => {
        options.signal?.addEventListener("abort", () => reject(options.signal?.reason as Error), { once: true });
        calls.push({ options, answer: () => resolve(answer), fail: reject });
      }),
  };
  return { model, calls };
}

function steady(options: Partial<SteadyModelOptions> = {}, server?: string) {
  const clock: FastClock = createFastClock();
  const { model, calls } = standIn(server);
  return { clock, calls, model: steadyModel(model, { clock, limit: serverQueue(1), ...options }) };
}

/** Lets all go on that can go on by itself. */
const turn = () => new Promise((resolve) => setImmediate(resolve));
const thrown = (asking: Promise<unknown>): Promise<unknown> =>
  asking.then(
    () => expect.fail("answered"),
    (error: unknown) => error,
  );

test("is the model, with what its server tells later", () => {
  const { model: plain } = standIn();
  const abilities = { ...plain.abilities };
  const told = Object.defineProperty({ ...plain }, "abilities", { get: () => abilities });
  const model = steadyModel(told, { clock: createFastClock(), limit: serverQueue(1) });
  expect(model).toMatchObject({ id: plain.id, backend: plain.backend, server: plain.server, family: plain.family, parameters: {} });
  expect(model.abilities).toEqual(abilities);
  Object.assign(abilities, { contextTokens: 4096 });
  expect(model.abilities.contextTokens).toBe(4096);
});

describe("signs of life", () => {
  test("every ten seconds until the first words; none after", async () => {
    const { model, calls, clock } = steady();
    const told: string[] = [];
    const texts: string[] = [];
    const asking = model.ask(request, { onWait: (message) => told.push(message), onText: (text) => texts.push(text) });
    await clock.asleep(10_000);
    await clock.advance(9_999);
    expect(told).toEqual([]);
    await clock.advance(20_001);
    expect(told).toEqual(
      [10, 20, 30].map((s) => `Waiting for qwen3-vl:8b (${s} s): a model that is loaded for the first time can take minutes`),
    );
    calls[0]?.options.onText?.("A");
    await clock.advance(60_000);
    expect([told.length, texts]).toEqual([3, ["A"]]);
    calls[0]?.answer();
    expect(await asking).toBe(answer);
    expect(clock.sleepers).toBe(0);
  });

  test("say what the server asked for, once it has", async () => {
    const { model, calls, clock } = steady({}, "https://api.example.com/v1");
    const told: string[] = [];
    const asking = model.ask(request, { onWait: (message) => told.push(message) });
    await clock.asleep(10_000);
    await clock.advance(10_000);
    calls[0]?.options.onWait?.("https://api.example.com asks to wait 90 s (HTTP 429)");
    await clock.advance(10_000);
    expect(told).toEqual([
      "Waiting for qwen3-vl:8b (10 s)",
      "https://api.example.com asks to wait 90 s (HTTP 429)",
      "Waiting for qwen3-vl:8b (20 s): https://api.example.com asks to wait 90 s (HTTP 429)",
    ]);
    calls[0]?.answer();
    await asking;
  });

  test("cost nothing where nobody listens", async () => {
    const { model, calls, clock } = steady();
    const asking = model.ask(request);
    await turn();
    expect([clock.sleepers, calls[0]?.options.onText, calls[0]?.options.onWait]).toEqual([1, undefined, undefined]);
    calls[0]?.answer();
    await asking;
  });
});

describe("the deadline of the whole call", () => {
  test("is an error that says what to do", async () => {
    const { model, clock } = steady();
    const { signal } = new AbortController();
    const asking = thrown(model.ask(request, { signal, onWait: () => {} }));
    await clock.asleep(1_800_000);
    await clock.advance(1_800_000);
    expect(await asking).toMatchObject({
      kind: "ModelError",
      retryable: true,
      message: `qwen3-vl:8b at ${SERVER} did not finish its answer within 1800 s.`,
      hint: expect.stringContaining("--timeout"),
    });
    expect([clock.sleepers, getEventListeners(signal, "abort")]).toEqual([0, []]);
  });

  test("begins with the question's turn, and holds while words come", async () => {
    const { model, calls, clock } = steady({ wholeMs: 60_000 });
    const first = model.ask(request);
    const second = thrown(model.ask(request));
    await turn();
    await clock.advance(59_000);
    calls[0]?.answer();
    await first;
    await clock.asleep(60_000);
    for (let words = 0; words < 5; words++) {
      calls[1]?.options.onText?.("word ".repeat(words));
      await clock.advance(12_000);
    }
    expect(await second).toMatchObject({ kind: "ModelError" });
  });

  test("does not hide why a question failed", async () => {
    const { model, calls } = steady();
    const asking = thrown(model.ask(request));
    await turn();
    const failure = new Error("refused");
    calls[0]?.fail(failure);
    expect(await asking).toBe(failure);
  });
});

describe("the queue", () => {
  test("lets no more through than the server takes, in order, whichever of its models is asked", async () => {
    const limit = serverQueue(2);
    const [a, b] = [steady({ limit }), steady({ limit })];
    const told: string[] = [];
    const asking = [a, b, a, b].map(({ model }, at) => model.ask(request, { onWait: (message) => told.push(`${at}: ${message}`) }));
    await turn();
    expect([a.calls.length, b.calls.length]).toEqual([1, 1]);
    expect(told).toEqual([2, 3].map((at) => `${at}: Waiting for another question to ${SERVER} to be done`));
    a.calls[0]?.answer();
    await asking[0];
    await turn();
    expect([a.calls.length, b.calls.length]).toEqual([2, 1]);
    b.calls[0]?.fail(new Error("refused"));
    await thrown(asking[1] as Promise<ModelAnswer>);
    await turn();
    expect([a.calls.length, b.calls.length]).toEqual([2, 2]);
    a.calls[1]?.answer();
    b.calls[1]?.answer();
    expect(await asking[3]).toBe(answer);
  });

  test("is left at once by who is cancelled in it", async () => {
    const { model, calls, clock } = steady();
    const first = model.ask(request);
    const controller = new AbortController();
    const second = thrown(model.ask(request, { signal: controller.signal }));
    const third = model.ask(request);
    await turn();
    const reason = new Error("the user left");
    controller.abort(reason);
    expect(await second).toBe(reason);
    calls[0]?.answer();
    await first;
    await turn();
    expect(calls).toHaveLength(2);
    calls[1]?.answer();
    await third;
    expect([clock.sleepers, getEventListeners(controller.signal, "abort")]).toEqual([0, []]);
  });

  test("is not entered by who is cancelled before", async () => {
    const { model, calls } = steady();
    await thrown(model.ask(request, { signal: AbortSignal.abort(new Error("the user left")) }));
    await turn();
    expect(calls).toEqual([]);
  });

  test("passes on who is cancelled while he is asked", async () => {
    const { model, calls, clock } = steady();
    const controller = new AbortController();
    const reason = new Error("the user left");
    const first = thrown(model.ask(request, { signal: controller.signal, onWait: () => {} }));
    const second = model.ask(request);
    await turn();
    controller.abort(reason);
    expect(await first).toBe(reason);
    await turn();
    calls[1]?.answer();
    await second;
    expect([clock.sleepers, getEventListeners(controller.signal, "abort")]).toEqual([0, []]);
  });
});
