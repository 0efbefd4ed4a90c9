import { isWithin, multiply } from "../../amount.ts";
import { cellsOf } from "../cells.ts";
import { bottomOf, rightOf } from "../layout.ts";
import type { TextRow } from "../reading.ts";
import { fromEdge, rowCells } from "./row-cells.ts";
import type { NumberCell, RowCells, TextCell } from "./row-cells.ts";
import type { TableHead } from "./head.ts";
import type { TableRows } from "./table.ts";
import type { ColumnKind } from "../words/words.ts";

/** One line of goods as it stands on the page. */
export interface TableLine {
  readonly numbers: Readonly<Partial<Record<ColumnKind, NumberCell | undefined>>>;
  /** Rows of its name, the first of them beside its numbers. */
  readonly name: readonly TextCell[];
  /** What stands below its name. */
  readonly details: readonly TextCell[];
  /** Whether a position, quantity or price makes it a line of goods rather than a sum or a surcharge below them. */
  readonly isCounted: boolean;
}

interface OpenLine {
  readonly head: TableHead;
  numbers: Partial<Record<ColumnKind, NumberCell | undefined>>;
  name: TextCell[];
  details: TextCell[];
  hasPosition: boolean;
  /** Left edge of its name. */
  x: number;
  /** Bottom of the last row that belongs to it. */
  bottom: number;
  readonly row: TextRow;
}

/** Line heights from a line's first row to the row that holds its amount. */
const FURTHEST_AMOUNT = 2.5;
/** Line heights between the rows of one name, and between rows of one line. */
const NAME_GAP = 0.75;
const LINE_GAP = 2;

/** The lines in one part of a table. A line begins with a row that has an amount or a quantity and a price; rows of words below belong to it. */
export function linesIn({ head, rows }: TableRows): TableLine[] {
  const lines: OpenLine[] = [];
  for (const row of rows) {
    const cells = rowCells(row, head);
    const last = lines.at(-1);
    const isNear = last !== undefined && row.row.box.y - last.row.row.box.y < FURTHEST_AMOUNT * row.sheet.lineHeight;
    if (amountOf(cells) !== undefined && last !== undefined && isNear && amountOf(last) === undefined && !hasCounts(cells)) {
      last.numbers = { ...cells.numbers, ...last.numbers };
      addTexts(last, row, cells.texts);
    } else if (amountOf(cells) !== undefined || isBeginning(cells, head)) {
      lines.push(openLine(cells, head));
    } else if (last !== undefined) addTexts(last, row, wholeTexts(row));
  }
  return lines.flatMap((line): TableLine[] =>
    amountOf(line) === undefined
      ? []
      : [{ numbers: line.numbers, name: line.name, details: line.details, isCounted: line.hasPosition || hasCounts(line) }],
  );
}

/** Whether a row without an amount begins a line: a price, and something else that lines have. */
function isBeginning(cells: RowCells, head: TableHead): boolean {
  const { quantity, unitPrice, taxRate } = cells.numbers;
  return unitPrice !== undefined && (quantity !== undefined || taxRate !== undefined || hasPosition(cells, head));
}

function hasPosition({ texts }: RowCells, head: TableHead): boolean {
  return texts.some((text) => columnOf(text, head) === "position");
}

export const AMOUNT_KINDS = ["net", "amount", "gross"] as const satisfies readonly ColumnKind[];

/** The amount of a line: net where there is such a column. */
export function amountOf({ numbers }: Pick<TableLine, "numbers">): NumberCell | undefined {
  const kind = AMOUNT_KINDS.find((each) => numbers[each] !== undefined);
  return kind === undefined ? undefined : numbers[kind];
}

function hasCounts({ numbers }: Pick<TableLine, "numbers">): boolean {
  return numbers.quantity !== undefined || numbers.unitPrice !== undefined;
}

function openLine(cells: RowCells, head: TableHead): OpenLine {
  const { row } = cells;
  const name = nameCell(cells, head);
  return {
    head,
    numbers: { ...cells.numbers, quantity: cells.numbers.quantity ?? provenQuantity(cells) },
    name: name === undefined ? [] : [name],
    details: [],
    hasPosition: hasPosition(cells, head),
    x: name?.x ?? descriptionEdge(head),
    bottom: bottomOf(row.row.box),
    row,
  };
}

