import type { Box, Line, Page } from "../../page.ts";
import type { Found } from "../sourced.ts";
import { fieldLabels, languagesOf } from "./labels.ts";
import type { Label } from "./labels.ts";
import { around, overlapX, toSheet, wordsBetween } from "./layout.ts";
import type { Segment, Sheet, SheetRow } from "./layout.ts";
import { decimalMark, numbersIn } from "./number.ts";
import type { DecimalMark, PrintedNumber } from "./number.ts";
import { datesIn, provenOrder } from "./printed-date.ts";
import type { DateOrder, PrintedDate } from "./printed-date.ts";
import type { Language } from "./words/words.ts";

/** A value beside its evidence, and how much speaks for it: 0 to 1, for choosing between candidates; no probability. */
export interface Weighed<Value extends string = string> extends Found<Value> {
  readonly confidence: number;
}

/** A row as one text: its segments with tabs between them. */
export interface TextRow {
  readonly sheet: Sheet;
  readonly row: SheetRow;
  /** Index among all rows of the reading. */
  readonly index: number;
  readonly text: string;
  /** Where in `text` each segment begins. */
  readonly starts: readonly number[];
  readonly labels: readonly Label[];
  readonly numbers: readonly PrintedNumber[];
  readonly dates: readonly PrintedDate[];
}

/** A label with the row it stands on. */
export interface Placed {
  readonly row: TextRow;
  readonly label: Label;
}

/** Pages of one document, made ready for the rules. */
export interface Reading {
  readonly sheets: readonly Sheet[];
  readonly rows: readonly TextRow[];
  /** The document's own language first. */
  readonly languages: readonly Language[];
  readonly mark: DecimalMark;
  readonly order: DateOrder;
  /** All labels in reading order. */
  readonly labels: readonly Placed[];
}

export function toReading(pages: readonly Page[]): Reading {
  const sheets = pages.map(toSheet);
  const segments = sheets.flatMap((sheet) => sheet.segments);
  const texts = segments.map(({ text }) => text);
  const languages = languagesOf(segments);
  const known = new Set<Language>([...languages, "en"]);
  const mark = decimalMark(texts);
  const order = provenOrder(texts) ?? (isAmerican(texts) ? "month-first" : "day-first");
  let index = 0;
  const rows = sheets.flatMap((sheet) =>
    sheet.rows.map((row): TextRow => {
      const starts: number[] = [];
      let text = "";
      const labels: Label[] = [];
      for (const segment of row.segments) {
        if (text !== "") text += "\t";
        const start = text.length;
        starts.push(start);
        text += segment.text;
        labels.push(
          ...fieldLabels(segment.text, { languages: known, ocr: sheet.ocr }).map((label) => ({
            ...label,
            from: label.from + start,
            to: label.to + start,
          })),
        );
      }
      const dates = datesIn(text, { order, ocr: sheet.ocr });
      const numbers = numbersIn(text, { mark, ocr: sheet.ocr }).filter(
        ({ from, to }) => !dates.some((date) => from < date.to && date.from < to),
      );
      return { sheet, row, index: index++, text, starts, labels, numbers, dates };
    }),
  );
  return { sheets, rows, languages, mark, order, labels: rows.flatMap((row) => row.labels.map((label) => ({ row, label }))) };
}

/** Hints of the one country that writes the month first: a state and a ZIP code, an EIN, US dollars. */
function isAmerican(texts: readonly string[]): boolean {
  const text = texts.join("\n");
  return /\b[A-Z]{2},? \d{5}(?:-\d{4})?\b(?!.*\b(?:GmbH|AG)\b)/.test(text) && /\$|USD|\bEIN\b|United States|\bUSA\b/.test(text);
}

/** The segments of a row that hold characters `from` to `to` of its text, each with the part of it. */
export function piecesOf(
  row: TextRow,
  from: number,
  to: number,
): { readonly segment: Segment; readonly from: number; readonly to: number }[] {
  return row.row.segments.flatMap((segment, index) => {
    const start = row.starts[index] ?? 0;
    const end = start + segment.text.length;
    if (from >= end || to <= start) return [];
    return [{ segment, from: Math.max(0, from - start), to: Math.min(segment.text.length, to - start) }];
  });
}

