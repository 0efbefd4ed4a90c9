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

describe("null for what may be left out", () => {
  const shape = z.object({
    name: z.string(),
    note: z.string().optional(),
    label: z.string().nullable(),
    inner: z.object({ x: z.number().optional(), list: z.array(z.object({ y: z.number().optional() })) }).optional(),
    either: z.union([z.object({ kind: z.literal("a"), a: z.number().optional() }), z.object({ kind: z.literal("b") })]).optional(),
  });

  test("counts as left out, and stays where the schema wants it", () => {
    const written = {
      name: "n",
      note: null,
      label: null,
      inner: { x: null, list: [{ y: null }, { y: 2 }] },
      either: { kind: "a", a: null },
    };
    expect(parseJsonAnswer(JSON.stringify(written), shape)).toEqual({
      name: "n",
      label: null,
      inner: { list: [{}, { y: 2 }] },
      either: { kind: "a" },
    });
  });

  test("is no value for what may not", () => {
    expect(() => parseJsonAnswer('{"name": null, "label": null}', shape)).toThrow(AnswerError);
  });

  test("any value that fits comes back with nulls in place of what is absent", () => {
    // Where null is a value of its own, a field that may be left out cannot be told from one that is null.
    const leaf = fc.constantFrom(z.string(), z.number(), z.boolean(), z.string().nullable(), z.array(z.number()));
    const shapes = fc.letrec<{ object: z.ZodObject; field: z.ZodType }>((tie) => ({
      object: fc
        .dictionary(fc.constantFrom("a", "b", "c", "d"), fc.tuple(tie("field"), fc.boolean()), { minKeys: 1, noNullPrototype: true })
        .map((fields) =>
          z.object(
            Object.fromEntries(
              Object.entries(fields).map(([name, [field, optional]]) => [
                name,
                optional && !(field instanceof z.ZodNullable) ? field.optional() : field,
              ]),
            ),
          ),
        ),
      field: fc.oneof(
        { maxDepth: 2 },
        leaf,
        tie("object"),
        tie("object").map((object) => z.array(object)),
      ),
    }));
    fc.assert(
      fc.property(shapes.object, fc.infiniteStream(fc.nat(99)), (object, numbers) => {
        const { fits, withNulls } = valueOf(object, () => numbers.next().value as number);
        expect(parseJsonAnswer(JSON.stringify(withNulls), object)).toEqual(fits);
      }),
    );
  });
});

/** A value that fits the schema, drawn by `pick`, and the same with null for each absent field. */
function valueOf(schema: z.ZodType, pick: () => number): { fits: unknown; withNulls: unknown } {
  const both = (value: unknown) => ({ fits: value, withNulls: value });
  if (schema instanceof z.ZodString) return both(`text ${pick()}`);
  if (schema instanceof z.ZodNumber) return both(pick());
  if (schema instanceof z.ZodBoolean) return both(pick() % 2 === 0);
  if (schema instanceof z.ZodNullable) return pick() % 2 === 0 ? both(null) : valueOf(schema.unwrap() as z.ZodType, pick);
  if (schema instanceof z.ZodArray) {
    const items = Array.from({ length: pick() % 3 }, () => valueOf(schema.element as z.ZodType, pick));
    return { fits: items.map(({ fits }) => fits), withNulls: items.map(({ withNulls }) => withNulls) };
  }
  if (!(schema instanceof z.ZodObject)) throw new Error("not drawn here");
  const fits: Record<string, unknown> = {};
  const withNulls: Record<string, unknown> = {};
  for (const [name, field] of Object.entries<z.ZodType>(schema.shape)) {
    const optional = field instanceof z.ZodOptional;
    if (optional && pick() % 2 === 0) {
      withNulls[name] = null;
      continue;
    }
    const made = valueOf(optional ? (field.unwrap() as z.ZodType) : field, pick);
    fits[name] = made.fits;
    withNulls[name] = made.withNulls;
  }
  return { fits, withNulls };
}

describe("what is wrong with an answer", () => {
  const answer = { text: "A cat on a sofa.", finish: "stop", model: "m" } as const;
  const asked = { prompt: "What is it?", images: [{ bytes: new Uint8Array(), mediaType: "image/png", width: 1, height: 1 }] } as const;

  test.each([
    ["nothing", answer, undefined],
    ["nothing, in JSON", { ...answer, text: json }, undefined],
    ["an unknown reason to stop is none to complain", { ...answer, finish: "unknown" }, undefined],
    ["empty", { ...answer, text: " \n" }, "empty"],
    ["cut off", { ...answer, finish: "length" }, "cut-off"],
    ["cut off while thinking", { ...answer, text: "", finish: "length" }, "cut-off"],
    ["a loop that ran into the limit is a loop", { ...answer, text: "The cat sits on the sofa. ".repeat(30), finish: "length" }, "loop"],
    [
      "twenty equal entries of a list are a purchase",
      { ...answer, text: JSON.stringify({ lines: Array.from({ length: 20 }, () => ({ description: "Day ticket", net_amount: "3.50" })) }) },
      undefined,
    ],
    [
      "a hundred are a loop",
      {
        ...answer,
        text: JSON.stringify({ lines: Array.from({ length: 100 }, () => ({ description: "Day ticket", net_amount: "3.50" })) }),
      },
      "loop",
    ],
    ["filtered", { ...answer, text: "", finish: "filtered" }, "filtered"],
    ["a non-answer", { ...answer, text: "I can't view images." }, "non-answer"],
    ["a non-answer, in JSON", { ...answer, text: '{"description": "I\'m unable to view images.", "count": 0}' }, "non-answer"],
    [
      "text read from the picture is not judged",
      { ...answer, text: '{"description": "A screenshot of a chat.", "text": "I can\'t view images."}' },
      undefined,
    ],
  ] as const)("%s", (_name, given, kind) => {
    expect(checkAnswer(given, asked)?.kind).toBe(kind);
  });

  test("where there was no picture, words about one are the text's own", () => {
    expect(checkAnswer({ ...answer, text: "I can't view images." }, { ...asked, images: [] })).toBeUndefined();
  });

  test("what is made of a text that repeats itself may do so too", () => {
    const text = "The cat sits on the sofa. ".repeat(30);
    expect(checkAnswer({ ...answer, text }, { prompt: "Translate: La la.", images: [] })?.kind).toBe("loop");
    expect(
      checkAnswer({ ...answer, text }, { prompt: `Translate: ${"Le chat est assis sur le canapé. ".repeat(30)}`, images: [] }),
    ).toBeUndefined();
  });
});
