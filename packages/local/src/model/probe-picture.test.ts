import sharp from "sharp";
import { expect, test } from "vitest";
import { probePicture } from "./probe-picture.ts";

test("is a PNG that others can read: red on the left, blue on the right", async () => {
  const { bytes, mediaType, width, height } = probePicture();
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width, height, channels: 3 });
  expect(mediaType).toBe("image/png");
  const pixel = (x: number, y: number) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
  expect([pixel(0, 0), pixel(width - 1, height - 1)]).toEqual([
    [220, 30, 30],
    [30, 60, 220],
  ]);
});
