import { columnLabels } from "../labels.ts";
import type { Label } from "../labels.ts";
import { around, bottomOf, overlapX, wordsBetween } from "../layout.ts";
import type { Segment, Sheet } from "../layout.ts";
import type { Reading, TextRow } from "../reading.ts";
import type { Box } from "../../../page.ts";
import type { ColumnKind } from "../words/words.ts";

/** A column of a table, by its heading. */
export interface Column {
  readonly kind: ColumnKind;
  /** Around its heading. */
  readonly box: Box;
}

/** The headings of a table. */
export interface TableHead {
  readonly sheet: Sheet;
  /** Rows that the headings take, by their index in the reading. */
  readonly first: number;
  readonly last: number;
  /** Left to right. */
  readonly columns: readonly Column[];
  /** Whether lines of goods stand under it; else it is another table, of taxes or payments. */
  readonly isLines: boolean;
}

/** Columns that say what a line is about. */
const TEXT_KINDS: ReadonlySet<ColumnKind> = new Set<ColumnKind>(["description", "article"]);
/** Columns that say what it costs. */
const MONEY_KINDS: ReadonlySet<ColumnKind> = new Set<ColumnKind>(["net", "amount", "gross", "unitPrice"]);
/** Columns that lines of goods have and tables of taxes or payments do not. */
const GOODS_KINDS: ReadonlySet<ColumnKind> = new Set<ColumnKind>(["quantity", "unitPrice", "unit", "position"]);

/** Headings of tables, in reading order: rows of known headings, with the rows of the same headings above and below them. */
export function tableHeads(reading: Reading): TableHead[] {
  const heads: TableHead[] = [];
  for (const row of reading.rows) {
    if (row.index <= (heads.at(-1)?.last ?? -1) || !isHeadingRow(row, reading)) continue;
    const rows = headingRows(row, reading);
    const columns = columnsOf(rows, row, reading);
    const kinds = new Set(columns.map(({ kind }) => kind));
    const has = (wanted: ReadonlySet<ColumnKind>): boolean => [...wanted].some((kind) => kinds.has(kind));
    heads.push({
      sheet: row.sheet,
      first: rows[0]?.index ?? row.index,
      last: rows.at(-1)?.index ?? row.index,
      columns,
      isLines: has(MONEY_KINDS) && (has(TEXT_KINDS) || kinds.has("quantity")) && has(GOODS_KINDS) && !kinds.has("taxBase"),
    });
  }
  return heads;
}

/** Share of a row's letters that its headings must make. */
const HEADING_SHARE = 0.5;

function isHeadingRow(row: TextRow, reading: Reading): boolean {
  if (row.numbers.some(({ decimals, currency }) => decimals > 0 || currency !== undefined) || row.dates.length > 0) return false;
  const labels = row.row.segments.flatMap(({ text }) => labelsOf(text, reading));
  if (new Set(labels.map(({ kind }) => kind)).size < 2) return false;
  const letters = row.text.replaceAll(/[^\p{L}]/gu, "").length;
  return labels.reduce((sum, { length }) => sum + length, 0) >= HEADING_SHARE * letters;
}

function labelsOf(text: string, reading: Reading): Label<ColumnKind>[] {
  return columnLabels(text, { languages: new Set([...reading.languages, "en"]) });
}

/** Rows of headings above and below the one with the most of them. */
const MOST_ROWS = 4;
/** Characters of a part of a heading. */
const LONGEST_PART = 20;

/** The row of headings with those above and below it that belong to it: short words without amounts, set close. */
function headingRows(core: TextRow, reading: Reading): TextRow[] {
  const rows = [core];
  const belongs = (row: TextRow | undefined): row is TextRow =>
    row !== undefined &&
    row.sheet === core.sheet &&
    rows.length <= MOST_ROWS &&
    row.row.segments.every(({ text }) => text.length <= LONGEST_PART && !/\d/.test(text)) &&
    !row.text.trimEnd().endsWith(":");
  for (let row = reading.rows[core.index - 1]; belongs(row) && isClose(row, rows[0] ?? core); row = reading.rows[row.index - 1]) {
    rows.unshift(row);
  }
  for (let row = reading.rows[core.index + 1]; belongs(row) && isClose(rows.at(-1) ?? core, row); row = reading.rows[row.index + 1]) {
    rows.push(row);
  }
  return rows;
}

