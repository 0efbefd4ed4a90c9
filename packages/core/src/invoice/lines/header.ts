import { LANGUAGES } from "./words/index.ts";
import { fold } from "./fold.ts";
import { afterLabel, belowLabel, best, foundAt, labelsOf, opensSegment } from "./reading.ts";
import type { Weighed, Placed, Reading } from "./reading.ts";
import type { Invoice, InvoiceType } from "../schema.ts";
import type { Sourced } from "../sourced.ts";
import type { FieldKind } from "./words/words.ts";

/** What stands in the head of an invoice. */
export type Header = Pick<
  Sourced<Invoice>,
  "type" | "number" | "issue_date" | "due_date" | "order_number" | "buyer_reference" | "preceding_invoice"
>;

const TYPE_OF: Readonly<Partial<Record<FieldKind, InvoiceType>>> = {
  invoice: "invoice",
  creditNote: "credit_note",
  corrected: "corrected",
  partial: "partial",
  prepayment: "prepayment",
  selfBilled: "self_billed",
  debitNote: "debit_note",
  proforma: "proforma",
  receipt: "receipt",
};

/** Kinds of labels that name the document. */
const DOCUMENT_KINDS = Object.keys(TYPE_OF) as FieldKind[];

const NUMBER_SIGNS = LANGUAGES.flatMap(({ numberSigns }) => numberSigns).map(fold);
const DATED = LANGUAGES.flatMap(({ dated }) => dated).map(fold);

/**
 * How much speaks for a value by the way it was found, the surest first. Only their order matters: a label on the value's own row, the document's name with a
 * number sign behind it, a label above the value, the name without a sign; then dates near the name, in the upper half, anywhere.
 */
const BY_LABEL = 0.9;
const BY_REFERENCE_LABEL = 0.8;
const BY_SIGNED_TITLE = 0.86;
const BY_TITLE = 0.78;
const DATE_AFTER_TITLE = 0.85;
const DATE_BESIDE_TITLE = 0.72;
const DATE_ON_TITLE_ROW = 0.5;
const DATE_IN_UPPER_HALF = 0.4;
const DATE_ANYWHERE = 0.3;
/** Letters of labels that are short, and of those that are one inside a sentence too. */
const SHORT_LABEL = 5;
const LONG_LABEL = 9;
const LONG_NUMBER_LABEL = 6;
/** Taken off for a value below its label, a label inside a sentence, a short label ("Date"), and a page after the first. */
const BELOW = 0.05;
const INSIDE = 0.03;
const SHORT = 0.12;
const LATER_PAGE = 0.1;

export function readHeader(reading: Reading): Header {
  const titles = titlesOf(reading);
  return {
    type: typeOf(reading, titles),
    number: best([...labelledNumbers(reading), ...titles.flatMap(({ number }) => number ?? [])]),
    issue_date: best([...labelledDates(reading, "date"), ...titles.flatMap(({ date }) => date ?? []), ...firstDates(reading)]),
    due_date: best(labelledDates(reading, "dueDate")),
    order_number: best(references(reading, "orderNumber")),
    buyer_reference: best(references(reading, "buyerReference")),
    preceding_invoice: best(references(reading, "precedingInvoice")),
  };
}

interface Title {
  readonly placed: Placed;
  readonly number?: Weighed;
  readonly date?: Weighed;
}

/** Places where the document names itself ("Invoice No. 17 of 3 May 2026"), with the number and date that follow. */
function titlesOf(reading: Reading): Title[] {
  return labelsOf(reading, ...DOCUMENT_KINDS)
    .filter(opensSegment)
    .map((placed) => {
      const { text, from } = afterLabel(placed);
      const sign = signLength(text);
      const number = readReference(text, sign.length);
      const later = placed.row.sheet === reading.sheets[0] ? 0 : LATER_PAGE;
      // Without a sign before it only what looks like one is a number: "Invoice FA-2017-0009", never "Invoice 2".
      const isNumber =
        number !== undefined &&
        (sign.signed || /\d.*\d.*\d/.test(number.value)) &&
        !/^\s*\p{L}/u.test(text.slice(sign.length, sign.length + number.skipped));
      const found = isNumber
        ? foundAt(placed.row, from + number.from, from + number.to, number.value, (sign.signed ? BY_SIGNED_TITLE : BY_TITLE) - later)
        : undefined;
      const date = titleDate(placed, from + (isNumber ? number.to : 0), reading);
      return { placed, ...(found && { number: found }), ...(date && { date }) };
    });
}

