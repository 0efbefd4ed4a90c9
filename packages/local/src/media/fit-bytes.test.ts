import { InputError } from "@sightline/core/errors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitBytes } from "./fit-bytes.ts";

/** Stands for a JPEG encoder: bytes grow with the area and, like those of real ones, with e to the quality, bent by `bend`. */
function encoder(scale: number, slope: number, bend: number) {
  const calls: number[] = [];
  return {
    calls,
    encode: async (quality: number, width: number) => {
      calls.push(quality);
      const length = Math.max(1, Math.round(scale * (width / 1000) ** 2 * Math.exp(slope * quality + bend * (quality / 80) ** 4)));
      return { bytes: new Uint8Array(length), width, height: Math.round(width * 0.75) };
    },
  };
}
const size = { width: 1000, height: 750 };

describe("fitBytes", () => {
  test("keeps the first encode when it fits", async () => {
    const { calls, encode } = encoder(10_000, 0.02, 0);
    expect((await fitBytes(size, 60_000, 80, encode)).bytes.length).toBeLessThanOrEqual(60_000);
    expect(calls).toEqual([80]);
  });

  test("comes within 4 % of the bound at full size when quality alone can do it, in at most 5 encodes", async () => {
    const { calls, encode } = encoder(20_000, 0.02, 0.3);
    const whole = (await encode(80, 1000)).bytes.length;
    calls.length = 0;
    const fitted = await fitBytes(size, Math.round(whole * 0.6), 80, encode);
    expect(fitted.width).toBe(1000);
    expect(fitted.bytes.length).toBeLessThanOrEqual(whole * 0.6);
    expect(fitted.bytes.length).toBeGreaterThan(whole * 0.6 * 0.96);
    expect(calls.length).toBeLessThanOrEqual(5);
  });

  test("never exceeds the bound, never enlarges, and shrinks only when the lowest quality is too big", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 500, max: 200_000 }),
        fc.double({ min: 0.001, max: 0.06, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 200, max: 400_000 }),
        async (scale, slope, bend, maxBytes) => {
          const { calls, encode } = encoder(scale, slope, bend);
          const fitted = await fitBytes(size, maxBytes, 80, encode);
          expect(fitted.bytes.length).toBeLessThanOrEqual(maxBytes);
          expect(fitted.width).toBeLessThanOrEqual(1000);
          const atFloor = (await encode(30, 1000)).bytes.length;
          if (atFloor <= maxBytes) expect(fitted.width).toBe(1000);
          expect(calls.every((quality) => quality >= 30 && quality <= 80)).toBe(true);
        },
      ),
    );
  });

  test("says so when nothing fits", async () => {
    await expect(fitBytes(size, 10, 80, async (_quality, width) => ({ bytes: new Uint8Array(300), width, height: 1 }))).rejects.toThrow(
      InputError,
    );
  });
});
