import type { Row } from "../reading-order.ts";
import { findColumns, isIn, shared, type Column } from "./columns.ts";
import { bottomOf, median } from "./geometry.ts";
import { toSegments, wordsOf, type Segment } from "./segments.ts";

/** Rows of a page that are a table. */
export interface Table {
  /** The first of the page's rows that belong to it, and the first that does not any more. */
  readonly from: number;
  readonly to: number;
  /** One text for each column, "" where the cell is empty; a line that was wrapped inside its cell stands behind "\n". */
  readonly cells: readonly (readonly string[])[];
  /** Whether the first row names the columns. */
  readonly header: boolean;
}

/** In line heights. Rows further apart belong to one table where all their cells stand under others, and to none beyond the second. */
const APART = 2.2;
const FAR_APART = 5;
/** Rows of a table with one cell only, one after the other: a wrapped description has three lines. */
const MOST_SINGLE = 4;
/** In line heights. Cells begin, end or are centred at the same place within this. */
const ALIGNED = 0.8;
/** In line heights. The lines of one cell are closer than this. */
const WRAPPED = 0.9;

/**
 * The tables among a page's rows: cells that stand under each other in three columns or more, or in two where the second holds figures. Rules that are drawn are not
 * known; a label and its value beside each other are no table.
 */
export function findTables(rows: readonly Row[]): Table[] {
  const segments = rows.map(toSegments);
  const height = median(rows.flatMap((row) => row.map(({ box }) => box.height)));
  const gaps = rows.map((row, index) => (index === 0 ? 0 : topOf(row) - lowest(rows[index - 1] as Row)));
  const tables: Table[] = [];
  for (let from = 0; from < rows.length;) {
    const to = (segments[from] as Segment[]).length < 2 ? from + 1 : endOfRun(segments, gaps, from, height);
    const table = to - from < 2 ? undefined : toTable({ segments, gaps, from, to, height });
    if (table !== undefined) tables.push(table);
    from = table?.to ?? (to - from < 2 ? to : from + 1);
  }
  return tables;
}

const topOf = (row: Row): number => Math.min(...row.map(({ box }) => box.y));
const lowest = (row: Row): number => Math.max(...row.map(bottomOf));

/** The first row after `from` that cannot stand in one table with those before it. */
function endOfRun(rows: readonly (readonly Segment[])[], gaps: readonly number[], from: number, height: number): number {
  let before: (readonly Segment[])[] = [rows[from] as Segment[]];
  let to = from + 1;
  let single = 0;
  for (; to < rows.length; to += 1) {
    const row = rows[to] as Segment[];
    const gap = gaps[to] as number;
    if (gap > FAR_APART * height) break;
    if (row.length < 2) {
      if (gap > APART * height || single === MOST_SINGLE) break;
      single += 1;
      continue;
    }
    const known = before.flat();
    const aligned = row.filter((segment) => known.some((other) => isAligned(segment, other, ALIGNED * height))).length;
    if (gap > APART * height ? aligned < row.length : 2 * aligned < row.length) break;
    before = [...before.slice(-2), row];
    single = 0;
  }
  return to - single;
}

function isAligned(a: Segment, b: Segment, within: number): boolean {
  return (
    Math.abs(a.left - b.left) < within || Math.abs(a.right - b.right) < within || Math.abs(a.left + a.right - b.left - b.right) < 2 * within
  );
}

interface Run {
  readonly segments: readonly (readonly Segment[])[];
  readonly gaps: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly height: number;
}