/** "(380) Nr. ", "# ", "No: ": what may stand between the document's name and its number. */
function signLength(text: string): { readonly length: number; readonly signed: boolean } {
  let length = /^(?:\s*\([^)]{1,40}\))?[\s:：)]*/.exec(text)?.[0].length ?? 0;
  let signed = false;
  for (let turn = 0; turn < 2; turn += 1) {
    const match = /^(#|[\p{L}°º№]{1,8}\.?\s?[°º]?(?![\p{L}\d]))[\s:：.#]*/u.exec(text.slice(length));
    if (match === null || !NUMBER_SIGNS.includes(fold(match[1] ?? ""))) break;
    length += match[0].length;
    signed = true;
  }
  return { length, signed };
}

/** A date after the title, on its row or at the start of the next one where the row ends with "of". */
function titleDate({ row }: Placed, from: number, reading: Reading): Weighed | undefined {
  const date = row.dates.find((candidate) => candidate.from >= from);
  if (date !== undefined) {
    const between = row.text.slice(from, date.from).trim();
    if (between === "" || DATED.includes(fold(between)))
      return foundAt(row, date.from, date.to, date.value, between === "" ? DATE_BESIDE_TITLE : DATE_AFTER_TITLE);
    // "Premium invoice for your policy no. 17, 3 May 2026"
    return foundAt(row, date.from, date.to, date.value, DATE_ON_TITLE_ROW);
  }
  const tail = fold(row.text.slice(from).trim());
  const next = reading.rows[row.index + 1];
  const first = next?.dates[0];
  if (next === undefined || first === undefined || first.from > 0 || next.sheet !== row.sheet || !DATED.includes(tail)) return undefined;
  return foundAt(next, first.from, first.to, first.value, DATE_AFTER_TITLE);
}

function labelledNumbers(reading: Reading): Weighed[] {
  return labelsOf(reading, "number")
    .filter((placed) => opensSegment(placed) || placed.label.length > LONG_NUMBER_LABEL)
    .flatMap((placed) => valueOf(placed, reading, placed.row.sheet === reading.sheets[0] ? BY_LABEL : BY_LABEL - LATER_PAGE));
}

function references(reading: Reading, kind: FieldKind): Weighed[] {
  return labelsOf(reading, kind)
    .filter(opensSegment)
    .flatMap((placed) => valueOf(placed, reading, BY_REFERENCE_LABEL));
}

/** A reference after the label on its row, or below it. */
function valueOf(placed: Placed, reading: Reading, confidence: number): Weighed[] {
  const { text, from } = afterLabel(placed);
  const sign = signLength(text);
  const inline = readReference(text, sign.length);
  const labelled = placed.row.labels.some((other) => other.from >= placed.label.to && other.from <= placed.label.to + sign.length + 1);
  if (inline !== undefined && !labelled) return [foundAt(placed.row, from + inline.from, from + inline.to, inline.value, confidence)];
  if (/[\p{L}\p{N}]/u.test(text.split("\t")[0]?.slice(sign.length) ?? "")) return [];
  for (const { row, from: start, to } of belowLabel(placed, reading)) {
    if (row.labels.some((label) => label.from === start)) return [];
    const value = readReference(row.text.slice(start, to), 0);
    if (value !== undefined) return [foundAt(row, start + value.from, start + value.to, value.value, confidence - BELOW)];
    return [];
  }
  return [];
}

interface Reference {
  readonly value: string;
  readonly from: number;
  readonly to: number;
  /** Characters skipped before it. */
  readonly skipped: number;
}