/** A number under no heading of its own that times the price is the amount. */
function provenQuantity({ row, numbers }: RowCells): NumberCell | undefined {
  const amount = amountOf({ numbers });
  const price = numbers.unitPrice;
  if (amount === undefined || price === undefined) return undefined;
  const taken = Object.values(numbers).map(({ number }) => number);
  const number = row.numbers.find(
    (other) =>
      !taken.includes(other) &&
      !other.percent &&
      other.currency === undefined &&
      other.to <= price.number.from &&
      isWithin(multiply(other.value, price.number.value), amount.number.value, HALF_A_CENT),
  );
  return number === undefined ? undefined : { row, number, unit: undefined };
}

/** In units of the currency: an amount is rounded to cents. */
const HALF_A_CENT = "0.005";

/** The words of a row under the heading of descriptions, else under any other heading of words but positions. */
function nameCell({ texts }: RowCells, head: TableHead): TextCell | undefined {
  const described = texts.find((text) => columnOf(text, head) === "description" && /\p{L}/u.test(text.row.text.slice(text.from, text.to)));
  if (described !== undefined) return described;
  // "1 A-4711 Windshield": columns set so close that they make one segment.
  const description = head.columns.find(({ kind }) => kind === "description");
  if (description !== undefined) {
    const edge = description.box.x - 0.7 * head.sheet.lineHeight;
    const part = texts
      .flatMap((text) => fromEdge(text, edge) ?? [])
      .find((text) => /\p{L}{2}/u.test(text.row.text.slice(text.from, text.to)));
    if (part !== undefined) return part;
  }
  return texts.find((text) => columnOf(text, head) !== "position" && /\p{L}/u.test(text.row.text.slice(text.from, text.to)));
}

/** The column of words that a text stands in: the last one that begins at or before it. */
function columnOf({ x, row }: TextCell, head: TableHead): ColumnKind | undefined {
  const tolerance = 1.5 * row.sheet.lineHeight;
  return head.columns.findLast(({ kind, box }) => isWords(kind) && box.x <= x + tolerance)?.kind;
}

const isWords = (kind: ColumnKind): boolean => kind === "description" || kind === "article" || kind === "position" || kind === "other";

function descriptionEdge({ columns }: TableHead): number {
  return columns.find(({ kind }) => kind === "description")?.box.x ?? columns[0]?.box.x ?? 0;
}

/** A row of words below a line: more of its name while it is set close under it, then what it says beyond its name. */
function addTexts(line: OpenLine, row: TextRow, texts: readonly TextCell[]): void {
  const gap = row.row.box.y - line.bottom;
  const { lineHeight } = row.sheet;
  if (gap > LINE_GAP * lineHeight) return;
  const text = texts.map((cell) => partOf(cell, line)).find((cell) => cell !== undefined && cell.x < edgeOfNumbers(line.head, line.x));
  line.bottom = Math.max(line.bottom, bottomOf(row.row.box));
  if (text === undefined) return;
  const isName = line.details.length === 0 && gap < NAME_GAP * lineHeight && !isRemark(row.text.slice(text.from, text.to));
  if (isName) line.name.push(text);
  else line.details.push(text);
}

/** The segments of a row of words, numbers and all. */
function wholeTexts(row: TextRow): TextCell[] {
  return cellsOf([row]).map(({ from, to, segment }) => ({ row, from, to, x: segment.box.x }));
}

/** The part of a text that stands in the column of a line's name; a remark that begins left of it is whole. */
function partOf(cell: TextCell, line: OpenLine): TextCell | undefined {
  const { lineHeight } = cell.row.sheet;
  if (Math.abs(cell.x - line.x) < lineHeight || (cell.x < line.x && isRemark(cell.row.text.slice(cell.from, cell.to)))) return cell;
  return cell.x < line.x ? fromEdge(cell, line.x - lineHeight / 2) : undefined;
}

/** Where the first column of numbers right of `x` ends. */
function edgeOfNumbers({ columns }: TableHead, x: number): number {
  const next = columns.find(({ kind, box }) => !isWords(kind) && box.x > x);
  return next === undefined ? Infinity : rightOf(next.box);
}

/** "Gross price: 9.90", "* country of origin: DE", "- …": about the line, no part of its name. */
function isRemark(text: string): boolean {
  return /^\p{L}[^:]{1,30}\s?:/u.test(text) || /^[*•●▪–-]\s/u.test(text);
}
