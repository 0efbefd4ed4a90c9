import { expect, test } from "vitest";
import { changedShare, difference, medianThumbnail } from "./thumbnails.ts";

const picture = (...data: number[]) => ({ data: Uint8Array.from(data), width: data.length, height: 1 });

test("a share of the pixels that changed, whatever the light does", () => {
  const before = picture(100, 100, 100, 100, 100, 100, 100, 100, 100, 100);
  expect(changedShare(before, before)).toBe(0);
  expect(changedShare(before, picture(140, 140, 140, 140, 140, 140, 140, 140, 140, 140))).toBe(0);
  expect(changedShare(before, picture(100, 100, 100, 100, 100, 100, 100, 100, 200, 10))).toBe(0.2);
  expect(changedShare(before, picture(105, 95, 110, 90, 100, 100, 100, 100, 100, 100))).toBe(0);
});

test("how far each pixel is from the scene", () => {
  expect([...difference(picture(100, 100, 100, 30), picture(100, 100, 100, 100))]).toEqual([0, 0, 0, 70]);
});

test("the median is the scene without what passed through it", () => {
  expect([...(medianThumbnail([picture(10, 200), picture(12, 10), picture(11, 12)])?.data ?? [])]).toEqual([11, 12]);
  expect(medianThumbnail([])).toBeUndefined();
});
