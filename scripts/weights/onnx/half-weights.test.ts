import fc from "fast-check";
import { expect, test } from "vitest";
import { toHalf } from "./half-weights.ts";

/** What the bits of a binary16 say: IEEE 754-2019, 3.4. */
function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (1 + mantissa / 1024) * 2 ** (exponent - 15));
}

test("every finite half comes back as itself", () => {
  for (let half = 0; half < 0x7c00; half += 1) expect(toHalf(fromHalf(half))).toBe(half);
});

test("no half is nearer than the one that was chosen", () => {
  fc.assert(
    fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (value) => {
      const half = toHalf(value);
      const off = Math.abs(fromHalf(half) - value);
      const magnitude = half & 0x7fff;
      const neighbours = [magnitude - 1, magnitude + 1].filter((each) => each >= 0 && each < 0x7c00).map((each) => (half & 0x8000) | each);
      for (const each of neighbours) expect(off).toBeLessThanOrEqual(Math.abs(fromHalf(each) - value));
    }),
    { numRuns: 2000 },
  );
});
