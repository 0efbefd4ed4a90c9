import type { RotatedRect } from "./rotated-rect.ts";

/** RGB, 3 bytes a pixel. */
export interface RgbImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Straightens a line of text out of the picture: `rect` becomes an upright image `height` pixels high and
 * `width` wide, RGB. Outside the picture the nearest pixel is repeated.
 * Bilinear when the line is enlarged; when it is reduced every pixel is the mean of those it covers, or thin strokes would break.
 */
export function cropLine(image: RgbImage, rect: RotatedRect, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height * 3);
  const cos = Math.cos(rect.angle);
  const sin = Math.sin(rect.angle);
  const stepX = rect.width / width;
  const stepY = rect.height / height;
  const samplesX = Math.min(8, Math.max(1, Math.round(stepX)));
  const samplesY = Math.min(8, Math.max(1, Math.round(stepY)));
  const samples = samplesX * samplesY;
  const maxX = image.width - 1;
  const maxY = image.height - 1;
  const { data } = image;
  const stride = image.width * 3;
  let at = 0;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let j = 0; j < samplesY; j += 1) {
        const v = (row + (j + 0.5) / samplesY) * stepY - rect.height / 2;
        for (let i = 0; i < samplesX; i += 1) {
          const u = (column + (i + 0.5) / samplesX) * stepX - rect.width / 2;
          // Pixel centres lie at .5.
          const x = Math.min(maxX, Math.max(0, rect.centerX + u * cos - v * sin - 0.5));
          const y = Math.min(maxY, Math.max(0, rect.centerY + u * sin + v * cos - 0.5));
          const x0 = Math.floor(x);
          const y0 = Math.floor(y);
          const fx = x - x0;
          const fy = y - y0;
          const a = y0 * stride + x0 * 3;
          const right = x0 < maxX ? 3 : 0;
          const down = y0 < maxY ? stride : 0;
          const w00 = (1 - fx) * (1 - fy);
          const w10 = fx * (1 - fy);
          const w01 = (1 - fx) * fy;
          const w11 = fx * fy;
          red += data[a]! * w00 + data[a + right]! * w10 + data[a + down]! * w01 + data[a + right + down]! * w11;
          green += data[a + 1]! * w00 + data[a + right + 1]! * w10 + data[a + down + 1]! * w01 + data[a + right + down + 1]! * w11;
          blue += data[a + 2]! * w00 + data[a + right + 2]! * w10 + data[a + down + 2]! * w01 + data[a + right + down + 2]! * w11;
        }
      }
      out[at] = red / samples + 0.5;
      out[at + 1] = green / samples + 0.5;
      out[at + 2] = blue / samples + 0.5;
      at += 3;
    }
  }
  return out;
}