/** A number of a document at `start` of a text: letters, digits and the marks between them, with a digit in it; no date, no amount. */
function readReference(text: string, start: number): Reference | undefined {
  const rest = text.slice(start);
  const lead = /^[\s:：.#=*|–-]*/.exec(rest)?.[0].length ?? 0;
  const match = /^\(?((?:[A-Z]{1,6}[ -])?[\p{L}\d][\p{L}\d/._#+-]*(?: ?[/-] ?[\d][\d/-]*)?)/u.exec(rest.slice(lead));
  const token = match?.[1];
  if (token === undefined) return undefined;
  const value = token.replace(/[.,;:/_-]+$/, "");
  if (!/\d/.test(value)) return undefined;
  // A date, an amount and a page are no number of a document.
  if (/^\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})$|^\d{4}-\d{2}-\d{2}$|^\d{4}\/\d{2}\/\d{2}$/.test(value)) return undefined;
  if (/^\d{1,6}[.,]\d{2}$/.test(value) || /^\s?[€$£%]/.test(rest.slice(lead + token.length))) return undefined;
  const from = start + lead + (match?.[0].startsWith("(") === true ? 1 : 0);
  return { value, from, to: from + value.length, skipped: lead };
}

/** Dates that a label announces. */
function labelledDates(reading: Reading, kind: "date" | "dueDate"): Weighed[] {
  return labelsOf(reading, kind)
    .filter((placed) => opensSegment(placed) || placed.label.length > LONG_LABEL || kind === "dueDate")
    .flatMap((placed) => {
      const weight = BY_LABEL - (placed.label.length <= SHORT_LABEL ? SHORT : 0) - (opensSegment(placed) ? 0 : INSIDE);
      const { row, label } = placed;
      const next = row.labels.find((other) => other.from >= label.to);
      const inline = row.dates.find((date) => date.from >= label.to);
      if (inline !== undefined && (next === undefined || next.from >= inline.from || next.kinds.includes(kind))) {
        const between = row.text.slice(label.to, inline.from);
        if (!/[\p{L}]{4,}.*[\p{L}]{4,}.*[\p{L}]{4,}/u.test(between)) return [foundAt(row, inline.from, inline.to, inline.value, weight)];
      }
      for (const below of belowLabel(placed, reading)) {
        const date = below.row.dates.find(({ from, to }) => from >= below.from && to <= below.to);
        if (date !== undefined) return [foundAt(below.row, date.from, date.to, date.value, weight - BELOW)];
        if (below.row.labels.some((other) => other.from === below.from)) break;
      }
      return [];
    });
}

/** Dates in the upper part of the first page that no other label claims: what a letter is dated with. */
function firstDates(reading: Reading): Weighed[] {
  const sheet = reading.sheets[0];
  return reading.rows
    .filter((row) => row.sheet === sheet)
    .flatMap((row) =>
      row.dates.flatMap((date) => {
        const label = row.labels.findLast(({ to }) => to <= date.from);
        if (label !== undefined && label.kinds.some((kind) => CLAIMING.has(kind))) return [];
        const upper = row.row.box.y < 0.5 * (sheet?.height ?? 0);
        return [foundAt(row, date.from, date.to, date.value, upper ? DATE_IN_UPPER_HALF : DATE_ANYWHERE)];
      }),
    );
}

const CLAIMING = new Set<FieldKind>([
  "dueDate",
  "deliveryDate",
  "otherDate",
  "orderNumber",
  "otherNumber",
  "customerNumber",
  "precedingInvoice",
]);

function typeOf(reading: Reading, titles: readonly Title[]): Weighed<InvoiceType> | undefined {
  const scored = titles.map(({ placed, number }) => {
    const { row, label } = placed;
    const type = label.kinds.map((kind) => TYPE_OF[kind]).find((kind) => kind !== undefined) ?? "invoice";
    const upper = row.sheet === reading.sheets[0] && row.row.box.y < 0.6 * row.sheet.height;
    const alone = row.text.slice(label.to).split("\t")[0]?.trim() === "";
    const confidence = 0.4 + (number === undefined ? 0 : 0.3) + (upper ? 0.15 : 0) + (alone ? 0.1 : 0) + (type === "invoice" ? 0 : 0.02);
    return foundAt(row, label.from, label.to, type, Math.min(0.95, confidence));
  });
  return best(scored);
}
