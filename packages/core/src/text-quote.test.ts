import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quoteFinder } from "./text-quote.ts";

const found = (text: string, quote: string): string | undefined => {
  const range = quoteFinder(text)(quote);
  return range && text.slice(range.start, range.end);
};

describe("found", () => {
  test.each([
    ["word for word", "Total due: 21.05 GBP", "21.05 GBP", "21.05 GBP"],
    ["over lines and spaces", "The  cat\nsat on\tthe mat.", "cat sat on the mat", "cat\nsat on\tthe mat"],
    ["in other case and punctuation", "He said: “It’s over”, and left.", "IT'S OVER\" and left", "It’s over”, and left"],
    ["composed in another way", "The cafe\u0301 opens.", "caf\u00e9", "cafe\u0301"],
    ["with a ligature", "A ﬁne day", "fine day", "ﬁne day"],
    ["where letters meet digits", "RM9.00", "9.00", "9.00"],
    ["without spaces between words", "合計は千円です。", "千円", "千円"],
    ["outside the basic plane", "𝒜 𐐀𐐁 b", "𐐨𐐩", "𐐀𐐁"],
    ["at the end of a sentence", "It was 2024. 5 came.", "2024", "2024"],
  ])("%s", (_name, text, quote, range) => {
    expect(found(text, quote)).toBe(range);
  });
});

describe("not found", () => {
  test.each([
    ["what is not there", "The cat sat.", "The dog sat"],
    ["a word in a word", "concatenate", "cat"],
    ["an amount in an amount", "It cost 15.00", "5.00"],
    ["the end of an amount", "It cost 1,234.50", "234.50"],
    ["half a ligature", "A ﬁne day", "ine day"],
    ["nothing", "The cat sat.", " … "],
  ])("%s", (_name, text, quote) => {
    expect(found(text, quote)).toBeUndefined();
  });
});

test("any run of a text's words is found, in its place or an earlier equal one", () => {
  const word = fc.stringMatching(/^[a-zé0-9]{1,8}$/);
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 20 }),
      fc.nat(),
      fc.nat(),
      fc.constantFrom(" ", "\n", "  "),
      (words, from, count, gap) => {
        const first = from % words.length;
        const some = words.slice(first, first + 1 + (count % words.length));
        const text = words.join(" ");
        const range = quoteFinder(text)(some.join(gap).toUpperCase());
        expect(range).toBeDefined();
        expect(text.slice(range?.start, range?.end).toLowerCase().replaceAll(" ", "")).toBe(some.join(""));
        expect(range?.start).toBeLessThanOrEqual(words.slice(0, first).join(" ").length + 1);
      },
    ),
  );
});