function toTable({ segments, gaps, from, to: end, height }: Run): Table | undefined {
  const inside = segments.slice(from, end);
  const several = inside.filter((row) => row.length > 1);
  const columns = findColumns(several);
  if (columns.length < 2) return undefined;
  const rows = several.map((row) => toCells(row, columns));
  const key = columns.findIndex((_, column) => 2 * rows.filter((cells) => cells[column] !== "").length >= rows.length);
  if (!isTable(rows) || median(several.map(widestGap)) < LEAST_GAP * height) return undefined;

  const cells: string[][] = [];
  let to = from;
  for (; to < segments.length; to += 1) {
    const row = segments[to] as Segment[];
    // Behind the run only what was wrapped still belongs to it.
    const close = (gaps[to] as number) < WRAPPED * height;
    const next = to < end || (row.length === 1 && close) ? toCells(row, columns) : undefined;
    if (next === undefined) break;
    const last = cells.at(-1);
    if (last !== undefined && close && isWrapped(next, last, key)) {
      for (const [column, text] of next.entries()) if (text !== "") last[column] = last[column] === "" ? text : `${last[column]}\n${text}`;
    } else if (to < end) cells.push(next);
    else break;
  }
  return { from, to, cells, header: namesColumns(cells) };
}

/** A row's texts, one for each column. Words of what spans columns go to the one they stand under, where the row is divided like the others. */
function toCells(row: readonly Segment[], columns: readonly Column[]): string[] {
  const cells = columns.map(() => "");
  const put = (text: string, column: number): void => void (cells[column] = cells[column] === "" ? text : `${cells[column]} ${text}`);
  for (const segment of row) {
    const under = columns.flatMap((column, index) => (isIn(segment, column) ? [index] : []));
    if (under.length <= 1 || row.length === 1) put(segment.text, under[0] ?? nearest(segment, columns));
    else for (const word of wordsOf(segment)) put(word.text, nearest(word, columns));
  }
  return cells;
}

function nearest(segment: Column, columns: readonly Column[]): number {
  let best = 0;
  for (const [index, column] of columns.entries()) if (shared(segment, column) > shared(segment, columns[best] as Column)) best = index;
  return best;
}

/** Whether a row goes on in the cells of the one before: nothing in the column that begins a row, and no second amount under an amount. */
function isWrapped(row: readonly string[], last: readonly string[], key: number): boolean {
  return (
    row[key] === "" &&
    row.every((text, column) => text === "" || last[column] === "" || !(isAmount(text) && isAmount(last[column] as string)))
  );
}

/** In line heights. In most rows of a table one gap at least is this wide; in lines that are all set to one width none is. */
const LEAST_GAP = 1.5;

function widestGap(row: readonly Segment[]): number {
  return Math.max(0, ...row.slice(1).map((segment, index) => segment.left - (row[index] as Segment).right));
}

function isTable(rows: readonly (readonly string[])[]): boolean {
  const width = rows[0]?.length ?? 0;
  if (width > 2) return rows.length >= 2 && rows.filter((row) => row.filter((cell) => cell !== "").length >= 3).length >= 2;
  const labels = rows.filter(([label = ""]) => label.endsWith(":")).length;
  return rows.length >= 3 && 2 * labels < rows.length && rows.filter((row) => isFigure(row[1] ?? "")).length >= 0.6 * rows.length;
}

/** The first row has no figures and stands over some. */
function namesColumns([first, ...rest]: readonly (readonly string[])[]): boolean {
  if (first === undefined || rest.length === 0 || first.filter((cell) => cell !== "").length < 2) return false;
  if (first.some(isFigure)) return false;
  return first.some((name, column) => {
    const filled = rest.map((row) => row[column] ?? "").filter((cell) => cell !== "");
    return name !== "" && filled.length > 0 && 2 * filled.filter(isFigure).length >= filled.length;
  });
}

/** A number with decimals. */
const isAmount = (cell: string): boolean => /\p{Nd}[.,]\p{Nd}/u.test(cell);

/** Amounts, quantities, dates and numbers: digits, with few letters about them. */
function isFigure(cell: string): boolean {
  const digits = cell.match(/\p{Nd}/gu)?.length ?? 0;
  const letters = cell.match(/\p{L}/gu)?.length ?? 0;
  return digits > 0 && letters <= digits + 3;
}
