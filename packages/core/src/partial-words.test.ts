import fc from "fast-check";
import { expect, test } from "vitest";
import { partialWords } from "./partial-words.ts";

test.each([
  ["nothing yet", "", ""],
  ["a fence", "```json\n", ""],
  ["a field's name", '{"descr', ""],
  ["words", '{"description": "A cat on', "A cat on"],
  ["words in a fence", 'Here it is:\n```json\n{"description": "A cat on', "A cat on"],
  ["all of it", '{"description": "A cat.", "kind": "photo"}', "A cat."],
  ["what comes after", '{"description": "A cat.", "kind": "pho', "A cat."],
  ["a number first", '{"count": 2, "description": "Two c', "Two c"],
  ["half an escape", '{"description": "A \\"cat\\', 'A "cat'],
  ["half a code point", '{"description": "caf\\u00e', "caf"],
  ["half an emoji", '{"description": "cat \\ud83d', "cat "],
  ["prose", "A cat.", ""],
])("%s", (_name, text, words) => {
  expect(partialWords(text)).toBe(words);
});

test("wherever an answer is cut, its words so far are the beginning of its words, and grow", () => {
  const words = fc.string({ unit: "binary", maxLength: 40 }).filter((text) => !/[\uD800-\uDBFF]$/.test(text));
  fc.assert(
    fc.property(words, fc.jsonValue(), fc.boolean(), (said, rest, escaped) => {
      let json = JSON.stringify({ words: said, rest });
      if (escaped) json = json.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
      let before = "";
      for (let cut = 0; cut <= json.length; cut++) {
        const soFar = partialWords(json.slice(0, cut));
        expect(said.startsWith(soFar)).toBe(true);
        expect(soFar.length).toBeGreaterThanOrEqual(before.length);
        before = soFar;
      }
      expect(before).toBe(said);
    }),
  );
});

test("nothing is thrown at whatever a model writes", () => {
  const noise = fc.array(fc.constantFrom("{", "}", "[", '"', ":", ",", "\\", "u", "a", "1", "-", " ", "\n", "```", "null"), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(noise, (parts) => {
      expect(partialWords(parts.join(""))).toBeTypeOf("string");
    }),
  );
});
