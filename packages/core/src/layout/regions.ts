import { unionBox } from "../page.ts";
import type { Box, Line } from "../page.ts";
import { bottomOf, median, middleOf, rightOf } from "./geometry.ts";

/** In line heights. The gap between two columns of text is at least this wide. */
const GUTTER = 1;
/** Columns have at least so many lines each: two blocks of addresses have fewer, and are read row by row. */
const FEWEST_LINES = 4;
/** Places for a gutter that are tried: a newspaper's page has six columns. */
const MOST_GUTTERS = 6;
/** In line heights. A gap across both columns that may be the end of them: more than between paragraphs. */
const STRETCH_GAP = 2;
/** Columns inside columns, this deep. */
const MOST_CUTS = 12;

/**
 * A page's lines as the parts that are read one after the other: what stands above columns of text, the columns from left to right, what stands below them. Tables are
 * no columns of text: they stay in one part. Text that runs up or down the page is the last part. What stands on one row of a column is one line, however far its words were
 * set apart to fill it.
 */
export function toRegions(lines: readonly Line[]): (readonly Line[])[] {
  const shown = lines.filter((line) => line.text.trim() !== "");
  const turned = shown.filter(isTurned);
  const upright = turned.length === 0 ? shown : shown.filter((line) => !isTurned(line));
  return [...cut(upright, MOST_CUTS), turned].filter((region) => region.length > 0);
}

/** Text that runs up or down is much higher than wide. */
export function isTurned({ box, text }: Line): boolean {
  return box.height > 3 * box.width && [...text.trim()].length >= 3;
}

function cut(lines: readonly Line[], depth: number): (readonly Line[])[] {
  const columns = depth === 0 || lines.length < 2 * FEWEST_LINES ? undefined : findColumns(lines);
  if (columns === undefined) return [lines];
  const { above, left, right, below } = columns;
  const wide = JUSTIFIED * median(lines.map(({ box }) => box.height));
  const column = (part: readonly Line[]): (readonly Line[])[] =>
    cut(part, depth - 1).map((region) => (region === part ? joinRows(part, wide) : region));
  return [...cut(above, depth - 1), ...column(left), ...column(right), ...cut(below, depth - 1)].filter((part) => part.length > 0);
}

interface Columns {
  readonly above: readonly Line[];
  readonly left: readonly Line[];
  readonly right: readonly Line[];
  readonly below: readonly Line[];
}

/** The most lines that stand in two columns; undefined when none do. */
function findColumns(lines: readonly Line[]): Columns | undefined {
  const height = median(lines.map(({ box }) => box.height));
  const sorted = [...lines].sort((a, b) => middleOf(a) - middleOf(b));
  let best: Columns | undefined;
  let most = 0;
  for (const x of gutters(sorted, GUTTER * height)) {
    for (const whole of bandsBeside(x, sorted)) {
      const parts = stretches(whole, sorted, STRETCH_GAP * height);
      for (const { from, to } of [withoutTables(parts, x, sorted, height), ...parts]) {
        if (to - from <= most) continue;
        const { left, right } = sidesOf(sorted.slice(from, to), x);
        if (!areColumns(left, right, height)) continue;
        most = to - from;
        best = { above: sorted.slice(0, from), left, right, below: sorted.slice(to) };
      }
    }
  }
  if (best === undefined) return undefined;
  // A date or a letterhead beside the columns' beginning stands above them.
  const first = Math.min(...best.left.map(({ box }) => box.y));
  const early = best.right.filter((line) => bottomOf(line) < first - height);
  return early.length === 0
    ? best
    : { ...best, above: [...best.above, ...early], right: best.right.filter((line) => !early.includes(line)) };
}

