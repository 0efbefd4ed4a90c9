import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { checkAnswer, parseJsonAnswer } from "./answer.ts";
import { AnswerError } from "./errors.ts";

const scene = z.object({ description: z.string(), count: z.number() });
const value = { description: "A cat.", count: 1 };
const json = JSON.stringify(value);

/** What is returned or thrown. */
function outcome(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

describe("JSON in a model's answer", () => {
  test.each([
    ["alone", json],
    ["indented", JSON.stringify(value, null, 2)],
    ["in a fence", `\`\`\`json\n${json}\n\`\`\``],
    ["in a fence without a name", `\`\`\`\n${json}\n\`\`\``],
    ["with prose around", `Here is what I found:\n${json}\nI hope this helps!`],
    ["with prose around that has braces", `The {curly} kind:\n${json}\nLet me know {if} it fits.`],
    ["after an example of another kind", `For {"example": true} I would say:\n\n${json}`],
    ["with trailing commas", '{"description": "A cat.", "count": 1,}'],
    ["with single quotes", "{'description': 'A cat.', 'count': 1}"],
    ["with comments", '{"description": "A cat.", // the pet\n "count": 1}'],
    ["with bare keys", '{description: "A cat.", count: 1}'],
    ["with line breaks in a text", '{"description": "A cat.", "count": 1, "more": "a\nb"}'],
  ])("%s", (_name, text) => {
    expect(parseJsonAnswer(text, scene)).toEqual(value);
  });

  test("a brace in a text is no bracket", () => {
    expect(parseJsonAnswer('So: {"description": "a } b { c", "count": 2} and {that} is it', scene)).toEqual({
      description: "a } b { c",
      count: 2,
    });
  });

  test.each([
    ["prose", "The picture shows a cat.", "holds no JSON"],
    ["nothing", "", "holds no JSON"],
    ["a bare word that JSON knows", "true", "holds no JSON"],
    ["another shape", '{"description": "A cat."}', "does not fit"],
    ["a number in words", '{"description": "A cat.", "count": "one"}', "does not fit"],
    ["cut off: its end is not invented", '{"description": "A cat.", "count": 1, "more": "and th', "holds no JSON"],
    ["cut off within a list", '{"items": [{"description": "A cat.", "count": 1}, {"descr', "holds no JSON"],
  ])("refused: %s", (_name, text, complaint) => {
    expect(() => parseJsonAnswer(text, z.object({ items: z.array(scene) }).or(scene))).toThrow(
      expect.objectContaining({ kind: "AnswerError", raw: text, message: expect.stringContaining(complaint) }),
    );
  });

  test("nothing but AnswerError comes out of any text", () => {
    const noise = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc
        .array(fc.constantFrom("{", "}", "[", "]", '"', ":", ",", "\\", "'", "a", "1", " ", "\n", "```", "//", "/*", "null"), {
          maxLength: 60,
        })
        .map((parts) => parts.join("")),
      fc.json().map((text) => text.slice(0, -1)),
    );
    fc.assert(
      fc.property(noise, (text) => {
        expect(outcome(() => parseJsonAnswer(text, scene))).toSatisfy(
          (made) => made instanceof AnswerError || scene.safeParse(made).success,
        );
      }),
    );
  });

  test.each([
    ["[".repeat(100_000)],
    ["[".repeat(5_000) + "]".repeat(5_000)],
    ['{"a":'.repeat(5_000) + "1" + "}".repeat(5_000)],
    ["{'a':".repeat(5_000) + "1" + "}".repeat(5_000)],
  ])("nor out of a deep one", (text) => {
    expect(() => parseJsonAnswer(text, z.record(z.string(), z.json()).and(scene))).toThrow(AnswerError);
  });

  test("any object comes back from within prose and fences", () => {
    const anything = z.record(z.string(), z.json());
    // At any depth: what assigns keys one by one cannot make an own "__proto__", and should not.
    const object = fc
      .dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true })
      .filter((made) => !JSON.stringify(made).includes("__proto__"));
    fc.assert(
      fc.property(object, (made) => {
        const text = JSON.stringify(made);
        expect(parseJsonAnswer(text, anything)).toEqual(JSON.parse(text));
        expect(parseJsonAnswer(`Certainly.\n${text}\nThat is all.`, anything)).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe("what is wrong with an answer", () => {
  const answer = { text: "A cat on a sofa.", finish: "stop", model: "m" } as const;

  test.each([
    ["nothing", answer, undefined],
    ["nothing, in JSON", { ...answer, text: json }, undefined],
    ["an unknown reason to stop is none to complain", { ...answer, finish: "unknown" }, undefined],
    ["empty", { ...answer, text: " \n" }, "empty"],
    ["cut off", { ...answer, finish: "length" }, "cut-off"],
    ["cut off while thinking", { ...answer, text: "", finish: "length" }, "cut-off"],
    ["a loop that ran into the limit is a loop", { ...answer, text: "The cat sits on the sofa. ".repeat(30), finish: "length" }, "loop"],
    ["filtered", { ...answer, text: "", finish: "filtered" }, "filtered"],
    ["a non-answer", { ...answer, text: "I can't view images." }, "non-answer"],
    ["a non-answer, in JSON", { ...answer, text: '{"description": "I\'m unable to view images.", "count": 0}' }, "non-answer"],
    [
      "text read from the picture is not judged",
      { ...answer, text: '{"description": "A screenshot of a chat.", "text": "I can\'t view images."}' },
      undefined,
    ],
  ] as const)("%s", (_name, given, kind) => {
    expect(checkAnswer(given)?.kind).toBe(kind);
  });
});
