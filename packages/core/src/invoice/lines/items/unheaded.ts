import { isWithin, sum } from "../../amount.ts";
import type { Totals } from "../../schema.ts";
import type { Sourced } from "../../sourced.ts";
import { cellsOf } from "../cells.ts";
import { rightOf } from "../layout.ts";
import type { PrintedNumber } from "../number.ts";
import { boxOf } from "../reading.ts";
import type { Reading, TextRow } from "../reading.ts";
import { isAmount, TOTAL_KINDS } from "../totals/candidates.ts";
import type { FieldKind } from "../words/words.ts";
import type { TableLine } from "./lines.ts";

/** A row of words that ends with an amount. */
interface PricedRow {
  readonly row: TextRow;
  readonly amount: PrintedNumber;
  /** Right edge of the amount, in pixels. */
  readonly edge: number;
}

/** In units of the currency: these amounts are added as they are printed. */
const TOLERANCE = "0.005";
/** Letters that make words of what stands before an amount. */
const FEWEST_LETTERS = 3;

/**
 * Lines without headings above them: rows of words that each end with an amount, one below the other. Only the sum shows that they are lines: two or more of them, without a gap in
 * their order, that make a printed total.
 */
export function unheadedLines(reading: Reading, { lines, net, gross }: Sourced<Totals>): TableLine[] {
  const totals = [lines, net, gross].flatMap((total) => total?.value ?? []);
  for (const column of columnsOf(pricedRows(reading))) {
    for (let from = 0; from < column.length - 1; from += 1) {
      for (let to = from + 2; to <= column.length; to += 1) {
        const rows = column.slice(from, to);
        const total = sum(rows.map(({ amount }) => amount.value));
        if (totals.some((printed) => isWithin(printed, total, TOLERANCE))) return rows.map(toLine);
      }
    }
  }
  return [];
}

function pricedRows(reading: Reading): PricedRow[] {
  return reading.rows.flatMap((row): PricedRow[] => {
    const amount = row.numbers.at(-1);
    if (amount === undefined || !isAmount(amount) || row.labels.some(({ kinds }) => kinds.some(isTotalKind))) return [];
    const words = row.text.slice(0, amount.from).replaceAll(/[^\p{L}]/gu, "");
    const isLast = !/\p{L}/u.test(row.text.slice(amount.to));
    return words.length >= FEWEST_LETTERS && isLast ? [{ row, amount, edge: rightOf(boxOf(row, amount.from, amount.to)) }] : [];
  });
}

const isTotalKind = (kind: FieldKind): boolean => (TOTAL_KINDS as readonly FieldKind[]).includes(kind);

/** More rows than this in one column and their sums are not tried. */
const LONGEST_COLUMN = 60;

/** Rows whose amounts end at one edge of one page. */
function columnsOf(rows: readonly PricedRow[]): PricedRow[][] {
  const columns: PricedRow[][] = [];
  for (const priced of rows) {
    const column = columns.find(
      ([first]) => first?.row.sheet === priced.row.sheet && Math.abs(first.edge - priced.edge) < priced.row.sheet.lineHeight,
    );
    if (column === undefined) columns.push([priced]);
    else if (column.length < LONGEST_COLUMN) column.push(priced);
  }
  return columns;
}

function toLine({ row, amount }: PricedRow): TableLine {
  const cells = cellsOf([row]).filter(({ from, segment }) => from < amount.from && /\p{L}/u.test(segment.text));
  const name = cells.slice(0, 1).map(({ from, to, segment }) => ({ row, from, to: Math.min(to, amount.from), x: segment.box.x }));
  return { numbers: { amount: { row, number: amount, unit: undefined } }, name, details: [], isCounted: false };
}
