import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Line } from "./page.ts";
import { toPlainText, toRows } from "./reading-order.ts";

const line = (text: string, x: number, y: number, height = 20, width = text.length * 10): Line => ({
  text,
  box: { x, y, width, height },
  confidence: 0.9,
});

describe("rows", () => {
  test("an item and its amount share a row, also on a skewed scan", () => {
    const lines = [line("12.50", 400, 9), line("COFFEE", 0, 0), line("TEA", 0, 30), line("3.00", 400, 39)];
    expect(toPlainText(lines)).toBe("COFFEE  12.50\nTEA  3.00");
  });

  test("words that were read apart are one space apart, columns two", () => {
    expect(toPlainText([line("1", 0, 0), line("x", 20, 0), line("Bun", 40, 0), line("2.85", 200, 0)])).toBe("1 x Bun  2.85");
  });

  test("lines over each other never share a row, however close they are set", () => {
    const lines = [line("first line of it", 0, 0, 24), line("second line of it", 0, 10, 24)];
    expect(toRows(lines)).toHaveLength(2);
  });

  test("no line is lost or doubled, whatever the layout", () => {
    const anyLine = fc.record({
      x: fc.integer({ min: 0, max: 900 }),
      y: fc.integer({ min: 0, max: 900 }),
      h: fc.integer({ min: 5, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 40 }), (places) => {
        const lines = places.map((at, index) => line(`w${index}`, at.x, at.y, at.h));
        const texts = toRows(lines)
          .flat()
          .map((each) => each.text);
        expect(texts.sort()).toEqual(lines.map((each) => each.text).sort());
      }),
    );
  });
});
