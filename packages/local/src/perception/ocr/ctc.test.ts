import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCtc } from "./ctc.ts";

const ALPHABET = [..."ab1 "];

/** Probabilities whose likeliest class at each step is the given one. */
function peaks(classes: readonly number[]): Float32Array {
  const width = ALPHABET.length + 1;
  const data = new Float32Array(classes.length * width).fill(0.05);
  classes.forEach((index, step) => (data[step * width + index] = 0.8));
  return data;
}

const textOf = (classes: readonly number[]): string =>
  decodeCtc({ data: peaks(classes), offset: 0, steps: classes.length, alphabet: ALPHABET })
    .map(({ text }) => text)
    .join("");

describe("decodeCtc", () => {
  test("joins repeats and keeps doubles that a blank parts", () => {
    expect(textOf([1, 1, 0, 1, 3, 3, 0, 0, 3, 4, 2])).toBe("aa11 b");
  });

  test("reads back any text written with blanks between", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }))), (characters) => {
        const steps = characters.flatMap(([index, times]) => [...Array<number>(times).fill(index), 0]);
        expect(textOf(steps)).toBe(characters.map(([index]) => ALPHABET[index - 1]).join(""));
      }),
    );
  });

  test("reads its own row of a batch", () => {
    const data = new Float32Array([...peaks([1, 1]), ...peaks([2, 3])]);
    expect(decodeCtc({ data, offset: 10, steps: 2, alphabet: ALPHABET })).toEqual([
      { text: "b", confidence: expect.closeTo(0.8), from: 0, to: 0 },
      { text: "1", confidence: expect.closeTo(0.8), from: 1, to: 1 },
    ]);
  });
});
