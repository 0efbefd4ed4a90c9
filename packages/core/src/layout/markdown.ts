import type { Line } from "../page.ts";
import { rowText, toRows, type Row } from "../reading-order.ts";
import { bottomOf, median } from "./geometry.ts";
import { toRegions } from "./regions.ts";
import { findTables, type Table } from "./tables.ts";

/**
 * A page as Markdown, in reading order: clearly larger rows as headings, a gap of more than a row's height as a new paragraph, printed bullets and numbers that count up
 * as lists, tables as tables, printed line breaks kept, and characters that Markdown would take for marks escaped.
 */
export function toMarkdown(lines: readonly Line[]): string {
  const usual = median(lines.map(({ box }) => box.height));
  return toRegions(lines)
    .map((region) => regionToMarkdown(toRows(region), usual))
    .join("\n\n");
}

function regionToMarkdown(rows: readonly Row[], usual: number): string {
  const tables = findTables(rows);
  const out: string[] = [];
  let from = 0;
  for (const table of tables) {
    out.push(...proseToMarkdown(rows.slice(from, table.from), usual), tableToMarkdown(table));
    from = table.to;
  }
  out.push(...proseToMarkdown(rows.slice(from), usual));
  return out.join("\n\n");
}

/** Blocks: a heading, a paragraph, a list. */
function proseToMarkdown(rows: readonly Row[], usual: number): string[] {
  const texts = rows.map(rowText);
  const items = listItems(rows, texts);
  const blocks: string[] = [];
  let kind: "heading" | "text" | "list" | undefined;
  let depths: number[] = [];
  for (const [index, row] of rows.entries()) {
    const text = texts[index] as string;
    const level = headingLevel(row, usual, text);
    const item = items.get(index);
    const gap = index === 0 ? 0 : topOf(row) - lowest(rows[index - 1] as Row);
    if (level !== undefined) {
      blocks.push(`${"#".repeat(level)} ${escapeMarkdown(text)}`);
      kind = "heading";
    } else if (item !== undefined) {
      const left = leftOf(row);
      depths = kind === "list" ? [...depths.filter((depth) => depth < left - INDENT * usual), left] : [left];
      const line = `${"  ".repeat(depths.length - 1)}${item.mark} ${escapeMarkdown(item.text)}`;
      if (kind === "list") append(blocks, `\n${line}`);
      else blocks.push(line);
      kind = "list";
    } else if (kind === "list" && gap <= usual && leftOf(row) > (depths.at(-1) ?? 0) + INDENT * usual) {
      append(blocks, `  \n${"  ".repeat(depths.length)}${escapeMarkdown(text)}`);
    } else if (kind === "text" && gap <= usual) {
      // Two spaces at the end keep the printed line break inside a paragraph.
      append(blocks, `  \n${escapeMarkdown(text)}`);
    } else {
      blocks.push(escapeMarkdown(text));
      kind = "text";
    }
  }
  return blocks;
}

/** In heights of the page's usual row: text that stands further in than a list's mark by this is inside its item. */
const INDENT = 0.4;

function append(blocks: string[], text: string): void {
  blocks[blocks.length - 1] += text;
}

interface Item {
  /** "-" or "3." */
  readonly mark: string;
  readonly text: string;
}

/** Which rows begin an item of a list, by index: with a bullet; with a dash or the next number where others of the list do so too. */
function listItems(rows: readonly Row[], texts: readonly string[]): Map<number, Item> {
  const items = new Map<number, Item>();
  let number: { index: number; value: number; text: string } | undefined;
  let dash: { index: number; text: string } | undefined;
  for (const [index, text] of texts.entries()) {
    const bullet = /^[•●▪■◦‣∙\uf0b7\uf0a7]\s*(.+)$/u.exec(text)?.[1];
    if (bullet !== undefined) items.set(index, { mark: "-", text: bullet });
    const dashed = /^[-–—]\s+(\S.*)$/u.exec(text)?.[1];
    if (dashed !== undefined) {
      const sameList = dash !== undefined && isSameMargin(rows, dash.index, index);
      if (sameList)
        for (const each of [dash as { index: number; text: string }, { index, text: dashed }])
          items.set(each.index, { mark: "-", text: each.text });
      dash = { index, text: dashed };
    }
    const [, digits, counted] = /^(\d{1,3})[.)]\s+(\S.*)$/u.exec(text) ?? [];
    if (digits !== undefined && counted !== undefined) {
      const value = Number(digits);
      if (number !== undefined && value === number.value + 1 && isSameMargin(rows, number.index, index)) {
        items.set(number.index, { mark: `${number.value}.`, text: number.text });
        items.set(index, { mark: `${value}.`, text: counted });
      }
      number = { index, value, text: counted };
    }
  }
  return items;
}

/** Marks of one list stand under each other; numbers of several digits begin a digit further out. */
function isSameMargin(rows: readonly Row[], a: number, b: number): boolean {
  const [first, second] = [rows[a] as Row, rows[b] as Row];
  return Math.abs(leftOf(first) - leftOf(second)) < rowHeight(second);
}

/** A heading is printed at least 1.4 times the usual height, alone on its row, and short. */
function headingLevel(row: Row, usual: number, text: string): number | undefined {
  const times = rowHeight(row) / usual;
  if (row.length > 1 || times < 1.4 || text.length > 80 || !/\p{L}/u.test(text)) return undefined;
  return times >= 2 ? 1 : times >= 1.6 ? 2 : 3;
}

/** A table in GitHub's dialect, with an empty head where no row of it names the columns. */
function tableToMarkdown({ cells, header }: Table): string {
  const rows = header ? cells : [(cells[0] ?? []).map(() => ""), ...cells];
  const [head = [], ...body] = rows.map((row) => `| ${row.map((cell) => cell.split("\n").map(escapeMarkdown).join("<br>")).join(" | ")} |`);
  return [head, `|${" --- |".repeat(cells[0]?.length ?? 0)}`, ...body].join("\n");
}

/** `text` so that Markdown shows it as it is, at the beginning of a line or inside one. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|]/g, "\\$&")
    .replace(/^(#{1,6}\s|[-+]\s|[-=]{3,}$)/, "\\$1")
    .replace(/^(\d+)([.)]\s)/, "$1\\$2");
}

const leftOf = (row: Row): number => row[0]?.box.x ?? 0;
const topOf = (row: Row): number => Math.min(...row.map(({ box }) => box.y));
const lowest = (row: Row): number => Math.max(...row.map(bottomOf));
const rowHeight = (row: Row): number => Math.max(...row.map(({ box }) => box.height));
