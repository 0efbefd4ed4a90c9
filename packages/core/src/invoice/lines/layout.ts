import { unionBox } from "../../page.ts";
import type { Box, Line, Page } from "../../page.ts";
import { toRows } from "../../reading-order.ts";

/** A word, its box measured off from its line's by its share of the characters. */
export interface Word {
  readonly text: string;
  readonly box: Box;
  readonly line: Line;
}

/** Words on one row without a wide gap between them: a label, a value, a cell, a sentence. */
export interface Segment {
  readonly page: number;
  /** Index of its row on the page. */
  readonly row: number;
  readonly text: string;
  readonly box: Box;
  readonly words: readonly Word[];
  /** Where in `text` each word begins. */
  readonly offsets: readonly number[];
}

export interface SheetRow {
  readonly index: number;
  readonly page: number;
  readonly box: Box;
  readonly segments: readonly Segment[];
}

/** A page as rows of segments. */
export interface Sheet {
  readonly page: number;
  readonly width: number;
  readonly height: number;
  readonly ocr: boolean;
  /** Usual height of a line, in the page's pixels. */
  readonly lineHeight: number;
  readonly rows: readonly SheetRow[];
  readonly segments: readonly Segment[];
}

/** Words further apart than this share of the line's height stand in different segments: a word space is a quarter of it, in typewriter faces up to 0.8. */
const SEGMENT_GAP = 0.95;
/** A typewriter's space is as wide as its characters; a gap is none below this many characters' widths. */
const SEGMENT_GAP_CHARACTERS = 1.9;

/**
 * Characters of a line, and of a row, that are looked at. Six-point print has 250 to the width of A4; what is longer was made to cost time, and the patterns of the
 * rules are not to be run on it.
 */
const LONGEST_LINE = 500;
const LONGEST_ROW = 1000;

export function toSheet(page: Page): Sheet {
  const lines = page.lines.filter(({ text, box }) => text.trim() !== "" && text.length <= LONGEST_LINE && box.width > 0 && box.height > 0);
  const upright = withoutRotated(lines);
  const rows: SheetRow[] = toRows(upright).map((row, index) => {
    const segments = upTo(LONGEST_ROW, toSegments(row.flatMap(toWords), page.number, index));
    return { index, page: page.number, box: around(segments.map(({ box }) => box)), segments };
  });
  return {
    page: page.number,
    width: page.width,
    height: page.height,
    ocr: page.source === "ocr",
    lineHeight: median(upright.map(({ box }) => box.height)) || 1,
    rows,
    segments: rows.flatMap(({ segments }) => segments),
  };
}

/** The first segments that together have no more than so many characters. */
function upTo(characters: number, segments: readonly Segment[]): readonly Segment[] {
  let left = characters;
  return segments.filter(({ text }) => (left -= text.length) >= 0);
}

/** Text that runs up the margin comes as single letters, one above the other: at least this many, most of them letters. */
const ROTATED_COUNT = 10;

function withoutRotated(lines: readonly Line[]): readonly Line[] {
  const single = groupBy(
    lines.filter((line) => [...line.text.trim()].length === 1 || line.box.height > 4 * line.box.width),
    (line) => Math.round(line.box.x / Math.max(4, line.box.width / 2)),
  );
  const rotated = new Set(
    [...single.values()]
      .filter((column) => column.length >= ROTATED_COUNT && column.filter(({ text }) => /\p{L}/u.test(text)).length > column.length / 2)
      .flat(),
  );
  return rotated.size === 0 ? lines : lines.filter((line) => !rotated.has(line));
}

/** Words of a line; a run of spaces is as wide as its characters say. */
export function toWords(line: Line): Word[] {
  const length = [...line.text].length || 1;
  const unit = line.box.width / length;
  const words: Word[] = [];
  let at = 0;
  for (const piece of line.text.split(/(\s+)/)) {
    const width = [...piece].length;
    if (piece.trim() !== "") words.push({ text: piece, box: { ...line.box, x: line.box.x + at * unit, width: width * unit }, line });
    at += width;
  }
  return words;
}

function toSegments(words: readonly Word[], page: number, row: number): Segment[] {
  const groups: Word[][] = [];
  for (const word of [...words].sort((a, b) => a.box.x - b.box.x)) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group === undefined || before === undefined || isApart(before, word)) groups.push([word]);
    else group.push(word);
  }
  return groups.map((group) => toSegment(group, page, row));
}

function isApart(before: Word, word: Word): boolean {
  const gap = word.box.x - (before.box.x + before.box.width);
  const height = Math.min(before.box.height, word.box.height);
  if (before.line === word.line) return gap > 2.5 * characterWidth(word);
  const character = Math.max(characterWidth(before), characterWidth(word));
  return gap > Math.max(SEGMENT_GAP * height, 0) || (gap > 0.6 * height && gap > SEGMENT_GAP_CHARACTERS * character);
}

const characterWidth = (word: Word): number => word.box.width / ([...word.text].length || 1);

export function toSegment(words: readonly Word[], page: number, row: number): Segment {
  const offsets: number[] = [];
  let text = "";
  for (const word of words) {
    if (text !== "") text += " ";
    offsets.push(text.length);
    text += word.text;
  }
  return { page, row, text, box: around(words.map(({ box }) => box)), words, offsets };
}

/** The words of a segment that hold its characters `from` to `to`. */
export function wordsBetween(segment: Segment, from: number, to: number): readonly Word[] {
  return segment.words.filter((word, index) => {
    const start = segment.offsets[index] ?? 0;
    return start < to && start + word.text.length > from;
  });
}

export const around = (boxes: readonly Box[]): Box => unionBox(boxes) ?? { x: 0, y: 0, width: 0, height: 0 };
export const rightOf = ({ x, width }: Box): number => x + width;
export const bottomOf = ({ y, height }: Box): number => y + height;
export const centreX = ({ x, width }: Box): number => x + width / 2;
export const centreY = ({ y, height }: Box): number => y + height / 2;

/** How many pixels two boxes share horizontally; negative is the gap between them. */
export function overlapX(a: Box, b: Box): number {
  return Math.min(rightOf(a), rightOf(b)) - Math.max(a.x, b.x);
}

export function groupBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
