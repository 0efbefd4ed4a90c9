import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bodyParts } from "./body-parts.ts";

test("a whole standing person has all parts, from top to bottom", () => {
  const { head, upper, lower, feet } = bodyParts({ x: 300, y: 100, width: 150, height: 420 }, 800, 600);
  const tops = [head, upper, lower, feet].map((part) => part?.y ?? Number.NaN);
  expect(tops).toEqual([...tops].sort((a, b) => a - b));
  expect(feet).toBeDefined();
});

test("cut off at the picture's lower edge: no feet", () => {
  const { upper, feet } = bodyParts({ x: 300, y: 200, width: 160, height: 400 }, 800, 600);
  expect(upper).toBeDefined();
  expect(feet).toBeUndefined();
});

test("a head-and-shoulders portrait has nothing below the chest", () => {
  const { upper, lower, feet } = bodyParts({ x: 100, y: 60, width: 420, height: 540 }, 600, 600);
  expect(upper).toBeDefined();
  expect(lower).toBeUndefined();
  expect(feet).toBeUndefined();
});

test("a sitting person shows a chest, and who knows what below", () => {
  expect(Object.keys(bodyParts({ x: 200, y: 100, width: 250, height: 300 }, 800, 600)).sort()).toEqual(["head", "upper"]);
});

test("a sliver of a person at the picture's side shows nothing to tell clothes by", () => {
  expect(Object.keys(bodyParts({ x: 0, y: 100, width: 60, height: 400 }, 800, 600))).toEqual(["head"]);
});

test("whatever the box: each part lies within a little of it and has a size", () => {
  const size = fc.integer({ min: 1, max: 800 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 0, max: 500 }), size, size, (x, y, width, height) => {
      const box = { x, y, width, height };
      for (const part of Object.values(bodyParts(box, 800, 600))) {
        expect(part.width).toBeGreaterThan(0);
        expect(part.height).toBeGreaterThan(0);
        expect(part.x).toBeGreaterThanOrEqual(x - 0.2 * height - 0.001);
        expect(part.y).toBeGreaterThanOrEqual(y);
        expect(part.y + part.height).toBeLessThanOrEqual(y + height + 0.001);
      }
    }),
  );
});
