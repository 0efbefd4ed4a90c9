import { centreX, rightOf, wordsBetween } from "../layout.ts";
import type { PrintedNumber } from "../number.ts";
import { boxOf } from "../reading.ts";
import type { TextRow } from "../reading.ts";
import type { ColumnKind } from "../words/words.ts";
import type { Column, TableHead } from "./head.ts";

/** A number in a column of numbers, with the unit that stands behind it. */
export interface NumberCell {
  readonly row: TextRow;
  readonly number: PrintedNumber;
  /** Characters of the row's text behind the number, where there is a unit; `to` is not before `from`. */
  readonly unit: { readonly from: number; readonly to: number } | undefined;
}

/** Characters of a row's text in a column of words. */
export interface TextCell {
  readonly row: TextRow;
  readonly from: number;
  readonly to: number;
  /** Its left edge in pixels. */
  readonly x: number;
}

/** What stands on one row, by the columns of its table. */
export interface RowCells {
  readonly row: TextRow;
  readonly numbers: Readonly<Partial<Record<ColumnKind, NumberCell>>>;
  readonly texts: readonly TextCell[];
}

const NUMERIC: ReadonlySet<ColumnKind> = new Set<ColumnKind>([
  "quantity",
  "unitPrice",
  "discount",
  "taxRate",
  "taxAmount",
  "net",
  "gross",
  "amount",
  "taxBase",
]);

export const isNumeric = ({ kind }: Column): boolean => NUMERIC.has(kind);

/** Parts a row by the columns of a table: numbers to columns of numbers, all else to columns of words. */
export function rowCells(row: TextRow, head: TableHead): RowCells {
  const numbers: Partial<Record<ColumnKind, NumberCell>> = {};
  const texts: TextCell[] = [];
  row.row.segments.forEach((segment, index) => {
    const start = row.starts[index] ?? 0;
    const end = start + segment.text.length;
    const own = row.numbers.filter(({ from, to }) => from >= start && to <= end);
    let textFrom = start;
    let at = start;
    let isAfterNumber = false;
    const addText = (to: number): void => {
      const from = textFrom + (/^\s*/.exec(row.text.slice(textFrom, to))?.[0].length ?? 0);
      const until = from + row.text.slice(from, to).trimEnd().length;
      if (until > from && /[\p{L}\p{N}]/u.test(row.text.slice(from, until)))
        texts.push({ row, from, to: until, x: boxOf(row, from, until).x });
    };
    own.forEach((number, nth) => {
      const column = columnAt(row, number, head);
      // Inside a text a number belongs to it ("12 x 1,0l PET"), unless it stands right in a column's own place.
      const opens = number.from === at || isAfterNumber;
      if (column === undefined || !(opens || isRightUnder(row, number, column)) || isLabelled(row, number)) return;
      if (numbers[column.kind] !== undefined) return;
      if (!isAfterNumber) addText(number.from);
      const next = own[nth + 1]?.from ?? end;
      const rest = row.text.slice(number.to, next);
      const isUnit = rest.trim() !== "" && isUnitLike(rest) && column.kind === "quantity";
      const lead = rest.length - rest.trimStart().length;
      numbers[column.kind] = {
        row,
        number,
        unit: isUnit ? { from: number.to + lead, to: number.to + rest.trimEnd().length } : undefined,
      };
      isAfterNumber = true;
      textFrom = isUnit ? next : number.to;
      at = next;
    });
    if (textFrom < end && !(isAfterNumber && isTail(row.text.slice(textFrom, end)))) addText(end);
  });
  return { row, numbers, texts };
}

/** Characters of the longest unit: "Unit(s)", "Stunden", "kg". */
const LONGEST_UNIT = 12;

function isUnitLike(text: string): boolean {
  return /^\s*[\p{L}%²³.()/\d]+\s*$/u.test(text) && text.trim().length <= LONGEST_UNIT;
}

/** What may stand behind the last number of a cell and is no text: a tax code, a currency. */
function isTail(text: string): boolean {
  return text.trim().length <= LONGEST_UNIT;
}

/** The column of numbers in whose place a number stands; undefined where that is a column of words. */
function columnAt(row: TextRow, number: PrintedNumber, { columns, sheet }: TableHead): Column | undefined {
  const box = boxOf(row, number.from, number.to);
  const centre = centreX(box);
  let nearest: { readonly column: Column; readonly distance: number } | undefined;
  for (const column of columns) {
    if (number.percent && !["taxRate", "discount"].includes(column.kind)) continue;
    const left = column.box.x;
    const right = rightOf(column.box);
    // Aligned to the left, to the right or in the middle: the least of the three differs.
    const aligned = Math.min(Math.abs(box.x - left), Math.abs(rightOf(box) - right), Math.abs(centre - centreX(column.box)));
    const distance = isNumeric(column) ? aligned : Math.abs(box.x - left);
    if (nearest === undefined || distance < nearest.distance) nearest = { column, distance };
  }
  if (nearest === undefined || !isNumeric(nearest.column) || nearest.distance > FURTHEST * sheet.lineHeight) return undefined;
  return nearest.column;
}

/** Line heights that a number may be off its heading. */
const FURTHEST = 4;

/** "Gross price: 9.90" is about the line, and no cell of it. */
function isLabelled(row: TextRow, { from }: PrintedNumber): boolean {
  return /\p{L} ?: *$/u.test(row.text.slice(0, from));
}

function isRightUnder(row: TextRow, { from, to }: PrintedNumber, { box }: Column): boolean {
  const own = boxOf(row, from, to);
  const { lineHeight } = row.sheet;
  return own.x < rightOf(box) + lineHeight && rightOf(own) > box.x - lineHeight;
}

/** The parts of a text cell that begin at or right of `x`: columns of words may stand so close that their words make one segment. */
export function fromEdge(cell: TextCell, x: number): TextCell | undefined {
  const { row } = cell;
  for (const [index, segment] of row.row.segments.entries()) {
    const start = row.starts[index] ?? 0;
    if (cell.from < start || cell.from >= start + segment.text.length) continue;
    for (const word of wordsBetween(segment, cell.from - start, cell.to - start)) {
      const offset = segment.offsets[segment.words.indexOf(word)] ?? 0;
      if (word.box.x >= x && start + offset >= cell.from) return { row, from: start + offset, to: cell.to, x: word.box.x };
    }
  }
  return undefined;
}
