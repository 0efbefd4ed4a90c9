import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasLoop } from "./loop.ts";

const word = fc.stringMatching(/^[a-z]{3,9}$/);

describe("loops", () => {
  test.each([
    ["a sentence", `A street. ${"The man is wearing a dark hat. ".repeat(8)}`],
    ["a sentence, a line each", "The man is wearing a dark hat.\n".repeat(8)],
    ["a phrase", `The wall is ${"white and black and ".repeat(12)}`],
    ["a word", `It is ${"very ".repeat(40)}dark`],
    ["a line of a list", "- a tree\n".repeat(80)],
    ["a block of lines", "- a tree\n- a house\n- a car\n".repeat(80)],
    ["letters without spaces", `The number is 1${"0".repeat(400)}`],
    ["Chinese", `图片显示${"一只猫坐在沙发上，".repeat(40)}`],
    ["zeros without end", "0 ".repeat(400)],
    ["in the middle of other text", `A street. ${"The man is wearing a dark hat. ".repeat(8)}And a dog.`],
  ])("%s", (_name, text) => {
    expect(hasLoop(text)).toBe(true);
  });

  test("any run of different words, said often enough", () => {
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 2, maxLength: 30 }), fc.array(word, { maxLength: 20 }), (unit, before) => {
        expect(hasLoop([...before, ...Array.from({ length: 10 }, () => unit).flat()].join(" "))).toBe(true);
      }),
    );
  });
});

describe("repetition for good reason", () => {
  const receipt = [
    "COFFEE TO GO",
    "12.11.2026 10:31",
    ...Array.from({ length: 24 }, () => "1 x CAN COKE 0.33 2.50"),
    "TOTAL 60.00",
    "-".repeat(400),
    "THANK YOU",
  ];
  test.each([
    ["a receipt with 24 times the same article", receipt.join("\n")],
    ["a table of zeros", Array.from({ length: 30 }, (_, row) => `| ${row} | 0 | 0 | 0 | 0 |`).join("\n")],
    ["an empty table", `| a | b | c |\n|${" --- |".repeat(12)}\n${`|${"  |".repeat(12)}\n`.repeat(8)}`],
    ["dotted leaders", `Chapter 1 ${". ".repeat(60)}7\nChapter 2 ${".".repeat(120)}19`],
    ["a list with like lines", Array.from({ length: 40 }, (_, at) => `- chair ${at}`).join("\n")],
    ["rows of a form", "Name: ____\nDate: ____\n".repeat(20)],
    ["a sign", "NO NO NO NO NO"],
    ["laughter", "ha ha ha ha ha ha ha ha ha"],
    ["a refrain", "We all live in a yellow submarine.\n".repeat(3)],
    ["a barcode", "1".repeat(60)],
    ["nothing", ""],
  ])("%s", (_name, text) => {
    expect(hasLoop(text)).toBe(false);
  });

  test("random words are no loop", () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 400 }), (words) => {
        expect(hasLoop(words.join(" "))).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  test("takes any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => typeof hasLoop(text) === "boolean"));
  });
});

test("ten thousand words are judged in their order, not in their square", () => {
  const words = Array.from({ length: 10_000 }, (_, at) => `word${at}`);
  expect(hasLoop(words.join(" "))).toBe(false);
});