/** Where most rows have a gap at least `wide` pixels wide: x, the best first. */
function gutters(sorted: readonly Line[], wide: number): number[] {
  let gaps = sorted.flatMap((line, index) => {
    const next = nextOnRow(sorted, index);
    return next !== undefined && next.box.x - rightOf(line) >= wide ? [{ from: rightOf(line), to: next.box.x }] : [];
  });
  const found: number[] = [];
  while (found.length < MOST_GUTTERS && gaps.length >= FEWEST_LINES) {
    const x = mostShared(gaps);
    const here = gaps.filter(({ from, to }) => from <= x && x <= to);
    if (here.length < FEWEST_LINES) break;
    found.push(x);
    gaps = gaps.filter((gap) => !here.includes(gap));
  }
  return found;
}

/** Lines above and below that are looked at for the one to the right. */
const NEAREST = 256;

/** The nearest line to the right on the same row. */
function nextOnRow(sorted: readonly Line[], index: number): Line | undefined {
  const line = sorted[index] as Line;
  let next: Line | undefined;
  const look = (at: number): boolean => {
    const other = sorted[at];
    if (other === undefined || Math.abs(at - index) > NEAREST || Math.abs(middleOf(other) - middleOf(line)) > line.box.height) return false;
    if (other.box.x >= rightOf(line) && (next === undefined || other.box.x < next.box.x)) next = other;
    return true;
  };
  for (let at = index + 1; look(at); at += 1);
  for (let at = index - 1; look(at); at -= 1);
  return next;
}

/** The middle of the stretch that most intervals share. */
function mostShared(gaps: readonly { readonly from: number; readonly to: number }[]): number {
  const edges = gaps.flatMap(({ from, to }) => [
    { x: from, step: 1 },
    { x: to, step: -1 },
  ]);
  edges.sort((a, b) => a.x - b.x || b.step - a.step);
  let [count, most, from, to] = [0, 0, 0, 0];
  for (const [index, { x, step }] of edges.entries()) {
    count += step;
    if (count <= most) continue;
    most = count;
    from = x;
    to = edges[index + 1]?.x ?? x;
  }
  return (from + to) / 2;
}

/** Lines that follow each other from the top, by index; `to` is the first after them. */
interface Band {
  readonly from: number;
  readonly to: number;
}

/** The parts of a band between gaps that run across all of it and are at least `high` pixels high. */
function stretches({ from, to }: Band, sorted: readonly Line[], high: number): Band[] {
  const parts: Band[] = [];
  let start = from;
  let lowest = -Infinity;
  for (let at = from; at < to; at += 1) {
    const line = sorted[at] as Line;
    if (at > start && line.box.y - lowest >= high) {
      parts.push({ from: start, to: at });
      start = at;
    }
    lowest = Math.max(lowest, bottomOf(line));
  }
  return [...parts, { from: start, to }];
}

interface Sides {
  readonly left: readonly Line[];
  readonly right: readonly Line[];
}

function sidesOf(lines: readonly Line[], x: number): Sides {
  const isLeft = ({ box }: Line): boolean => box.x + box.width / 2 < x;
  return { left: lines.filter(isLeft), right: lines.filter((line) => !isLeft(line)) };
}

/** A band from its first part to its last, without tables at its beginning and end that have a gap where the columns have theirs. */
function withoutTables(parts: readonly Band[], x: number, sorted: readonly Line[], height: number): Band {
  const isTable = ({ from, to }: Band): boolean => {
    const { left, right } = sidesOf(sorted.slice(from, to), x);
    return inCommonRows(left, right, height) >= MOST_IN_ROW && !isProse(left, height) && !isProse(right, height);
  };
  const first = parts.findIndex((part) => !isTable(part));
  const last = parts.findLastIndex((part) => !isTable(part));
  return { from: parts[first]?.from ?? 0, to: parts[last]?.to ?? 0 };
}

/** Runs of lines, none of which crosses `x`. */
function bandsBeside(x: number, sorted: readonly Line[]): Band[] {
  const bands: Band[] = [];
  let from = 0;
  for (let at = 0; at <= sorted.length; at += 1) {
    const line = sorted[at];
    if (line !== undefined && (line.box.x >= x || rightOf(line) <= x)) continue;
    if (at - from >= 2 * FEWEST_LINES) bands.push({ from, to: at });
    from = at + 1;
  }
  return bands;
}

