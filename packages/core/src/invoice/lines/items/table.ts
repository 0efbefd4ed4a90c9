import { isAmount } from "../totals/candidates.ts";
import { opensSegment } from "../reading.ts";
import type { Reading, TextRow } from "../reading.ts";
import type { FieldKind } from "../words/words.ts";
import type { TableHead } from "./head.ts";

/** Rows of a table that may hold lines, each under the headings of its own page or of the last page that had some. */
export interface TableRows {
  readonly head: TableHead;
  readonly rows: readonly TextRow[];
}

/** Labels that end a table where an amount stands behind them. */
const ENDS: ReadonlySet<FieldKind> = new Set<FieldKind>(["net", "tax", "gross", "total", "due", "prepaid", "rounding"]);
/** Labels that end it wherever they open a row. */
const STOPS: ReadonlySet<FieldKind> = new Set<FieldKind>(["paymentTerms", "bank", "iban", "bic", "dueDate", "paymentReference"]);

/**
 * The parts of the tables of lines, page by page: from their headings to what ends them, and on over the next pages where nothing did. Rows that carry a sum
 * from page to page, or sum up in between, are left out.
 */
export function tableParts(reading: Reading, heads: readonly TableHead[]): TableRows[] {
  const parts: { head: TableHead; rows: TextRow[] }[] = [];
  const headAt = new Map(heads.flatMap((head) => range(head.first, head.last).map((index) => [index, head] as const)));
  let open: TableHead | undefined;
  for (const row of reading.rows) {
    const head = headAt.get(row.index);
    if (head !== undefined) {
      if (head.first !== row.index) continue;
      // A small table of another kind may stand in between; it has an end of its own and ours goes on only under our headings again.
      open = head.isLines ? head : undefined;
      if (open !== undefined) parts.push({ head: open, rows: [] });
      continue;
    }
    if (open === undefined) continue;
    if (endsTable(row) || beginsTotals(row, reading)) {
      open = undefined;
      continue;
    }
    const part = parts.at(-1);
    if (part === undefined || isCarried(row)) continue;
    if (part.rows.length > 0 && part.rows.at(-1)?.sheet !== row.sheet) parts.push({ head: open, rows: [row] });
    else part.rows.push(row);
  }
  return parts;
}

const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);

function endsTable(row: TextRow): boolean {
  return row.labels.some((label) => {
    if (!opensSegment({ row, label })) return false;
    const opensRow = label.from <= (row.starts[0] ?? 0) + 1;
    if (opensRow && label.kinds.some((kind) => STOPS.has(kind))) return true;
    if (!label.kinds.some((kind) => ENDS.has(kind))) return false;
    // A line of goods has its own amounts before such a word, or several behind it.
    const before = row.numbers.some((number) => number.to <= label.from && isAmount(number));
    const behind = row.numbers.filter((number) => number.from >= label.to && isAmount(number));
    return !before && behind.length === 1 && !isLabelPartOfText(row, label.to);
  });
}

/** Rows after a subtotal among which the totals follow. */
const TOTALS_ROWS = 6;

/** A subtotal below which the totals stand, rather than more lines. */
function beginsTotals(row: TextRow, reading: Reading): boolean {
  const isSubtotal = row.labels.some((label) => label.kinds.includes("subtotal") && opensSegment({ row, label }));
  const following = reading.rows.slice(row.index + 1, row.index + 1 + TOTALS_ROWS);
  return isSubtotal && row.numbers.some(isAmount) && following.some((next) => next.sheet === row.sheet && endsTable(next));
}

/** "Total Quartz 9000 5W-40": a word of totals that begins a name. */
function isLabelPartOfText(row: TextRow, to: number): boolean {
  const rest = row.text.slice(to).split("\t")[0] ?? "";
  return rest.replaceAll(/[^\p{L}]/gu, "").length > 12 && !rest.includes(":");
}

function isCarried(row: TextRow): boolean {
  return row.labels.some(
    (label) => (label.kinds.includes("carryOver") || label.kinds.includes("subtotal")) && opensSegment({ row, label }),
  );
}
