import type { Box } from "@sightline/core";
import type { Rgb } from "./label.ts";

/** Drawing straight into RGB pixels: an overlay of a 100 megapixel picture's size would take 400 MB, a frame of boxes takes none. */

export type Color = readonly [red: number, green: number, blue: number];

/** Fills a rectangle; what lies outside the picture is left out. */
export function fillRectangle(image: Rgb, box: Box, [red, green, blue]: Color): void {
  const left = Math.max(0, Math.round(box.x));
  const right = Math.min(image.width, Math.round(box.x + box.width));
  const bottom = Math.min(image.height, Math.round(box.y + box.height));
  for (let y = Math.max(0, Math.round(box.y)); y < bottom; y++) {
    for (let at = (y * image.width + left) * 3, end = (y * image.width + right) * 3; at < end; at += 3) {
      image.data[at] = red;
      image.data[at + 1] = green;
      image.data[at + 2] = blue;
    }
  }
}

/** The outline of a rectangle, `thickness` pixels wide, on its inside. */
export function strokeRectangle(image: Rgb, { x, y, width, height }: Box, thickness: number, color: Color): void {
  fillRectangle(image, { x, y, width, height: Math.min(thickness, height) }, color);
  fillRectangle(image, { x, y: Math.max(y, y + height - thickness), width, height: Math.min(thickness, height) }, color);
  fillRectangle(image, { x, y, width: Math.min(thickness, width), height }, color);
  fillRectangle(image, { x: Math.max(x, x + width - thickness), y, width: Math.min(thickness, width), height }, color);
}

/** Copies `piece` onto `image` with its top left corner at `x`, `y`; what lies outside is left out. */
export function paste(image: Rgb, piece: Rgb, x: number, y: number): void {
  const left = Math.max(0, x);
  const right = Math.min(image.width, x + piece.width);
  if (right <= left) return;
  for (let row = Math.max(0, y); row < Math.min(image.height, y + piece.height); row++) {
    const from = ((row - y) * piece.width + (left - x)) * 3;
    image.data.set(piece.data.subarray(from, from + (right - left) * 3), (row * image.width + left) * 3);
  }
}
