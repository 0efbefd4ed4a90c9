import type { Line } from "./page.ts";

/** Lines that stand side by side on one visual row, left to right: "TOTAL" and its amount. */
export type Row = readonly Line[];

/**
 * Groups lines into visual rows, top to bottom. Two lines share a row when they overlap vertically by
 * more than half of the lower one's height and do not lie over each other horizontally. A row is followed
 * from its right-most line, so that a slightly skewed scan keeps its rows.
 */
export function toRows(lines: readonly Line[]): Row[] {
  const byCentre = [...lines].sort((a, b) => centreY(a) - centreY(b));
  const rows: Line[][] = [];
  for (const line of byCentre) {
    const row = rows.findLast(
      (candidate) => candidate.every((other) => besideEachOther(other, line)) && candidate.some((other) => onOneRow(other, line)),
    );
    if (row === undefined) rows.push([line]);
    else row.push(line);
  }
  for (const row of rows) row.sort((a, b) => a.box.x - b.box.x);
  return rows.sort((a, b) => topOf(a) - topOf(b));
}

/** The text as printed, one visual row a line, its columns set apart by two spaces. */
export function toPlainText(lines: readonly Line[]): string {
  return toRows(lines).map(rowText).join("\n");
}

/**
 * The text as Markdown: clearly larger rows as headings, a gap of more than a row's height as a new
 * paragraph, printed bullets as list items, and characters that Markdown would take for marks escaped.
 */
export function toMarkdown(lines: readonly Line[]): string {
  const rows = toRows(lines);
  const usual = median(rows.map(rowHeight));
  const out: string[] = [];
  let previous: Row | undefined;
  for (const row of rows) {
    const text = rowText(row);
    const gap = previous === undefined ? 0 : topOf(row) - bottomOf(previous);
    const bullet = /^[•●▪◦‣]\s*(.*)$/u.exec(text);
    const heading = isHeading(row, usual, text);
    if (previous !== undefined) {
      const newBlock = gap > usual || heading || out.at(-1)?.startsWith("#") === true;
      // Two spaces at the end keep the printed line break inside a paragraph.
      if (newBlock) out.push("");
      else if (bullet === null) out[out.length - 1] += "  ";
    }
    if (heading) out.push(`## ${escapeMarkdown(text)}`);
    else if (bullet !== null) out.push(`- ${escapeMarkdown(bullet[1] ?? "")}`);
    else out.push(escapeMarkdown(text));
    previous = row;
  }
  return out.join("\n");
}

/** Parts of a row further apart than this share of its height are columns; a word space is a quarter of it, in typewriter faces half. */
const COLUMN_GAP = 0.6;

function rowText(row: Row): string {
  let text = "";
  let end = 0;
  for (const line of row) {
    const part = line.text.trim();
    if (part === "") continue;
    const apart = line.box.x - end > COLUMN_GAP * rowHeight(row);
    text += text === "" ? part : `${apart ? "  " : " "}${part}`;
    end = line.box.x + line.box.width;
  }
  return text;
}

/** A heading is printed at least 1.4 times the usual height and is short. */
function isHeading(row: Row, usual: number, text: string): boolean {
  return row.length === 1 && rowHeight(row) >= 1.4 * usual && text.length <= 80 && /\p{L}/u.test(text);
}

function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|]/g, "\\$&")
    .replace(/^(#{1,6}\s|[-+]\s)/, "\\$1")
    .replace(/^(\d+)([.)]\s)/, "$1\\$2");
}

function onOneRow(a: Line, b: Line): boolean {
  const overlap = Math.min(bottom(a), bottom(b)) - Math.max(a.box.y, b.box.y);
  return overlap > 0.5 * Math.min(a.box.height, b.box.height);
}

function besideEachOther(a: Line, b: Line): boolean {
  const overlap = Math.min(a.box.x + a.box.width, b.box.x + b.box.width) - Math.max(a.box.x, b.box.x);
  return overlap < 0.3 * Math.min(a.box.width, b.box.width);
}

const bottom = (line: Line): number => line.box.y + line.box.height;
const centreY = (line: Line): number => line.box.y + line.box.height / 2;
const topOf = (row: Row): number => Math.min(...row.map((line) => line.box.y));
const bottomOf = (row: Row): number => Math.max(...row.map(bottom));
const rowHeight = (row: Row): number => Math.max(...row.map((line) => line.box.height));

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
