import { type AskContext, askForAnswer, type ModelOptions, type ModelRequest, openModel, parseJsonAnswer } from "@sightline/core";
import { afterEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { systemClock } from "../../packages/local/src/model/clock.ts";
import { createModelTransport } from "../../packages/local/src/model/transport.ts";
import { openCache } from "../tasks/model-context.ts";
import { WHITE_PIXEL } from "./pictures.ts";
import { type ChatRequest, pictureParts, textOf } from "./stand-in-rule.ts";
import { startStandInModel, type StandInMode, type StandInModel, type StandInOptions } from "./stand-in-server.ts";

let server: StandInModel | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const scene = z.object({ description: z.string().min(1) });
const request: ModelRequest = { prompt: "What is on the picture?", images: [WHITE_PIXEL], maxTokens: 300, temperature: 0 };
const inJson: ModelRequest = { ...request, schema: { name: "scene", schema: z.toJSONSchema(scene) } };
const words = (text: string): string => text;
const parseScene = (text: string) => parseJsonAnswer(text, scene);

async function modelIn(mode: StandInMode | readonly StandInMode[], options: Partial<ModelOptions> = {}, standIn: StandInOptions = {}) {
  server = await startStandInModel({ mode, ...standIn });
  return openModel("openai-compatible", {
    baseUrl: server.baseUrl,
    model: server.model,
    transport: createModelTransport({ retries: 0 }),
    clock: systemClock,
    ...options,
  });
}

function contextOf(parts: Partial<AskContext> = {}): AskContext & { readonly told: string[] } {
  const told: string[] = [];
  return { told, signal: AbortSignal.timeout(60_000), progress: (message) => void told.push(message), ...parts };
}

const bodies = () => server?.requests.filter(({ method }) => method === "POST").map(({ body }) => body) ?? [];

test("a usable answer is asked for once", async () => {
  const context = contextOf();
  const { value, answer } = await askForAnswer(await modelIn("answer"), request, words, context);
  expect(value).toBe(answer.text);
  expect(bodies()).toHaveLength(1);
  expect(context.told).toEqual([]);
});

test("the operator's parameters stand in place of the task's", async () => {
  const model = await modelIn("answer", { parameters: { maxTokens: 512, temperature: 1, topP: 0.9, stream: false } });
  await askForAnswer(model, request, words, contextOf());
  expect(bodies()).toMatchObject([{ max_tokens: 512, temperature: 1, top_p: 0.9, stream: false }]);
});

describe("an unusable answer is asked for once more, in another way", () => {
  test.each([
    ["non-answer", "The picture is attached to this message and you can see it. Answer from what it shows."],
    ["loop", "Your last answer repeated itself. Say each thing once, then stop."],
    ["empty", "Your last answer was empty. Write the answer."],
    ["filtered", "Your last answer was withheld. Say plainly and neutrally what can be seen."],
  ] satisfies [StandInMode, string][])("%s", async (mode, advice) => {
    const context = contextOf();
    const { value } = await askForAnswer(await modelIn([mode, "answer"]), request, words, context);
    expect(value).toContain("1 picture");
    const [first, second] = bodies();
    expect(pictureParts(second)).toEqual(pictureParts(first));
    expect(textOf(second)).toBe(`What is on the picture?\n\n${advice}`);
    expect([first?.temperature, second?.temperature]).toEqual([0, 0.4]);
    expect(second?.max_tokens).toBe(300);
    expect(context.told).toEqual([expect.stringMatching(/^The answer .*: asking again in another way$/)]);
  });

  test.each(["cut-off", "thinking-cut-off"] satisfies StandInMode[])("%s: the same question with twice the room", async (mode) => {
    const context = contextOf();
    await askForAnswer(await modelIn([mode, "answer"]), request, words, context);
    const [first, second] = bodies();
    expect(second).toEqual({ ...first, max_tokens: 600 });
    expect(context.told).toEqual(["The answer was cut off: asking again with room for 600 tokens"]);
  });
});

describe("an answer that cannot be read", () => {
  test("is shown to the model again with what is wrong with it", async () => {
    const context = contextOf();
    const { value } = await askForAnswer(await modelIn(["prose", "answer"]), { ...inJson, temperature: 0.7 }, parseScene, context);
    expect(value.description).toContain("1 picture");
    const [first, second] = bodies();
    expect(pictureParts(second)).toEqual(pictureParts(first));
    expect(second?.temperature).toBe(0.7);
    expect(textOf(second)).toContain("Your last answer was:\nIt looks like a sunny day at the sea.\n\n");
    expect(textOf(second)).toContain("It could not be used: The model's answer holds no JSON.");
    expect(context.told).toEqual(["The answer could not be read: asking the model to mend it"]);
  });

  test("is shown with the validator's words, and cut when it is long", async () => {
    const long = JSON.stringify({ description: 5, more: Array.from({ length: 2_000 }, (_, index) => `word${index}`).join(" ") });
    const text = (asked: ChatRequest) => (textOf(asked).includes("Your last answer") ? '{"description": "A cat."}' : long);
    const model = await modelIn("verbatim", {}, { text });
    await expect(askForAnswer(model, inJson, parseScene, contextOf())).resolves.toBeDefined();
    const repair = textOf(bodies()[1]);
    expect(repair).toContain(`${long.slice(0, 4_000)} […]`);
    expect(repair).toContain("expected string, received number");
  });

  test("and cannot be mended is asked for anew, warmer each time", async () => {
    const context = contextOf();
    const { value } = await askForAnswer(await modelIn(["prose", "prose", "prose", "answer"]), inJson, parseScene, context);
    expect(value.description).toContain("1 picture");
    const [first, , third, fourth] = bodies();
    expect(third).toEqual({ ...first, temperature: 0.4 });
    expect(fourth).toEqual({ ...first, temperature: 0.8 });
    expect(context.told.slice(1)).toEqual([
      "The answer could not be read: asking again at temperature 0.4",
      "The answer could not be read: asking again at temperature 0.8",
    ]);
  });

  test("once it had more room, keeps it", async () => {
    await askForAnswer(await modelIn(["cut-off", "prose", "answer"]), inJson, parseScene, contextOf());
    expect(bodies().map((body) => body.max_tokens)).toEqual([300, 600, 600]);
  });
});

describe("and no more than that", () => {
  test.each([
    ["non-answer", 2, "I'm sorry, but I can't view images. Please describe the picture to me."],
    ["loop", 2, "The man is wearing a dark hat. ".repeat(40)],
    ["cut-off", 2, "The picture shows a street with"],
    ["empty", 2, ""],
    ["prose", 4, "It looks like a sunny day at the sea."],
  ] satisfies [StandInMode, number, string][])(
    "%s all the time is an AnswerError after %i tries with the model's own words",
    async (mode, tries, raw) => {
      const asking = askForAnswer(
        await modelIn(mode),
        request,
        mode === "prose" ? (text) => parseScene(text).description : words,
        contextOf(),
      );
      await expect(asking).rejects.toMatchObject({
        kind: "AnswerError",
        raw,
        message: expect.stringMatching(new RegExp(`^stand-in-vision gave no usable answer in ${tries} tries: the answer `)),
        hint: expect.any(String),
      });
      expect(bodies()).toHaveLength(tries);
    },
  );

  test.each<[string, Partial<ModelOptions>, Partial<ModelRequest>, string]>([
    ["the operator's own limit", { parameters: { maxTokens: 300 } }, {}, "stand-in-vision"],
    ["what the model ever writes", {}, { maxTokens: 4096 }, "llama3.2-vision:11b"],
    ["the whole context", { contextTokens: 2000 }, { maxTokens: 2000 }, "stand-in-vision"],
  ])("an answer is not given more room than %s", async (_name, options, change, model) => {
    const asking = askForAnswer(await modelIn("cut-off", options, { model }), { ...request, ...change }, words, contextOf());
    await expect(asking).rejects.toMatchObject({
      kind: "AnswerError",
      message: expect.stringContaining("in 1 try: "),
      hint: expect.stringContaining("--max-tokens"),
    });
    expect(bodies()).toHaveLength(1);
  });

  test("what the server refuses is not asked again", async () => {
    await expect(askForAnswer(await modelIn("not-multimodal"), request, words, contextOf())).rejects.toMatchObject({ kind: "SetupError" });
    expect(bodies()).toHaveLength(1);
  });

  test("a mistake of ours while reading the answer is no unusable answer", async () => {
    const mistake = new TypeError("x is not a function");
    const parse = (): never => {
      throw mistake;
    };
    await expect(askForAnswer(await modelIn("answer"), request, parse, contextOf())).rejects.toBe(mistake);
  });

  test("nor is there a second try once it was cancelled", async () => {
    const model = await modelIn("cut-off");
    const controller = new AbortController();
    const reason = new Error("the user left");
    const onText = (soFar: string) => void (soFar.endsWith("with") && controller.abort(reason));
    await expect(askForAnswer(model, request, words, contextOf({ signal: controller.signal, onText }))).rejects.toBe(reason);
    expect(bodies()).toHaveLength(1);
  });
});

describe("words are shown as they come", () => {
  test("plain ones as they are", async () => {
    const shown: string[] = [];
    const { value } = await askForAnswer(await modelIn("answer"), request, words, contextOf({ onText: (soFar) => void shown.push(soFar) }));
    expect(shown.length).toBeGreaterThan(3);
    expect(shown.at(-1)).toBe(value);
  });

  test("of JSON the first text, never its brackets", async () => {
    const shown: string[] = [];
    const { value } = await askForAnswer(
      await modelIn("answer"),
      inJson,
      parseScene,
      contextOf({ onText: (soFar) => void shown.push(soFar) }),
    );
    expect(shown.length).toBeGreaterThan(3);
    for (const soFar of shown) expect(value.description.startsWith(soFar)).toBe(true);
    expect(shown.at(-1)).toBe(value.description);
  });
});

describe("answers are kept", () => {
  test("and given again, checked and read as fresh ones are", async () => {
    const answers = openCache();
    const model = await modelIn("answer");
    const first = await askForAnswer(model, inJson, parseScene, contextOf({ answers }));
    const second = await askForAnswer(model, inJson, parseScene, contextOf({ answers }));
    expect(second).toEqual(first);
    expect(bodies()).toHaveLength(1);
  });

  test("for this question alone", async () => {
    const answers = openCache();
    const model = await modelIn("answer");
    for (const change of [{}, { prompt: "Where?" }, { maxTokens: 301 }, { images: [] }, { topP: 0.5 }])
      await askForAnswer(model, { ...request, ...change }, words, contextOf({ answers }));
    expect(bodies()).toHaveLength(5);
    expect(answers.kept.size).toBe(5);
  });

  test("a mended one too, for the question it was mended for", async () => {
    const answers = openCache();
    const model = await modelIn(["prose", "answer"]);
    const first = await askForAnswer(model, inJson, parseScene, contextOf({ answers }));
    expect(await askForAnswer(model, inJson, parseScene, contextOf({ answers }))).toEqual(first);
    expect(bodies()).toHaveLength(2);
  });

  test("one that was kept and cannot be used any more is asked for anew", async () => {
    const answers = openCache();
    const model = await modelIn("answer");
    await askForAnswer(model, inJson, parseScene, contextOf({ answers }));
    for (const spoilt of ["", "{}", "null", '{"text":5}', JSON.stringify({ text: "prose", finish: "stop", model: "m" })]) {
      for (const key of answers.kept.keys()) answers.kept.set(key, spoilt);
      const { value } = await askForAnswer(model, inJson, parseScene, contextOf({ answers }));
      expect(value.description).toContain("1 picture");
    }
    expect(bodies()).toHaveLength(6);
  });

  test.each<[string, StandInMode | readonly StandInMode[], Partial<ModelOptions>]>([
    ["errors", "non-answer", {}],
    ["what was asked above temperature 0", "answer", { parameters: { temperature: 0.1 } }],
    ["what only a warmer try gave", ["prose", "prose", "answer"], {}],
  ])("but never %s", async (_name, mode, options) => {
    const answers = openCache();
    const asking = askForAnswer(await modelIn(mode, options), inJson, parseScene, contextOf({ answers }));
    await asking.catch(() => {});
    expect(bodies().length).toBeGreaterThan(0);
    expect(answers.kept.size).toBe(0);
  });
});
