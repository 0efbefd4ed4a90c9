import fc from "fast-check";
import { expect, test } from "vitest";
import { gridOf } from "./by-grid.ts";

test("a landscape has four columns and three rows, a portrait the other way round; names go by row and column", () => {
  expect(gridOf({ x: 0, y: 0, width: 400, height: 300 }).map(({ label }) => label)).toEqual(
    "A1 A2 A3 A4 B1 B2 B3 B4 C1 C2 C3 C4".split(" "),
  );
  expect(gridOf({ x: 0, y: 0, width: 300, height: 400 }).at(-1)?.label).toBe("D3");
  expect(gridOf({ x: 100, y: 50, width: 400, height: 300 })[5]).toEqual({ label: "B2", box: { x: 200, y: 150, width: 100, height: 100 } });
});

test("the cells cover the region, each place once", () => {
  const side = fc.integer({ min: 1, max: 5000 });
  fc.assert(
    fc.property(
      fc.nat(5000),
      fc.nat(5000),
      side,
      side,
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (x, y, width, height, across, down) => {
        const cells = gridOf({ x, y, width, height });
        expect(cells.reduce((sum, { box }) => sum + box.width * box.height, 0)).toBeCloseTo(width * height, 3);
        const [pointX, pointY] = [x + across * width, y + down * height];
        const close = 1e-9 * (x + y + width + height);
        const holding = cells.filter(
          ({ box }) =>
            pointX >= box.x - close && pointX < box.x + box.width + close && pointY >= box.y - close && pointY < box.y + box.height + close,
        );
        // On a border within rounding it may be two, at a corner four.
        expect([1, 2, 4]).toContain(holding.length);
      },
    ),
  );
});
