import type { Line } from "../page.ts";

/** Words for where lines stand: pixels, y downwards. */

export const rightOf = ({ box }: Line): number => box.x + box.width;
export const bottomOf = ({ box }: Line): number => box.y + box.height;
export const middleOf = ({ box }: Line): number => box.y + box.height / 2;

/** How many pixels two lines share horizontally; negative is the gap between them. */
export function sharedX(a: Line, b: Line): number {
  return Math.min(rightOf(a), rightOf(b)) - Math.max(a.box.x, b.box.x);
}

/** The upper one of two middle values; 0 for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
