import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxAsGiven, clampBox, findQuote, foldText, iou, sizeTurned, turnBox, unionBox } from "./page.ts";
import type { Box, Line, Turn } from "./page.ts";

const box = fc.record({
  x: fc.double({ min: -500, max: 1500, noNaN: true }),
  y: fc.double({ min: -500, max: 1500, noNaN: true }),
  width: fc.double({ min: 0.1, max: 900, noNaN: true }),
  height: fc.double({ min: 0.1, max: 900, noNaN: true }),
});
const line = (text: string, y: number, x = 10): Line => ({ text, box: { x, y, width: text.length * 8, height: 12 }, confidence: 0.9 });

describe("turned pictures", () => {
  const turns = fc.constantFrom<Turn>(90, 180, 270);
  const size = fc.record({ width: fc.integer({ min: 1, max: 9000 }), height: fc.integer({ min: 1, max: 9000 }) });
  /** In whole pixels, inside the picture. */
  const boxIn = ({ width, height }: { width: number; height: number }) =>
    fc.tuple(fc.integer({ min: 0, max: width - 1 }), fc.integer({ min: 0, max: height - 1 })).chain(([x, y]) =>
      fc.record({
        x: fc.constant(x),
        y: fc.constant(y),
        width: fc.integer({ min: 1, max: width - x }),
        height: fc.integer({ min: 1, max: height - y }),
      }),
    );
  const pictureWithBox = size.chain((picture) => fc.tuple(fc.constant(picture), boxIn(picture)));

  test("a box goes there and back, whichever way the picture was turned", () => {
    fc.assert(
      fc.property(pictureWithBox, fc.option(turns, { nil: undefined }), ([picture, given], turned) => {
        const read = turned === undefined ? given : turnBox(given, picture, turned);
        const asRead = sizeTurned(picture, turned);
        expect(boxAsGiven(read, turned === undefined ? asRead : { ...asRead, turned })).toEqual(given);
        expect(clampBox(read, asRead.width, asRead.height)).toEqual(read);
      }),
    );
  });

  test("four quarters are a whole, and two are a half", () => {
    fc.assert(
      fc.property(pictureWithBox, ([picture, given]) => {
        let [box, at]: [Box, { width: number; height: number }] = [given, picture];
        for (let quarter = 1; quarter <= 4; quarter += 1) {
          box = turnBox(box, at, 90);
          at = sizeTurned(at, 90);
          if (quarter === 2) expect(box).toEqual(turnBox(given, picture, 180));
          if (quarter === 3) expect(box).toEqual(turnBox(given, picture, 270));
        }
        expect(box).toEqual(given);
      }),
    );
  });

  test("what stands at the top left comes to the top right, clockwise", () => {
    expect(turnBox({ x: 1, y: 2, width: 30, height: 4 }, { width: 100, height: 50 }, 90)).toEqual({ x: 44, y: 1, width: 4, height: 30 });
  });
});

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
