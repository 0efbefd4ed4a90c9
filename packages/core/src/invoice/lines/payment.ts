import type { Payment } from "../schema.ts";
import type { Sourced } from "../sourced.ts";
import { bicAt, ibansIn } from "./ids.ts";
import { afterLabel, belowLabel, best, foundAt, labelsOf } from "./reading.ts";
import type { Placed, Reading, Weighed } from "./reading.ts";
import type { FieldKind } from "./words/words.ts";

/** Where to pay to and what to quote. An account that the page calls the buyer's is not the one to be paid to. */
export function readPayment(reading: Reading): Sourced<Payment> {
  return { iban: best(ibans(reading)), bic: best(bics(reading)), reference: best(references(reading)) };
}

const OF_BUYER: ReadonlySet<FieldKind> = new Set<FieldKind>(["buyer", "buyerVatId"]);

function ibans(reading: Reading): Weighed[] {
  return reading.rows.flatMap((row) =>
    ibansIn(row.text).flatMap(({ value, from, to }) => {
      const labels = row.labels.filter((label) => label.to <= from);
      if (labels.some(({ kinds }) => kinds.some((kind) => OF_BUYER.has(kind)))) return [];
      return [foundAt(row, from, to, value, labels.some(({ kinds }) => kinds.includes("iban")) ? 0.9 : 0.7)];
    }),
  );
}

function bics(reading: Reading): Weighed[] {
  return labelsOf(reading, "bic").flatMap((placed) => {
    const { text, from } = afterLabel(placed);
    const inline = bicAt(text);
    if (inline !== undefined) return [foundAt(placed.row, from + inline.from, from + inline.to, inline.value, 0.9)];
    const [below] = text.trim() === "" ? belowLabel(placed, reading) : [];
    const under = below === undefined ? undefined : bicAt(below.row.text.slice(below.from, below.to));
    if (below === undefined || under === undefined) return [];
    return [foundAt(below.row, below.from + under.from, below.from + under.to, under.value, 0.8)];
  });
}

/** Characters of a reference that is no sentence (ISO 20022 allows 140 of any text; EN 16931 examples have codes). */
const LONGEST_REFERENCE = 40;

function references(reading: Reading): Weighed[] {
  return labelsOf(reading, "paymentReference").flatMap((placed) => {
    const inline = referenceAt(placed);
    return inline === undefined ? [] : [inline];
  });
}

function referenceAt(placed: Placed): Weighed | undefined {
  const { text, from } = afterLabel(placed);
  const lead = /^[\s:：.]*/.exec(text)?.[0].length ?? 0;
  const value = (text.slice(lead).split("\t")[0] ?? "").trim();
  if (value.length > LONGEST_REFERENCE || !/\d/.test(value)) return undefined;
  return foundAt(placed.row, from + lead, from + lead + value.length, value, 0.8);
}
