import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { characterErrorRate, fold, isPresent, linesFound, wrongDigits } from "../bench/ocr-metrics.ts";

const text = fc.string({ unit: fc.constantFrom(..."aäZ019 .,€\n") });

describe("OCR metrics", () => {
  test("a page read as it is has no error", () => {
    fc.assert(
      fc.property(text, (page) => {
        expect(characterErrorRate(page, page)).toBe(0);
        expect(wrongDigits(page, page)).toBe(0);
        const { found, of } = linesFound(page, page.split("\n"));
        expect(found).toBe(of);
      }),
    );
  });

  test("one character more is one error, one digit more one wrong digit", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."aä019"), minLength: 1 }), fc.nat(), (page, at) => {
        const cut = at % (page.length + 1);
        const read = `${page.slice(0, cut)}7${page.slice(cut)}`;
        expect(characterErrorRate(read, page)).toBeCloseTo(1 / page.length);
        expect(wrongDigits(read, page)).toBe(1);
      }),
    );
  });

  test("folding leaves nothing to fold", () => {
    fc.assert(
      fc.property(text, (page) => {
        expect(fold(fold(page))).toBe(fold(page));
      }),
    );
  });

  test("spaces and punctuation do not hide a line; another digit does", () => {
    expect(isPresent("TOTAL RM 33 . 90", "rm33.90")).toBe(true);
    expect(isPresent("TOTAL RM 33.80", "33.90")).toBe(false);
    expect(linesFound("A B\nC", ["ab", "d", "--"])).toEqual({ found: 1, of: 2 });
  });
});