/** Prose beside prose, or lines beside lines that keep no common rows: the cells of a table do neither. */
function areColumns(left: readonly Line[], right: readonly Line[], height: number): boolean {
  if (Math.min(left.length, right.length) < FEWEST_LINES || !areBeside(left, right)) return false;
  if (isProse(left, height) && isProse(right, height)) return true;
  return inCommonRows(left, right, height) < MOST_IN_ROW && (isProse(left, height) || isProse(right, height));
}

/** The part of the fewer lines that have one of the others on their row, 0 to 1. */
function inCommonRows(left: readonly Line[], right: readonly Line[], height: number): number {
  const [few, many] = left.length < right.length ? [left, right] : [right, left];
  const inRow = few.filter((line) => many.some((other) => Math.abs(middleOf(other) - middleOf(line)) < ON_ROW * height)).length;
  return few.length === 0 ? 0 : inRow / few.length;
}

/** Of a line's height. */
const ON_ROW = 0.25;
const MOST_IN_ROW = 0.5;

/** Both cover the same part of the page's height, for the most part of the shorter one. */
function areBeside(left: readonly Line[], right: readonly Line[]): boolean {
  const extent = (lines: readonly Line[]): [number, number] => [
    Math.min(...lines.map(({ box }) => box.y)),
    Math.max(...lines.map(bottomOf)),
  ];
  const [a, b] = [extent(left), extent(right)];
  const shared = Math.min(a[1], b[1]) - Math.max(a[0], b[0]);
  return shared > 0.5 * Math.min(a[1] - a[0], b[1] - b[0]);
}

/** Lines of several words under each other, more letters than digits; formulas and lists between them are few characters. */
function isProse(lines: readonly Line[], height: number): boolean {
  const rows = joinRows(lines, JUSTIFIED * height);
  const isWordy = (text: string): boolean => text.trim().split(/\s+/).length >= 3 || characters(text) >= (UNSPACED.test(text) ? 8 : 20);
  const wordy = rows.filter(({ text }) => isWordy(text));
  const text = rows.map((row) => row.text).join("");
  // The last line of a paragraph is short.
  if (
    rows.length < FEWEST_LINES ||
    wordy.length < FEWEST_LINES - 1 ||
    characters(wordy.map((row) => row.text).join("")) < 0.6 * characters(text)
  )
    return false;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const digits = text.match(/\p{N}/gu)?.length ?? 0;
  if (digits > 0.25 * letters) return false;
  const below = rows.slice(1).map((line, index) => line.box.y - bottomOf(rows[index] as Line));
  return median(below) < 1.2 * height;
}

/** In line heights. Words of a column are set apart by no more than this so that its lines are all equally long. */
const JUSTIFIED = 1.8;

/** Lines that stand on one row, with gaps of no more than `wide` pixels, as one. */
function joinRows(lines: readonly Line[], wide: number): Line[] {
  const rows: Line[][] = [];
  for (const line of [...lines].sort((a, b) => middleOf(a) - middleOf(b))) {
    const row = rows.at(-1);
    const last = row?.at(-1);
    if (row !== undefined && last !== undefined && middleOf(line) - middleOf(last) < SAME_ROW * Math.min(line.box.height, last.box.height))
      row.push(line);
    else rows.push([line]);
  }
  return rows.flatMap((row) => {
    const joined: Line[] = [];
    for (const line of row.sort((a, b) => a.box.x - b.box.x)) {
      const last = joined.at(-1);
      if (last === undefined || line.box.x - rightOf(last) > wide) joined.push(line);
      else joined[joined.length - 1] = join(last, line);
    }
    return joined;
  });
}

/** Of a line's height. */
const SAME_ROW = 0.4;

function join(a: Line, b: Line): Line {
  return {
    text: `${a.text.trim()} ${b.text.trim()}`,
    box: unionBox([a.box, b.box]) as Box,
    confidence: Math.min(a.confidence, b.confidence),
  };
}

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

const characters = (text: string): number => [...text.trim()].length;
