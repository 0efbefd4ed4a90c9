/** One shape for what stands on a page, whether a text layer, OCR or a model read it. */

/**
 * A bounding box in full-resolution pixels of the upright picture (after EXIF rotation):
 * `x`, `y` is the top left corner, origin at the picture's top left.
 */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a line's text comes from. */
export type LineSource = "text-layer" | "ocr" | "model";

/** One line of text as printed. */
export interface Line {
  readonly text: string;
  readonly box: Box;
  /** The reader's own confidence, 0 to 1. A text layer is read, not guessed: 1. */
  readonly confidence: number;
}

export interface Page {
  /** 1 for the first page. */
  readonly number: number;
  /** Full-resolution pixels, upright. */
  readonly width: number;
  readonly height: number;
  readonly source: LineSource;
  /** In reading order: top to bottom, left to right. */
  readonly lines: readonly Line[];
}

/** The part of `box` inside a picture of `width` x `height`, in whole pixels; undefined when nothing is left. */
export function clampBox(box: Box, width: number, height: number): Box | undefined {
  const left = Math.max(0, Math.floor(box.x));
  const top = Math.max(0, Math.floor(box.y));
  const right = Math.min(width, Math.ceil(box.x + box.width));
  const bottom = Math.min(height, Math.ceil(box.y + box.height));
  if (!(right > left && bottom > top)) return undefined;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Intersection over union of two boxes, 0 to 1. */
export function iou(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}
