import type { Box } from "../page.ts";
import type { Thumbnail } from "../ports.ts";

/** A pixel that differs by more than this, of 256 levels of grey, has changed: above what encoders and sensors add to an area's mean. */
const NOISE = 12;

/** How much two thumbnails of one size differ, whatever the light did to the whole picture: the share of their pixels that changed, 0 to 1. */
export function changedShare(a: Thumbnail, b: Thumbnail): number {
  const shift = brightnessShift(a, b);
  let changed = 0;
  for (let at = 0; at < a.data.length; at++) if (Math.abs((a.data[at] ?? 0) - (b.data[at] ?? 0) - shift) > NOISE) changed++;
  return a.data.length === 0 ? 0 : changed / a.data.length;
}

/** How far each pixel of `picture` is from `background`, 0 to 255; 0 up to what noise makes. */
export function difference(picture: Thumbnail, background: Thumbnail): Uint8Array {
  const shift = brightnessShift(picture, background);
  return picture.data.map((value, at) => {
    const differs = Math.abs(value - (background.data[at] ?? 0) - shift);
    return differs > NOISE ? Math.min(255, differs) : 0;
  });
}

/** As `changedShare`, of the pixels in `part` (shares of the picture's sides) alone. */
export function changedIn(part: Box, a: Thumbnail, b: Thumbnail): number {
  const { width, height } = a;
  const shift = brightnessShift(a, b);
  const [left, right] = [Math.max(0, Math.floor(part.x * width)), Math.min(width, Math.ceil((part.x + part.width) * width))];
  const [top, bottom] = [Math.max(0, Math.floor(part.y * height)), Math.min(height, Math.ceil((part.y + part.height) * height))];
  let [changed, all] = [0, 0];
  for (let y = top; y < bottom; y++) {
    for (let at = y * width + left; at < y * width + right; at++) {
      all++;
      if (Math.abs((a.data[at] ?? 0) - (b.data[at] ?? 0) - shift) > NOISE) changed++;
    }
  }
  return all === 0 ? 0 : changed / all;
}

/** What most pixels differ by: a cloud, or the camera's exposure. The median, as what moves through the picture is the lesser part of it. */
function brightnessShift(a: Thumbnail, b: Thumbnail): number {
  const counts = new Uint32Array(511);
  for (let at = 0; at < a.data.length; at++) counts[(a.data[at] ?? 0) - (b.data[at] ?? 0) + 255]!++;
  let below = 0;
  for (let level = 0; level < counts.length; level++) {
    below += counts[level]!;
    if (below * 2 >= a.data.length) return level - 255;
  }
  return 0;
}

/** Each pixel's median over several thumbnails of one size: the scene without what passed through it. */
export function medianThumbnail(thumbnails: readonly Thumbnail[]): Thumbnail | undefined {
  const [first] = thumbnails;
  if (first === undefined) return undefined;
  const middle = (thumbnails.length - 1) >> 1;
  const data = first.data.map((_, at) => thumbnails.map((each) => each.data[at] ?? 0).toSorted((a, b) => a - b)[middle] ?? 0);
  return { ...first, data };
}
