import { askForAnswer, type ModelRequest, openAiCompatible, parseJsonAnswer } from "@sightline/core";
import { afterEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { createModelTransport } from "../../packages/local/src/model/transport.ts";
import { WHITE_PIXEL } from "./pictures.ts";
import { pictureParts, textOf } from "./stand-in-rule.ts";
import { startStandInModel, type StandInMode, type StandInModel } from "./stand-in-server.ts";

let server: StandInModel | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const scene = z.object({ description: z.string().min(1) });
const request: ModelRequest = { prompt: "What is on the picture?", images: [WHITE_PIXEL], maxTokens: 300, temperature: 0 };
const words = (text: string): string => text;

async function modelIn(...mode: StandInMode[]) {
  server = await startStandInModel({ mode });
  return openAiCompatible({ baseUrl: server.baseUrl, model: server.model, transport: createModelTransport({ retries: 0 }) });
}

test("a usable answer is asked for once", async () => {
  const { value, answer } = await askForAnswer(await modelIn("answer"), request, { parse: words });
  expect(value).toBe(answer.text);
  expect(server?.requests).toHaveLength(1);
});

describe("an unusable answer is asked for once more, in another way", () => {
  test.each([
    ["non-answer", "The picture is attached to this message and you can see it. Answer from what it shows."],
    ["loop", "Your last answer repeated itself. Say each thing once, then stop."],
    ["cut-off", "Your last answer was too long and was cut off. Be brief."],
    ["thinking-cut-off", "Your last answer was too long and was cut off. Be brief."],
    ["empty", "Your last answer was empty. Write the answer."],
    ["filtered", "Your last answer was withheld. Say plainly and neutrally what can be seen."],
  ] satisfies [StandInMode, string][])("%s", async (mode, advice) => {
    const { value } = await askForAnswer(await modelIn(mode, "answer"), request, { parse: words });
    expect(value).toContain("1 picture");
    const [first, second] = server?.requests.map(({ body }) => body) ?? [];
    expect(pictureParts(second)).toEqual(pictureParts(first));
    expect(textOf(second)).toBe(`What is on the picture?\n\n${advice}`);
    expect([first?.temperature, second?.temperature]).toEqual([0, 0.4]);
    expect(second?.max_tokens).toBe(mode.endsWith("cut-off") ? 600 : 300);
  });

  test("words where JSON was asked for", async () => {
    const model = await modelIn("prose", "answer");
    const { value } = await askForAnswer(
      model,
      { ...request, temperature: 0.7, schema: { name: "scene", schema: z.toJSONSchema(scene) } },
      { parse: (text) => parseJsonAnswer(text, scene) },
    );
    expect(value.description).toContain("1 picture");
    const second = server?.requests[1]?.body;
    expect(textOf(second)).toContain("Your last answer could not be used: The model's answer holds no JSON.");
    expect(second?.temperature).toBe(0);
  });
});

describe("and no more than that", () => {
  test.each([
    ["non-answer", "I'm sorry, but I can't view images. Please describe the picture to me."],
    ["loop", "The man is wearing a dark hat. ".repeat(40)],
    ["cut-off", "The picture shows a street with"],
    ["empty", ""],
    ["prose", "It looks like a sunny day at the sea."],
  ] satisfies [StandInMode, string][])("%s twice is an AnswerError with the model's own words", async (mode, raw) => {
    const parse = mode === "prose" ? (text: string) => parseJsonAnswer(text, scene).description : words;
    const asking = askForAnswer(await modelIn(mode), request, { parse });
    await expect(asking).rejects.toMatchObject({
      kind: "AnswerError",
      raw,
      message: expect.stringMatching(/^stand-in-vision gave no usable answer in two tries: the answer /),
      hint: expect.any(String),
    });
    expect(server?.requests).toHaveLength(2);
  });

  test("what the server refuses is not asked again", async () => {
    await expect(askForAnswer(await modelIn("not-multimodal"), request, { parse: words })).rejects.toMatchObject({ kind: "SetupError" });
    expect(server?.requests).toHaveLength(1);
  });

  test("a mistake of ours while reading the answer is no unusable answer", async () => {
    const mistake = new TypeError("x is not a function");
    const parse = (): never => {
      throw mistake;
    };
    await expect(askForAnswer(await modelIn("answer"), request, { parse })).rejects.toBe(mistake);
  });

  test("nor is there a second try once it was cancelled", async () => {
    const model = await modelIn("cut-off");
    const controller = new AbortController();
    const reason = new Error("the user left");
    const asking = askForAnswer(model, request, {
      parse: words,
      signal: controller.signal,
      onText: (soFar) => soFar.endsWith("with") && controller.abort(reason),
    });
    await expect(asking).rejects.toBe(reason);
    expect(server?.requests).toHaveLength(1);
  });
});
