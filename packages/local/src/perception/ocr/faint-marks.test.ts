import { describe, expect, test } from "vitest";
import { decodeCtc, type LineProbabilities } from "./ctc.ts";
import { withFaintMarks } from "./faint-marks.ts";

const ALPHABET = [..."ab1,.( "];

/** A line whose steps each show some characters with the probability given, and else nothing. */
function lineOf(...steps: readonly Readonly<Record<string, number>>[]): LineProbabilities {
  const classes = ALPHABET.length + 1;
  const data = new Float32Array(steps.length * classes);
  steps.forEach((shown, step) => {
    data[step * classes] = 1 - Object.values(shown).reduce((sum, p) => sum + p, 0);
    for (const [character, p] of Object.entries(shown)) data[step * classes + ALPHABET.indexOf(character) + 1] = p;
  });
  return { data, offset: 0, steps: steps.length, alphabet: ALPHABET };
}

const textOf = (line: LineProbabilities): string =>
  withFaintMarks(decodeCtc(line), line)
    .map(({ text }) => text)
    .join("");

describe("withFaintMarks", () => {
  test("gives back marks before, between and after characters, likeliest first, one a gap", () => {
    expect(textOf(lineOf({ "(": 0.3 }, { a: 0.9 }, { ",": 0.2, "(": 0.15 }, { b: 0.9 }, { ",": 0.12 }))).toBe("(a,b,");
  });

  test("believes no faint full stop, letter or digit, and nothing fainter than a tenth", () => {
    expect(textOf(lineOf({ a: 0.9 }, { ".": 0.4 }, { b: 0.3, "1": 0.2 }, { ",": 0.09 }, { b: 0.9 }))).toBe("ab");
  });

  test("the edge of a mark is not a second one", () => {
    expect(textOf(lineOf({ a: 0.9 }, { ",": 0.6 }, { ",": 0.3 }, { b: 0.9 }))).toBe("a,b");
  });
});
