import { expect, test } from "vitest";
import { colorShares, joinNear } from "./dominant-colors.ts";

function pixels(...runs: readonly (readonly [count: number, red: number, green: number, blue: number])[]): Uint8Array {
  return Uint8Array.from(runs.flatMap(([count, ...rgb]) => Array.from({ length: count }, () => rgb).flat()));
}

test("shares are counted by plain name, largest first", () => {
  const shares = colorShares(pixels([70, 20, 90, 200], [30, 255, 255, 255]));
  expect(shares.map(({ words, share }) => [words, share])).toEqual([
    ["blue", 0.7],
    ["white", 0.3],
  ]);
});

test("a shadow does not make a blue coat dark blue, night does", () => {
  expect(colorShares(pixels([55, 30, 70, 160], [45, 10, 18, 50]))[0]?.words).toBe("blue");
  expect(colorShares(pixels([20, 30, 70, 160], [80, 10, 18, 50]))[0]?.words).toBe("dark blue");
});

test("only the pixels asked for count", () => {
  expect(colorShares(pixels([1, 255, 0, 0], [9, 255, 255, 255]), (pixel) => pixel === 0)).toMatchObject([{ name: "red", share: 1 }]);
});

test("no pixels have no colours", () => {
  expect(colorShares(new Uint8Array())).toEqual([]);
});

test("two names for nearly one colour are joined, two colours are not", () => {
  expect(joinNear(colorShares(pixels([60, 220, 90, 50], [40, 205, 62, 48]))).map(({ name, share }) => [name, share])).toEqual([
    ["orange", 1],
  ]);
  expect(joinNear(colorShares(pixels([60, 20, 20, 20], [40, 250, 250, 250])))).toHaveLength(2);
});
