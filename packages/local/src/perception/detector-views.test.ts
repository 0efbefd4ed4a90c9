import * as fc from "fast-check";
import { expect, test } from "vitest";
import { closerView, detectorViews } from "./detector-views.ts";

const side = fc.integer({ min: 1, max: 5000 });

test("every view lies inside the picture and inside the network's input", () => {
  fc.assert(
    fc.property(side, side, (width, height) => {
      for (const view of detectorViews(width, height, 300)) {
        expect(view.left).toBeGreaterThanOrEqual(0);
        expect(view.top).toBeGreaterThanOrEqual(0);
        expect(view.right).toBeLessThanOrEqual(width);
        expect(view.bottom).toBeLessThanOrEqual(height);
        expect(view.right).toBeGreaterThan(view.left);
        expect(view.bottom).toBeGreaterThan(view.top);
        expect(view.width).toBeGreaterThan(0);
        expect(view.height).toBeGreaterThan(0);
        expect(Math.max(view.width, view.height)).toBe(300);
      }
    }),
  );
});

test("a picture is looked at twice to seven times, whatever its shape", () => {
  fc.assert(
    fc.property(side, side, (width, height) => {
      const { length } = detectorViews(width, height, 300);
      expect(length).toBeGreaterThanOrEqual(2);
      expect(length).toBeLessThanOrEqual(7);
    }),
  );
});

test("the squares along a wide picture overlap and reach both ends", () => {
  const squares = detectorViews(1280, 720, 300).slice(2);
  expect(squares.map(({ left, right }) => [left, right])).toEqual([
    [0, 720],
    [560, 1280],
  ]);
});

test("a closer look has the whole thing before it, inside the picture", () => {
  fc.assert(
    fc.property(
      side,
      side,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (width, height, x0, x1, y0, y1) => {
        const box = {
          left: Math.min(x0, x1) * width,
          right: Math.max(x0, x1) * width,
          top: Math.min(y0, y1) * height,
          bottom: Math.max(y0, y1) * height,
        };
        const view = closerView(box, width, height, 300);
        expect(view.left).toBeGreaterThanOrEqual(0);
        expect(view.top).toBeGreaterThanOrEqual(0);
        expect(view.right).toBeLessThanOrEqual(width);
        expect(view.bottom).toBeLessThanOrEqual(height);
        expect(view.left).toBeLessThanOrEqual(box.left + 1);
        expect(view.right).toBeGreaterThanOrEqual(box.right - 1);
        expect(view.top).toBeLessThanOrEqual(box.top + 1);
        expect(view.bottom).toBeGreaterThanOrEqual(box.bottom - 1);
      },
    ),
  );
});
