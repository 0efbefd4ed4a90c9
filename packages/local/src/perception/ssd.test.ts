import * as fc from "fast-check";
import { expect, test } from "vitest";
import { anchorBoxes, decodeBox } from "./ssd.ts";

test("the trained size has the 1917 anchors the network answers for", () => {
  // 19², 10², 5², 3², 2² and 1 cells; three shapes in the first layer, six in the others.
  expect(anchorBoxes(300, 300).length).toBe(4 * (3 * 19 ** 2 + 6 * (10 ** 2 + 5 ** 2 + 3 ** 2 + 2 ** 2 + 1)));
});

test("the first anchor is 30 pixels square and stands in the middle of the first cell", () => {
  expect([...anchorBoxes(300, 300).subarray(0, 4)]).toEqual([300 / 19 / 2, 300 / 19 / 2, 30, 30].map((value) => expect.closeTo(value, 4)));
});

test("the code of a box against an anchor gives the box back", () => {
  const anchors = anchorBoxes(300, 300);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1916 }),
      fc.double({ min: 1, max: 299, noNaN: true }),
      fc.double({ min: 1, max: 299, noNaN: true }),
      fc.double({ min: 4, max: 300, noNaN: true }),
      fc.double({ min: 4, max: 300, noNaN: true }),
      (index, x, y, width, height) => {
        const [anchorY = 0, anchorX = 0, anchorHeight = 0, anchorWidth = 0] = anchors.subarray(index * 4, index * 4 + 4);
        const codes = new Float32Array(anchors.length);
        codes.set(
          [
            ((y - anchorY) / anchorHeight) * 10,
            ((x - anchorX) / anchorWidth) * 10,
            Math.log(height / anchorHeight) * 5,
            Math.log(width / anchorWidth) * 5,
          ],
          index * 4,
        );
        const box = decodeBox(codes, anchors, index);
        expect(box.left).toBeCloseTo(x - width / 2, 1);
        expect(box.top).toBeCloseTo(y - height / 2, 1);
        expect(box.right).toBeCloseTo(x + width / 2, 1);
        expect(box.bottom).toBeCloseTo(y + height / 2, 1);
      },
    ),
  );
});
