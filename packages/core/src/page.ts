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

/** Resolution in dots per inch in which boxes on pages of a PDF are given: its points are 72 to the inch. Pictures are their own pixels. */
export const PAGE_DPI = 150;

/** Where a line's text comes from. */
export type LineSource = "text-layer" | "ocr" | "model";

/** One line of text as printed. */
export interface Line {
  readonly text: string;
  readonly box: Box;
  /** The reader's own confidence, 0 to 1. A text layer is read, not guessed: 1. */
  readonly confidence: number;
}

/** Degrees, clockwise, by which a picture is turned. */
export type Turn = 90 | 180 | 270;

/** A picture as it was read. */
export interface TurnedPicture {
  /** Full-resolution pixels, upright. */
  readonly width: number;
  readonly height: number;
  /**
   * How the picture that was given (after EXIF rotation) was turned so that its text runs from left to right; absent where it was read as it came.
   * Size and boxes are those of the turned picture; `boxAsGiven` leads back, and answers hold boxes of that kind alone.
   */
  readonly turned?: Turn;
}

export interface Page extends TurnedPicture {
  /** 1 for the first page. */
  readonly number: number;
  readonly source: LineSource;
  /** In reading order: top to bottom, left to right. */
  readonly lines: readonly Line[];
}

/** Where `box` lies when the picture it is of, `width` x `height`, is turned. */
export function turnBox(box: Box, { width, height }: { readonly width: number; readonly height: number }, turn: Turn): Box {
  switch (turn) {
    case 90:
      return { x: height - box.y - box.height, y: box.x, width: box.height, height: box.width };
    case 180:
      return { x: width - box.x - box.width, y: height - box.y - box.height, width: box.width, height: box.height };
    case 270:
      return { x: box.y, y: width - box.x - box.width, width: box.height, height: box.width };
  }
}

/** Where a box on a picture as it was read lies on the picture that was given. */
export function boxAsGiven(box: Box, picture: TurnedPicture): Box {
  return picture.turned === undefined ? { ...box } : turnBox(box, picture, OPPOSITE[picture.turned]);
}

const OPPOSITE: Readonly<Record<Turn, Turn>> = { 90: 270, 180: 180, 270: 90 };

/** Width and height of the other frame: those of a picture that was read for one that was given, and the other way round. */
export function sizeTurned(
  { width, height }: { readonly width: number; readonly height: number },
  turn: Turn | undefined,
): { width: number; height: number } {
  return turn === 90 || turn === 270 ? { width: height, height: width } : { width, height };
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

/** The smallest box around all `boxes`; undefined for none. */
export function unionBox(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (const box of boxes) {
    left = Math.min(left, box.x);
    top = Math.min(top, box.y);
    right = Math.max(right, box.x + box.width);
    bottom = Math.max(bottom, box.y + box.height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Letters and digits alone, compatibility forms and case folded: how two readings of the same print are compared. */
export function foldText(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

/**
 * Where `quote` stands among `lines` (in reading order): the box around the lines that hold it, spaces,
 * punctuation and case ignored. A quote may run over several lines. Undefined when it stands nowhere.
 * A word is not found inside another word or number: "5.00" is not evidence for "15.00".
 */
export function findQuote(lines: readonly Line[], quote: string): Box | undefined {
  const wanted = foldText(quote);
  if (wanted === "") return undefined;
  // One string of all folded words, with the line each character came from and where words begin and end.
  let all = "";
  const lineAt: number[] = [];
  const starts = new Set<number>();
  const ends = new Set<number>();
  lines.forEach((line, index) => {
    for (const word of line.text.split(/\s+/)) {
      const folded = foldText(word);
      if (folded === "") continue;
      starts.add(all.length);
      all += folded;
      for (let i = 0; i < folded.length; i += 1) lineAt.push(index);
      ends.add(all.length);
    }
  });
  for (let at = all.indexOf(wanted); at !== -1; at = all.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    if (!atWordEdge(all, at, starts) || !atWordEdge(all, end, ends)) continue;
    const first = lineAt[at] ?? 0;
    const last = lineAt[end - 1] ?? first;
    return unionBox(lines.slice(first, last + 1).map((line) => line.box));
  }
  return undefined;
}

/** A quote may begin or end where a word does, or where letters meet digits ("RM9.00" holds "9.00"). */
function atWordEdge(text: string, at: number, edges: ReadonlySet<number>): boolean {
  if (edges.has(at)) return true;
  const before = text[at - 1] ?? "";
  const after = text[at] ?? "";
  return /\p{N}/u.test(before) !== /\p{N}/u.test(after);
}
