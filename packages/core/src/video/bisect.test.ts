import fc from "fast-check";
import { expect, test } from "vitest";
import { type Bracket, cuts, narrowed, widthOf } from "./bisect.ts";

test("cuts are equal parts, as many as are needed or may be", () => {
  expect(cuts({ without: 0, with: 1 }, 0.25, 10)).toEqual([0.25, 0.5, 0.75]);
  expect(cuts({ without: 8, with: 4 }, 0.5, 3)).toEqual([5, 6, 7]);
  expect(cuts({ without: 0, with: 0.5 }, 0.5, 3)).toEqual([]);
});

test("from the moment with it outwards: what comes back further out is another stay", () => {
  const seen = [1, 2, 3, 4].map((time) => ({ time, there: time !== 3 }));
  expect(narrowed({ without: 0, with: 5 }, seen)).toEqual({ without: 3, with: 4 });
  expect(narrowed({ without: 5, with: 0 }, seen)).toEqual({ without: 3, with: 2 });
});

test("an end is found to the precision, on its own side", () => {
  const time = fc.double({ min: 0, max: 3600, noNaN: true });
  fc.assert(
    fc.property(
      time,
      time,
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      fc.integer({ min: 1, max: 12 }),
      (without, with_, share, most) => {
        const truth = without + share * (with_ - without);
        let bracket: Bracket = { without, with: with_ };
        for (let round = 0; widthOf(bracket) > 0.5; round++) {
          expect(round).toBeLessThan(20);
          const there = (at: number): boolean => (with_ > without ? at >= truth : at <= truth);
          bracket = narrowed(
            bracket,
            cuts(bracket, 0.5, most).map((at) => ({ time: at, there: there(at) })),
          );
        }
        expect(Math.abs(bracket.with - truth)).toBeLessThanOrEqual(0.5);
      },
    ),
  );
});
