import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitText } from "./split-text.ts";
import { estimateTokens } from "./tokens.ts";

describe("a text is cut", () => {
  test("not at all where it fits", () => {
    expect(splitText("One.\n\nTwo.", 100)).toEqual(["One.\n\nTwo."]);
    expect(splitText("", 100)).toEqual([""]);
  });

  test("between paragraphs, and as many together as fit", () => {
    expect(splitText("One two three.\n\nFour five six.\n\nSeven eight nine.", 9)).toEqual([
      "One two three.\n\nFour five six.\n\n",
      "Seven eight nine.",
    ]);
  });

  test("between sentences where a paragraph is too long", () => {
    expect(splitText("The cat sat. The dog ran. The bird flew.", 7)).toEqual(["The cat sat. The dog ran. ", "The bird flew."]);
  });

  test("between words where a sentence is too long", () => {
    expect(splitText("one two three four five six", 4)).toEqual(["one two three ", "four five six"]);
  });

  test("between characters where a word is too long, never within one", () => {
    expect(splitText("👩‍👩‍👧👩‍👩‍👧", 2)).toEqual(["👩‍👩‍👧", "👩‍👩‍👧"]);
  });
});

test("the parts joined are the text, and each fits", () => {
  const text = fc
    .array(
      fc.oneof(
        fc.constantFrom("Hello world. ", "\n\n", "\n", " ", "A. ", "漢字", "word ", "x".repeat(50)),
        fc.string({ unit: "grapheme" }),
      ),
      {
        maxLength: 60,
      },
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.integer({ min: 8, max: 60 }), (whole, most) => {
      const parts = splitText(whole, most);
      expect(parts.join("")).toBe(whole);
      for (const part of parts) expect(estimateTokens(part)).toBeLessThanOrEqual(most);
    }),
  );
});