/** Whether one row is set right above another, as lines of one heading are. */
function isClose(above: TextRow, below: TextRow): boolean {
  return below.row.box.y - bottomOf(above.row.box) < 0.7 * above.sheet.lineHeight;
}

interface Part {
  readonly text: string;
  readonly box: Box;
}

function columnsOf(rows: readonly TextRow[], core: TextRow, reading: Reading): Column[] {
  const columns: Part[][] = core.row.segments.flatMap((segment) => partsOf(segment, reading)).map((part) => [part]);
  for (const row of rows) {
    if (row === core) continue;
    for (const part of row.row.segments.flatMap((segment) => partsOf(segment, reading))) {
      const over = columns
        .map((column) => ({ column, overlap: overlapX(around(column.map(({ box }) => box)), part.box) }))
        .sort((a, b) => b.overlap - a.overlap)[0];
      if (over !== undefined && over.overlap > 0) over.column.push(part);
      else columns.push([part]);
    }
  }
  const read = columns
    .map((parts): Column => {
      const sorted = parts.toSorted((a, b) => a.box.y - b.box.y || a.box.x - b.box.x);
      return { kind: kindOf(sorted, reading), box: around(sorted.map(({ box }) => box)) };
    })
    .sort((a, b) => a.box.x - b.box.x);
  return read.map((column, index): Column => {
    if (isQuantity(column, read.slice(index + 1), read)) return { ...column, kind: "quantity" };
    return isLastAmount(column, index, read) ? { ...column, kind: "amount" } : column;
  });
}

/** Where no heading names an amount the last one does: a second price, or words that are not known or were misread. */
function isLastAmount({ kind }: Column, index: number, all: readonly Column[]): boolean {
  if (index < all.length - 1 || all.some((other) => isAmountKind(other.kind))) return false;
  const hasPrice = all.slice(0, index).some((other) => other.kind === "unitPrice");
  return hasPrice && (kind === "unitPrice" || kind === "other");
}

const isAmountKind = (kind: ColumnKind): boolean => kind === "net" || kind === "amount" || kind === "gross";

/** "Amount" is a quantity where a price and another amount stand right of it and nothing else is one. */
function isQuantity({ kind }: Column, right: readonly Column[], all: readonly Column[]): boolean {
  return (
    kind === "amount" &&
    !all.some((other) => other.kind === "quantity") &&
    right.some((other) => other.kind === "unitPrice") &&
    right.some((other) => isAmountKind(other.kind))
  );
}

/** A segment cut before each of its labels: headings of narrow columns stand as close as words. */
function partsOf(segment: Segment, reading: Reading): Part[] {
  const cuts = labelsOf(segment.text, reading).map(({ from }) => from);
  const starts = cuts.length === 0 || cuts[0] !== 0 ? [0, ...cuts] : cuts;
  return starts.flatMap((from, index) => {
    const to = starts[index + 1] ?? segment.text.length;
    const text = segment.text.slice(from, to).trim();
    return text === "" ? [] : [{ text, box: around(wordsBetween(segment, from, to).map(({ box }) => box)) }];
  });
}

/** What a heading of one or more lines names: its words together, else the line that names anything. */
function kindOf(parts: readonly Part[], reading: Reading): ColumnKind {
  const joined = parts.map(({ text }) => text).join(" ");
  const whole = longest(labelsOf(joined.replaceAll(/[-‐]\s/g, ""), reading));
  const single = longest(parts.flatMap(({ text }) => labelsOf(text, reading)));
  if (whole !== undefined && (single === undefined || whole.length >= single.length)) return whole.kind;
  return single?.kind ?? "other";
}

function longest(labels: readonly Label<ColumnKind>[]): Label<ColumnKind> | undefined {
  return labels.reduce<Label<ColumnKind> | undefined>(
    (best, label) => (best === undefined || label.length > best.length ? label : best),
    undefined,
  );
}