/** Box of the words that hold characters `from` to `to` of a row's text. */
export function boxOf(row: TextRow, from: number, to: number): Box {
  return around(piecesOf(row, from, to).flatMap((piece) => wordsBetween(piece.segment, piece.from, piece.to).map(({ box }) => box)));
}

/** A value that stands at characters `from` to `to` of a row. */
export function foundAt<Value extends string>(row: TextRow, from: number, to: number, value: Value, confidence: number): Weighed<Value> {
  const words = piecesOf(row, from, to).flatMap((piece) => wordsBetween(piece.segment, piece.from, piece.to));
  const quote = row.text.slice(from, to).replaceAll("\t", " ").trim();
  return weigh(
    row.sheet,
    words.map(({ line }) => line),
    quote,
    value,
    confidence,
  );
}

/** A value made of whole segments, one a line. */
export function foundIn<Value extends string>(
  sheet: Sheet,
  segments: readonly Segment[],
  value: Value,
  confidence: number,
): Weighed<Value> {
  const lines = segments.flatMap(({ words }) => words.map(({ line }) => line));
  return weigh(sheet, lines, segments.map(({ text }) => text).join("\n"), value, confidence);
}

/** Share of the confidence that the recogniser's own decides. */
const UNSURE = 0.05;

function weigh<Value extends string>(
  sheet: Sheet,
  lines: readonly Line[],
  quote: string,
  value: Value,
  confidence: number,
): Weighed<Value> {
  return {
    value,
    evidence: { page: sheet.page, box: around(lines.map(({ box }) => box)), quote, grounded: true, source: sheet.ocr ? "ocr" : "text" },
    // Of two readings that are equally likely the one of sharper print; never a likelier one less.
    confidence: confidence * (1 - UNSURE * (1 - Math.min(1, ...lines.map((line) => line.confidence)))),
  };
}

/** The one for which most speaks, the first of equals. */
export function best<Value extends string>(candidates: readonly Weighed<Value>[]): Weighed<Value> | undefined {
  return candidates.reduce<Weighed<Value> | undefined>(
    (chosen, found) => (chosen === undefined || found.confidence > chosen.confidence ? found : chosen),
    undefined,
  );
}

/** What stands after the label on its row: to the row's end. */
export function afterLabel({ row, label }: Placed): { readonly text: string; readonly from: number } {
  return { text: row.text.slice(label.to), from: label.to };
}

/** Whether a label stands where a reader takes it for one: at the start of a segment. */
export function opensSegment({ row, label }: Placed): boolean {
  return row.starts.includes(label.from) || /[\t(|•·;:,*-]\s*$/u.test(row.text.slice(0, label.from));
}

/** The rows below a row on its page, the next first. */
export function* rowsBelow(row: TextRow, reading: Reading): Generator<TextRow> {
  for (let next = reading.rows[row.index + 1]; next?.sheet === row.sheet; next = reading.rows[next.index + 1]) yield next;
}

/** How many line heights below a label its value may stand. */
const BELOW_HEIGHTS = 3.2;

/** Segments below the label in its column, the next first. */
export function belowLabel(
  { row, label }: Placed,
  reading: Reading,
): { readonly row: TextRow; readonly from: number; readonly to: number }[] {
  const box = boxOf(row, label.from, label.to);
  const reach = BELOW_HEIGHTS * Math.max(box.height, row.sheet.lineHeight);
  const found: { row: TextRow; from: number; to: number }[] = [];
  for (const next of rowsBelow(row, reading)) {
    if (next.row.box.y - (box.y + box.height) > reach) break;
    next.row.segments.forEach((segment, at) => {
      const aligned =
        overlapX(segment.box, box) > 0.3 * Math.min(segment.box.width, box.width) || Math.abs(segment.box.x - box.x) < row.sheet.lineHeight;
      const from = next.starts[at] ?? 0;
      if (aligned && segment.box.y > box.y + box.height / 2) found.push({ row: next, from, to: from + segment.text.length });
    });
  }
  return found;
}

/** Labels of one kind. */
export function labelsOf(reading: Reading, ...kinds: readonly Label["kind"][]): Placed[] {
  return reading.labels.filter(({ label }) => label.kinds.some((kind) => kinds.includes(kind)));
}
