import type { Line } from "../page.ts";
import { rightOf } from "./geometry.ts";

/** What stands together on a row: words without a column's gap between them. Pixels. */
export interface Segment {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly height: number;
}

/** Parts of a row further apart than this share of its height are columns; a word space is a quarter of it, in typewriter faces half. */
const COLUMN_GAP = 0.6;

/** The lines of one row, left to right, as segments. */
export function toSegments(row: readonly Line[]): Segment[] {
  const height = Math.max(...row.map(({ box }) => box.height));
  const segments: Segment[] = [];
  for (const line of row) {
    const text = line.text.trim();
    if (text === "") continue;
    const last = segments.at(-1);
    if (last === undefined || line.box.x - last.right > COLUMN_GAP * height) {
      segments.push({ text, left: line.box.x, right: rightOf(line), height: line.box.height });
    } else {
      segments[segments.length - 1] = {
        text: `${last.text} ${text}`,
        left: last.left,
        right: Math.max(last.right, rightOf(line)),
        height: Math.max(last.height, line.box.height),
      };
    }
  }
  return segments;
}

/** The words of a segment, each as wide as its share of the characters. */
export function wordsOf({ text, left, right, height }: Segment): Segment[] {
  const wide = (right - left) / text.length;
  return [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => ({
    text: word,
    left: left + index * wide,
    right: left + (index + word.length) * wide,
    height,
  }));
}
