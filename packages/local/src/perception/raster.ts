import type { Box } from "@sightline/core";
import { modeOklab, modeRgb, useMode } from "culori/fn";
import type { Pixels } from "../media/decode.ts";

/** A small copy of a part of a picture. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** RGB, 3 bytes a pixel. */
  readonly rgb: Uint8Array;
}

/**
 * The part `box` (pixels of `pixels`, inside it), shrunk so that its longer side has at most `longSide` pixels.
 * Each pixel is the mean of those it stands for, so that noise and fine weave do not become colours.
 */
export function rasterOf(pixels: Pixels, box: Box, longSide: number): Raster {
  const left = Math.min(pixels.width - 1, Math.max(0, Math.round(box.x)));
  const top = Math.min(pixels.height - 1, Math.max(0, Math.round(box.y)));
  const spanX = Math.max(1, Math.min(pixels.width - left, Math.round(box.width)));
  const spanY = Math.max(1, Math.min(pixels.height - top, Math.round(box.height)));
  const scale = Math.min(1, longSide / Math.max(spanX, spanY));
  const width = Math.max(1, Math.round(spanX * scale));
  const height = Math.max(1, Math.round(spanY * scale));
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const y0 = top + Math.floor((y * spanY) / height);
    const y1 = Math.max(y0 + 1, top + Math.floor(((y + 1) * spanY) / height));
    for (let x = 0; x < width; x++) {
      const x0 = left + Math.floor((x * spanX) / width);
      const x1 = Math.max(x0 + 1, left + Math.floor(((x + 1) * spanX) / width));
      let [red, green, blue] = [0, 0, 0];
      for (let fromY = y0; fromY < y1; fromY++) {
        for (let at = (fromY * pixels.width + x0) * 3, end = (fromY * pixels.width + x1) * 3; at < end; at += 3) {
          red += pixels.data[at] ?? 0;
          green += pixels.data[at + 1] ?? 0;
          blue += pixels.data[at + 2] ?? 0;
        }
      }
      const count = (y1 - y0) * (x1 - x0);
      rgb.set([red / count, green / count, blue / count], (y * width + x) * 3);
    }
  }
  return { width, height, rgb };
}

useMode(modeRgb);
const oklab = useMode(modeOklab);
/** Six bits a channel: finer than any border of a name, and few enough to keep. */
const known = new Map<number, readonly [number, number, number]>();

/** OKLab of a colour: lightness 0 to 1, a and b about -0.4 to 0.4. */
export function labOf(red: number, green: number, blue: number): readonly [lightness: number, a: number, b: number] {
  const key = ((red >> 2) << 12) | ((green >> 2) << 6) | (blue >> 2);
  const found = known.get(key);
  if (found !== undefined) return found;
  const middle = (value: number): number => ((value >> 2) * 4 + 1.5) / 255;
  const { l, a, b } = oklab({ mode: "rgb", r: middle(red), g: middle(green), b: middle(blue) });
  const lab = [l, a, b] as const;
  known.set(key, lab);
  return lab;
}
