import { median } from "./geometry.ts";
import type { Segment } from "./segments.ts";

/** A column of a table, in the page's pixels. */
export interface Column {
  readonly left: number;
  readonly right: number;
}

/** Rows that each cell is held against to see whether it spans columns: in long tables, so many of them. */
const SAMPLE = 50;

/** Of the narrower one's width: what shares this much with a column stands in it. */
const SHARED = 0.3;

/**
 * The columns that rows of segments stand in, from left to right. What lies over several cells of most other rows spans columns and makes none: a headline read as one
 * word group, a remark. Of the rest the narrowest say where columns are.
 */
export function findColumns(rows: readonly (readonly Segment[])[]): Column[] {
  const columns: { left: number; right: number; rows: Set<number> }[] = [];
  const some = rows.length <= SAMPLE ? rows : rows.filter((_, index) => index % Math.ceil(rows.length / SAMPLE) === 0);
  const segments = rows.flatMap((row, index) =>
    row.filter((segment) => !spans(segment, some)).map((segment) => ({ ...segment, row: index })),
  );
  for (const { left, right, row } of segments.sort((a, b) => a.right - a.left - (b.right - b.left))) {
    const inside = columns.filter((column) => isIn({ left, right }, column));
    if (inside.length > 1) continue;
    const [column] = inside;
    if (column === undefined) columns.push({ left, right, rows: new Set([row]) });
    else {
      column.left = Math.min(column.left, left);
      column.right = Math.max(column.right, right);
      column.rows.add(row);
    }
  }
  columns.sort((a, b) => a.left - b.left);
  // Cells that are never on one row, and hardly apart, are one column's: indented ones, a heading beside its figures.
  const height = median(segments.map((segment) => segment.height));
  const joined: typeof columns = [];
  for (const column of columns) {
    const last = joined.at(-1);
    const apart = last === undefined || column.left - last.right > height || [...column.rows].some((row) => last.rows.has(row));
    if (last === undefined || apart) joined.push(column);
    else {
      last.right = Math.max(last.right, column.right);
      for (const row of column.rows) last.rows.add(row);
    }
  }
  return joined.map(({ left, right }) => ({ left, right }));
}

/** Whether a segment lies over two cells or more in most of the rows that have any under or above it. */
function spans(segment: Segment, rows: readonly (readonly Segment[])[]): boolean {
  const counts = rows.map((row) => row.filter((other) => isIn(segment, other)).length);
  return 2 * counts.filter((count) => count > 1).length >= counts.filter((count) => count > 0).length;
}

export function isIn(segment: Column, column: Column): boolean {
  return shared(segment, column) > SHARED * Math.min(segment.right - segment.left, column.right - column.left);
}

/** How many pixels two stretches share; negative is the gap between them. */
export function shared(a: Column, b: Column): number {
  return Math.min(a.right, b.right) - Math.max(a.left, b.left);
}
