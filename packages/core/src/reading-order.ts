import { toRegions } from "./layout/regions.ts";
import { toSegments } from "./layout/segments.ts";
import { bottomOf, middleOf, sharedX } from "./layout/geometry.ts";
import type { Line } from "./page.ts";

/** Lines that stand side by side on one visual row, left to right: "TOTAL" and its amount. */
export type Row = readonly Line[];

/** Rows that a line is held against, those begun last: no page has more of them at one height, and a hostile one may have a hundred thousand. */
const NEAREST = 64;

/**
 * Groups lines into visual rows, top to bottom. Two lines share a row when they overlap vertically by
 * more than half of the lower one's height and do not lie over each other horizontally. A row is followed
 * from its right-most line, so that a slightly skewed scan keeps its rows.
 */
export function toRows(lines: readonly Line[]): Row[] {
  const byCentre = [...lines].sort((a, b) => middleOf(a) - middleOf(b));
  const rows: Line[][] = [];
  for (const line of byCentre) {
    const row = rows
      .slice(-NEAREST)
      .findLast(
        (candidate) => candidate.every((other) => besideEachOther(other, line)) && candidate.some((other) => onOneRow(other, line)),
      );
    if (row === undefined) rows.push([line]);
    else row.push(line);
  }
  for (const row of rows) row.sort((a, b) => a.box.x - b.box.x);
  return rows.sort((a, b) => topOf(a) - topOf(b));
}

/** The text as printed, columns of text one after the other, one visual row a line, what stands apart on a row set apart by two spaces. */
export function toPlainText(lines: readonly Line[]): string {
  return toRegions(lines)
    .flatMap((region) => toRows(region).map(rowText))
    .join("\n");
}

/** A row's text. */
export function rowText(row: Row): string {
  return toSegments(row)
    .map(({ text }) => text)
    .join("  ");
}

function onOneRow(a: Line, b: Line): boolean {
  const overlap = Math.min(bottomOf(a), bottomOf(b)) - Math.max(a.box.y, b.box.y);
  return overlap > 0.5 * Math.min(a.box.height, b.box.height);
}

function besideEachOther(a: Line, b: Line): boolean {
  return sharedX(a, b) < 0.3 * Math.min(a.box.width, b.box.width);
}

const topOf = (row: Row): number => Math.min(...row.map(({ box }) => box.y));
