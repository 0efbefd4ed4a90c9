import fc from "fast-check";
import type { Line } from "../page.ts";

/** A line of text 20 pixels high, every character 10 wide. */
export function line(text: string, x: number, y: number, height = 20, width = text.length * 10): Line {
  return { text, box: { x, y, width, height }, confidence: 0.9 };
}

/** Cells of one row, each at its x; those of `ends` end there. */
export function row(y: number, ...cells: readonly (readonly [text: string, x: number, ends?: "ends"])[]): Line[] {
  return cells.map(([text, x, ends]) => line(text, ends === undefined ? x : x - text.length * 10, y));
}

/** Lines of any size, anywhere on a page, each with a word of its own. */
export const anyLines: fc.Arbitrary<Line[]> = fc
  .array(
    fc.record({
      x: fc.integer({ min: 0, max: 900 }),
      y: fc.integer({ min: 0, max: 900 }),
      width: fc.integer({ min: 1, max: 400 }),
      height: fc.integer({ min: 1, max: 60 }),
      text: fc.constantFrom("word", "12,50", "a few words of it", "• item", "1. first", "漢字かな", "—"),
    }),
    { maxLength: 40 },
  )
  .map((places) => places.map(({ text, ...box }, index) => ({ text: `${text} n${index}`, box, confidence: 1 })));
