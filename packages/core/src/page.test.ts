import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clampBox, findQuote, foldText, iou, unionBox } from "./page.ts";
import type { Box, Line } from "./page.ts";

const box = fc.record({
  x: fc.double({ min: -500, max: 1500, noNaN: true }),
  y: fc.double({ min: -500, max: 1500, noNaN: true }),
  width: fc.double({ min: 0.1, max: 900, noNaN: true }),
  height: fc.double({ min: 0.1, max: 900, noNaN: true }),
});
const line = (text: string, y: number, x = 10): Line => ({ text, box: { x, y, width: text.length * 8, height: 12 }, confidence: 0.9 });

describe("boxes", () => {
  test("a clamped box lies inside the picture, in whole pixels", () => {
    fc.assert(
      fc.property(box, (given) => {
        const clamped = clampBox(given, 1000, 800);
        if (clamped === undefined) return;
        expect(Object.values(clamped).every(Number.isInteger)).toBe(true);
        expect(clamped.x).toBeGreaterThanOrEqual(0);
        expect(clamped.y).toBeGreaterThanOrEqual(0);
        expect(clamped.x + clamped.width).toBeLessThanOrEqual(1000);
        expect(clamped.y + clamped.height).toBeLessThanOrEqual(800);
        expect(clamped.width).toBeGreaterThan(0);
        expect(clamped.height).toBeGreaterThan(0);
      }),
    );
  });

  test("intersection over union is symmetric, 1 for the same box and 0 for boxes apart", () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        expect(iou(a, b)).toBeCloseTo(iou(b, a), 12);
        expect(iou(a, a)).toBeCloseTo(1, 9);
        expect(iou(a, { ...a, x: a.x + a.width + 1 })).toBe(0);
      }),
    );
  });

  test("the union holds every box and is no larger than needed", () => {
    fc.assert(
      fc.property(fc.array(box, { minLength: 1, maxLength: 6 }), (boxes) => {
        const union = unionBox(boxes) as Box;
        expect(union.x).toBe(Math.min(...boxes.map((each) => each.x)));
        expect(union.y + union.height).toBeCloseTo(Math.max(...boxes.map((each) => each.y + each.height)), 6);
      }),
    );
    expect(unionBox([])).toBeUndefined();
  });
});

describe("findQuote", () => {
  const lines = [line("ACME  TRADING SDN. BHD.", 0), line("TOTAL (RM):", 20), line("15.00", 20, 200), line("RM9.50 paid", 40)];

  test("ignores case, spaces and punctuation", () => {
    expect(findQuote(lines, "Acme Trading Sdn Bhd")).toEqual(lines[0]?.box);
  });

  test("runs over lines and boxes all of them", () => {
    expect(findQuote(lines, "Total RM 15.00")).toEqual(unionBox([lines[1]?.box as Box, lines[2]?.box as Box]));
  });

  test("never takes part of a number for the number", () => {
    expect(findQuote(lines, "5.00")).toBeUndefined();
    expect(findQuote(lines, "15.0")).toBeUndefined();
    expect(findQuote(lines, "9.50")).toEqual(lines[3]?.box);
  });

  test("finds nothing for a quote of no letters or digits, or one that is not there", () => {
    expect(findQuote(lines, " … ")).toBeUndefined();
    expect(findQuote(lines, "grand total")).toBeUndefined();
  });

  test("every whole line is found where it stands", () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.array(word, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6, selector: (words) => words.join("") }),
        (texts) => {
          const page = texts.map((words, index) => line(words.join(" "), index * 20));
          for (const each of page) expect(findQuote(page, each.text)).toBeDefined();
        },
      ),
    );
  });
});

test("foldText keeps accents and folds compatibility forms", () => {
  expect(foldText("Größe: １２３ ﬁn")).toBe("größe123fin");
});
