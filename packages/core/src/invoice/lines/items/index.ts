import { compareAmounts, isWithin, sum } from "../../amount.ts";
import type { InvoiceLine, Totals } from "../../schema.ts";
import type { Sourced } from "../../sourced.ts";
import { foundAt } from "../reading.ts";
import type { Reading, TextRow, Weighed } from "../reading.ts";
import { tableHeads } from "./head.ts";
import { amountOf, linesIn } from "./lines.ts";
import type { TableLine } from "./lines.ts";
import type { NumberCell } from "./row-cells.ts";
import { tableParts } from "./table.ts";
import { unheadedLines } from "./unheaded.ts";
import { foundTexts } from "./texts.ts";

/** How far a sum of lines may be off a printed total, in units of the currency: each line is rounded once. */
const TOLERANCE = "0.05";

/** The tables of goods of a document, before it is known which of their rows are lines. */
export interface GoodsTables {
  readonly lines: readonly TableLine[];
  isHeading(row: TextRow): boolean;
  /** Whether a row stands in a table of goods. */
  isInside(row: TextRow): boolean;
}

export function readTables(reading: Reading): GoodsTables {
  const heads = tableHeads(reading);
  const parts = tableParts(reading, heads);
  const headings = new Set(heads.flatMap(({ first, last, isLines }) => (isLines ? reading.rows.slice(first, last + 1) : [])));
  const inside = new Set(parts.flatMap(({ rows }) => rows));
  return { lines: parts.flatMap(linesIn), isHeading: (row) => headings.has(row), isInside: (row) => inside.has(row) };
}

/**
 * The lines of goods of an invoice. Printed totals choose between readings: a row that only sums up is none when the others make the total, and amounts that make
 * the gross are no net amounts.
 */
export function readLines(reading: Reading, tables: GoodsTables, totals: Sourced<Totals>): readonly Sourced<InvoiceLine>[] {
  const lines = tables.lines.length === 0 ? unheadedLines(reading, totals) : chooseLines(tables.lines, totals);
  return lines.map((line) => toLine(line, makesGross(lines, totals)));
}

/** Those of a receipt, whose columns are narrow and often misread: only where they make its total. */
export function readReceiptLines(reading: Reading, tables: GoodsTables, totals: Sourced<Totals>): readonly Sourced<InvoiceLine>[] {
  const lines = chooseLines(tables.lines, totals);
  const isProven = lines.length === 0 || [totals.net, totals.gross].some((total) => makes(lines, total?.value));
  return isProven ? readLines(reading, tables, totals) : [];
}

function makesGross(lines: readonly TableLine[], { gross, net, lines: sumOfLines }: Sourced<Totals>): boolean {
  return lines.length > 0 && makes(lines, gross?.value) && !makes(lines, net?.value) && !makes(lines, sumOfLines?.value);
}

/** All rows with an amount where they make a printed total; else those that are counted, where any is. */
function chooseLines(lines: readonly TableLine[], totals: Sourced<Totals>): readonly TableLine[] {
  const counted = lines.filter(({ isCounted }) => isCounted);
  if (counted.length === 0 || counted.length === lines.length) return lines;
  const printed = [totals.lines, totals.net, totals.gross].map((total) => total?.value);
  const isProven = printed.some((total) => makes(lines, total)) && !printed.some((total) => makes(counted, total));
  return isProven ? lines : counted;
}

function makes(lines: readonly TableLine[], total: string | undefined): boolean {
  if (total === undefined) return false;
  return isWithin(sum(lines.flatMap((line) => amountOf(line)?.number.value ?? [])), total, TOLERANCE);
}

function toLine({ numbers, name, details }: TableLine, isGross: boolean): Sourced<InvoiceLine> {
  const { quantity, unitPrice, taxRate, net, amount, gross } = numbers;
  const withoutTax = net ?? (isGross || (gross !== undefined && amount === undefined) ? undefined : amount);
  return {
    description: foundTexts(name),
    details: foundTexts(details),
    quantity: foundNumber(quantity),
    unit: foundUnit(quantity),
    unit_price: isGross ? undefined : foundNumber(unitPrice),
    net_amount: foundNumber(withoutTax),
    tax_rate: taxRate !== undefined && compareAmounts(taxRate.number.value, "100") < 0 ? foundNumber(taxRate) : undefined,
  };
}

function foundNumber(cell: NumberCell | undefined): Weighed | undefined {
  return cell === undefined ? undefined : foundAt(cell.row, cell.number.from, cell.number.to, cell.number.value, 0.85);
}

function foundUnit(cell: NumberCell | undefined): Weighed | undefined {
  if (cell?.unit === undefined) return undefined;
  const { from, to } = cell.unit;
  return foundAt(cell.row, from, to, cell.row.text.slice(from, to), 0.8);
}
