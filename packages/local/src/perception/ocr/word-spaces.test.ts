import { describe, expect, test } from "vitest";
import type { LineProbabilities, ReadCharacter } from "./ctc.ts";
import { LINE_HEIGHT, STEP, type LineImage } from "./line-image.ts";
import { withWordSpaces } from "./word-spaces.ts";

const ALPHABET = [..."ABCDEF "];
const PAPER = 230;
const INK = 40;

/** A line of bars 12 pixels wide, one a character, each as many pixels of white after the one before as `gaps` says; `light` on dark. */
function drawn(gaps: readonly number[], isLightOnDark = false): { image: LineImage; characters: ReadCharacter[]; steps: number } {
  const starts = [8];
  for (const gap of gaps) starts.push(starts.at(-1)! + 12 + gap);
  const width = starts.at(-1)! + 20;
  const data = new Uint8Array(width * LINE_HEIGHT * 3).fill(isLightOnDark ? INK : PAPER);
  for (const start of starts)
    for (let y = 12; y < 36; y += 1)
      for (let x = start; x < start + 12; x += 1) data.fill(isLightOnDark ? PAPER : INK, (y * width + x) * 3, (y * width + x) * 3 + 3);
  const characters = starts.map((start, index) => {
    const step = Math.floor((start + 6) / STEP);
    return { text: ALPHABET[index]!, confidence: 0.9, from: step, to: step };
  });
  return { image: { data, width }, characters, steps: Math.ceil(width / STEP) };
}

/** The network sees a space with this probability right before the character at `index`. */
function evidence(steps: number, at?: { step: number; probability: number }): LineProbabilities {
  const classes = ALPHABET.length + 1;
  const data = new Float32Array(steps * classes);
  if (at !== undefined) data[at.step * classes + classes - 1] = at.probability;
  return { data, offset: 0, steps, alphabet: ALPHABET };
}

describe("withWordSpaces", () => {
  test.each([false, true])("faint evidence over a wide gap is a space, over a narrow one none (light on dark: %s)", (isLightOnDark) => {
    const { image, characters, steps } = drawn([4, 20, 4], isLightOnDark);
    const wide = evidence(steps, { step: characters[2]!.from - 1, probability: 0.15 });
    expect(withWordSpaces(characters, wide, image)).toBe("AB CD");
    const even = drawn([4, 4, 4], isLightOnDark);
    const narrow = evidence(even.steps, { step: even.characters[2]!.from, probability: 0.15 });
    expect(withWordSpaces(even.characters, narrow, even.image)).toBe("ABCD");
  });

  test("wide-set print has no spaces by its gaps alone", () => {
    const { image, characters, steps } = drawn([14, 14, 14, 14]);
    expect(withWordSpaces(characters, evidence(steps), image)).toBe("ABCDE");
  });

  test("a line of nothing is empty", () => {
    expect(withWordSpaces([], evidence(1), { data: new Uint8Array(LINE_HEIGHT * 3 * 16), width: 16 })).toBe("");
  });
});
