import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinRegions } from "./join-regions.ts";
import { boundsOf } from "./rotated-rect.ts";
import { findTextRegions, REGION_OPTIONS } from "./text-regions.ts";

const SIZE = 200;

/** A map where a bar of text of the given size stands at an angle. */
function bar(centerX: number, centerY: number, width: number, height: number, angle: number): Float32Array {
  const data = new Float32Array(SIZE * SIZE);
  for (let y = 0; y < SIZE; y += 1) {
    for (let x = 0; x < SIZE; x += 1) {
      const u = (x + 0.5 - centerX) * Math.cos(angle) + (y + 0.5 - centerY) * Math.sin(angle);
      const v = (y + 0.5 - centerY) * Math.cos(angle) - (x + 0.5 - centerX) * Math.sin(angle);
      if (Math.abs(u) <= width / 2 && Math.abs(v) <= height / 2) data[y * SIZE + x] = 0.9;
    }
  }
  return data;
}

const find = (data: Float32Array) => findTextRegions({ data, width: SIZE, height: SIZE }, { ...REGION_OPTIONS, unclipRatio: 0 });

describe("findTextRegions", () => {
  test("finds a line of any size at any small angle", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 120 }),
        fc.integer({ min: 6, max: 24 }),
        fc.double({ min: -0.3, max: 0.3, noNaN: true }),
        (width, height, angle) => {
          const [region, ...others] = find(bar(100, 100, width, height, angle));
          expect(others).toEqual([]);
          expect(Math.abs(region!.rect.centerX - 100)).toBeLessThan(1.5);
          expect(Math.abs(region!.rect.centerY - 100)).toBeLessThan(1.5);
          expect(Math.abs(region!.rect.width - width)).toBeLessThan(4);
          expect(Math.abs(region!.rect.height - height)).toBeLessThan(4);
          expect(region!.score).toBeCloseTo(0.9);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("a blank page has no lines, a weak one neither", () => {
    expect(find(new Float32Array(SIZE * SIZE))).toEqual([]);
    expect(find(bar(100, 100, 80, 10, 0).map((value) => value * 0.4))).toEqual([]);
  });

  test("grows a line back to the size of its print", () => {
    const [region] = findTextRegions(
      { data: bar(100, 100, 100, 10, 0), width: SIZE, height: SIZE },
      { ...REGION_OPTIONS, unclipRatio: 1.6 },
    );
    // 100 * 10 * 1.6 / (2 * (100 + 10)) = 7.3 on every side.
    expect(boundsOf(region!.rect).height).toBeCloseTo(10 + 2 * 7.27, 1);
  });
});

describe("joinRegions", () => {
  const region = (centerX: number, centerY: number, width: number) => ({
    score: 0.9,
    rect: { centerX, centerY, width, height: 20, angle: 0 },
  });

  test("joins pieces of one line that overlap, and only those", () => {
    const joined = joinRegions([region(150, 100, 60), region(100, 101, 60), region(300, 100, 60), region(100, 130, 60)]);
    expect(joined.map(({ rect }) => [rect.centerX, rect.width])).toEqual(
      expect.arrayContaining([
        [125, 110],
        [300, 60],
        [100, 60],
      ]),
    );
    expect(joined).toHaveLength(3);
  });
});
