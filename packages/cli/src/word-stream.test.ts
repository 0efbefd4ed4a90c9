import fc from "fast-check";
import { expect, test } from "vitest";
import { createWordStream } from "./word-stream.ts";

function written(steps: readonly string[], last?: string): string {
  let out = "";
  const words = createWordStream((text) => (out += text));
  for (const soFar of steps) words.show(soFar);
  if (last === undefined) words.abandon();
  else words.finish(last);
  return out;
}

test.each<[string, readonly string[], string | undefined, string]>([
  ["nothing shown before the end", [], "A cat.", "A cat.\n"],
  ["word after word, then what the rendering adds", ["A", "A cat", "A cat."], "A cat.\nKind: photo", "A cat.\nKind: photo\n"],
  ["another try that differs", ["A cat", "A dog"], "A dog.", "A cat\nA dog.\n"],
  ["another try that begins alike", ["A cat", "A", "A ca", "A cat sat"], "A cat sat.", "A cat sat.\n"],
  ["a rendering that does not begin with what was shown", ["A cat."], "Eine Katze.", "A cat.\nEine Katze.\n"],
  ["no answer in the end", ["A cat"], undefined, "A cat\n"],
  ["no answer and no word", [], undefined, ""],
])("%s", (_name, steps, last, out) => {
  expect(written(steps, last)).toBe(out);
});

test("however it comes, the whole answer stands at the end", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom("a", "b") })), fc.string({ unit: fc.constantFrom("a", "b") }), (steps, last) => {
      expect(written(steps, last).split("\n").at(-2)).toBe(last);
    }),
  );
});
