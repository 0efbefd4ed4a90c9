import { negate } from "../../amount.ts";
import { cellsOf } from "../cells.ts";
import { bottomOf, centreY, overlapX, rightOf } from "../layout.ts";
import type { PrintedNumber } from "../number.ts";
import { boxOf, foundAt, foundIn, labelsOf, opensSegment, rowsBelow } from "../reading.ts";
import type { Placed, Reading, TextRow, Weighed } from "../reading.ts";
import type { FieldKind } from "../words/words.ts";

export const TOTAL_KINDS = [
  "subtotal",
  "allowances",
  "charges",
  "net",
  "tax",
  "gross",
  "total",
  "prepaid",
  "rounding",
  "due",
  "cash",
  "change",
  "card",
] as const satisfies readonly FieldKind[];

export type TotalKind = (typeof TOTAL_KINDS)[number];

/** An amount that a label announces. */
export interface Candidate {
  readonly kinds: readonly TotalKind[];
  readonly found: Weighed;
  /** Order on the document: later ones stand further down. */
  readonly at: number;
  /** Letters of the label: the longer, the surer. */
  readonly length: number;
}

/** Letters of a label that is one wherever it stands. */
const LONG_LABEL = 8;
/** Letters before a label on its line that may belong to it: "zzgl. 19 % MwSt.", "plus VAT". */
const SHORT_LEAD = 12;

function lettersBefore({ row, label }: Placed): number {
  const before = row.text.slice(0, label.from).split("\t").at(-1) ?? "";
  return before.replaceAll(/[^\p{L}]/gu, "").length;
}

/** Amounts that labels of totals announce, in reading order. Headings of columns of goods, on rows that `isHeading` knows, announce none. */
export function candidatesOf(reading: Reading, isHeading: (row: TextRow) => boolean): Candidate[] {
  return labelsOf(reading, ...TOTAL_KINDS)
    .filter(({ row }) => !isHeading(row))
    .filter((placed) => opensSegment(placed) || placed.label.length > LONG_LABEL || lettersBefore(placed) <= SHORT_LEAD)
    .flatMap((placed) => amountsFor(placed, reading))
    .sort((a, b) => a.at - b.at);
}

const isTotalKind = (kind: FieldKind): kind is TotalKind => (TOTAL_KINDS as readonly FieldKind[]).includes(kind);

interface PlacedNumber {
  readonly row: TextRow;
  readonly number: PrintedNumber;
}

function amountsFor(placed: Placed, reading: Reading): Candidate[] {
  const { row, label } = placed;
  const candidate = (placedNumber: PlacedNumber, confidence: number): Candidate => ({
    kinds: label.kinds.filter(isTotalKind),
    found: foundNumber(placedNumber, reading, confidence),
    at: placedNumber.row.index + placedNumber.number.from / 10_000,
    length: label.length,
  });
  const onRow = amountAfter(row, label.to);
  if (onRow !== undefined) return [candidate({ row, number: onRow }, 0.9)];
  const rest = row.text.slice(label.to).split("\t")[0] ?? "";
  // "VAT 20 %" over its amount; any other number behind a label is what it announces.
  if (/\d/.test(rest.replaceAll(/\d+(?:[.,]\d+)?\s?%/g, ""))) return [];
  const beside = amountBeside(placed, reading);
  if (beside !== undefined) return [candidate(beside, 0.8)];
  return amountsBelow(placed, reading).map((below) => candidate(below, 0.75));
}

/** An amount where it stands; in a narrow cell its minus may have stayed on the line above: "EUR -" over "1,12". */
function foundNumber({ row, number }: PlacedNumber, reading: Reading, confidence: number): Weighed {
  const found = foundAt(row, number.from, number.to, number.value, confidence);
  const cell = cellsOf([row]).find(({ from, to }) => from <= number.from && number.to <= to);
  const above = reading.rows
    .slice(Math.max(0, row.index - 2), row.index)
    .flatMap((other) => (other.sheet === row.sheet ? cellsOf([other]) : []));
  const hanging = above.find(
    ({ segment }) =>
      /(?:^|\s)[-−–]$/.test(segment.text) &&
      cell !== undefined &&
      Math.abs(rightOf(segment.box) - rightOf(cell.segment.box)) < 2 * row.sheet.lineHeight &&
      cell.segment.box.y - bottomOf(segment.box) < row.sheet.lineHeight,
  );
  if (hanging === undefined || cell === undefined || number.value.startsWith("-") || cell.segment.text !== found.evidence.quote)
    return found;
  return foundIn(row.sheet, [hanging.segment, cell.segment], negate(number.value), confidence);
}

/** The amount that closes what stands between this label and the next one on the row. */
function amountAfter(row: TextRow, from: number): PrintedNumber | undefined {
  const next = row.labels.find((label) => label.from >= from && label.kinds.some(isTotalKind) && hasAmountBetween(row, from, label.from));
  const until = next?.from ?? row.text.length;
  const amounts = row.numbers.filter((number) => number.from >= from && number.to <= until && isAmount(number));
  return amounts.findLast(({ decimals, currency }) => decimals === 2 || currency !== undefined) ?? amounts.at(-1);
}

function hasAmountBetween(row: TextRow, from: number, to: number): boolean {
  return row.numbers.some((number) => number.from >= from && number.to <= to && isAmount(number));
}

/** Money rather than a rate or a count: with cents, or with a currency. */
export function isAmount({ percent, decimals, currency }: PrintedNumber): boolean {
  return !percent && (decimals === 2 || (currency !== undefined && decimals !== 1));
}

/** An amount to the right of the label on a row half a line higher or lower, where the label's own row has none and that row no label. */
function amountBeside({ row, label }: Placed, reading: Reading): PlacedNumber | undefined {
  const box = boxOf(row, label.from, label.to);
  for (const other of [reading.rows[row.index + 1], reading.rows[row.index - 1]]) {
    if (other === undefined || other.sheet !== row.sheet || other.labels.some((one) => one.kinds.some(isTotalKind))) continue;
    const number = other.numbers.find((one) => isAmount(one) && boxOf(other, one.from, one.to).x > box.x + box.width);
    if (number === undefined) continue;
    const distance = Math.abs(centreY(boxOf(other, number.from, number.to)) - centreY(box));
    if (distance < 0.8 * row.sheet.lineHeight) return { row: other, number };
  }
  return undefined;
}

/** Amounts that stand one below the other under the label, as under the heading of a column. */
function amountsBelow({ row, label }: Placed, reading: Reading): PlacedNumber[] {
  // Under any word of "plus 19 % VAT"; of several labels in one cell, under the label's own.
  const cell = cellsOf([row]).find(({ from, to }) => from <= label.from && label.to <= to);
  const isAlone =
    row.labels.filter(({ from, kinds }) => cell !== undefined && from >= cell.from && from < cell.to && kinds.some(isTotalKind)).length ===
    1;
  const box = cell !== undefined && isAlone ? cell.segment.box : boxOf(row, label.from, label.to);
  const found: PlacedNumber[] = [];
  let bottom = box.y + box.height;
  for (const next of rowsBelow(row, reading)) {
    if (next.row.box.y - bottom > 1.6 * row.sheet.lineHeight) break;
    const number = next.numbers.find((one) => isAmount(one) && overlapX(boxOf(next, one.from, one.to), box) > 0);
    if (number === undefined) {
      if (found.length > 0) break;
      continue;
    }
    found.push({ row: next, number });
    bottom = next.row.box.y + next.row.box.height;
  }
  return found;
}
