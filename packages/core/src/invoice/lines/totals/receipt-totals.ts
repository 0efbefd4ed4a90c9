import { absolute, compareAmounts, isWithin, isZero, negate, subtract, sum } from "../../amount.ts";
import type { Totals } from "../../schema.ts";
import type { Sourced } from "../../sourced.ts";
import type { Reading, Weighed } from "../reading.ts";
import type { Candidate, TotalKind } from "./candidates.ts";

/** How surely a label names what was paid. */
const WEIGHTS: Readonly<Partial<Record<TotalKind, number>>> = {
  due: 3,
  gross: 2.6,
  total: 2.2,
  card: 1.4,
  subtotal: 1.1,
  net: 0.9,
  cash: 0.8,
};

/** Net and tax of a receipt are rounded line by line, in units of the currency. */
const RECEIPT_TOLERANCE = "0.05";

/**
 * The totals of a receipt: what the till asked for after rounding. Cash minus change proves it, the label says it, and it is printed more than once.
 */
export function readReceiptTotals(reading: Reading, candidates: readonly Candidate[]): Sourced<Totals> {
  const total = chooseTotal(reading, candidates);
  if (total === undefined) return {};
  const rounding = candidates.findLast(({ kinds }) => kinds.includes("rounding"))?.found;
  const before = rounding === undefined || isZero(rounding.value) ? undefined : beforeRounding(candidates, total.value, rounding.value);
  const gross = before ?? total;
  const tax = candidates.findLast(
    ({ kinds, found }) => kinds.includes("tax") && compareAmounts(absolute(found.value), absolute(total.value)) < 0,
  )?.found;
  const net = candidates.find(
    ({ kinds, found }) =>
      (kinds.includes("net") || kinds.includes("subtotal")) &&
      tax !== undefined &&
      isWithin(sum([found.value, tax.value]), gross.value, RECEIPT_TOLERANCE),
  )?.found;
  const due = candidates.find(({ kinds, found }) => kinds.includes("due") && found.value === total.value)?.found;
  return { net, tax, gross, rounding, due: before === undefined ? due : total };
}

function chooseTotal(reading: Reading, candidates: readonly Candidate[]): Weighed | undefined {
  const values = candidates.filter(({ found }) => !isZero(found.value));
  const change = candidates.filter(({ kinds }) => kinds.includes("change"));
  const paid = values
    .filter(({ kinds }) => kinds.includes("cash"))
    .flatMap((given) => change.map((back) => subtract(absolute(given.found.value), absolute(back.found.value))));
  const end = candidates.at(-1)?.at || 1;
  const scored = values.flatMap((candidate) => {
    const label = Math.max(...candidate.kinds.map((kind) => WEIGHTS[kind] ?? 0));
    if (label <= 0) return [];
    const amount = absolute(candidate.found.value);
    const isProven = paid.some((value) => isWithin(value, amount, "0"));
    const times = reading.rows.filter(({ numbers }) => numbers.some(({ value }) => absolute(value) === amount)).length;
    return [{ candidate, score: label + (isProven ? 2.5 : 0) + 0.15 * Math.min(4, times) + (0.1 * candidate.at) / end }];
  });
  const chosen = scored.toSorted((a, b) => b.score - a.score)[0]?.candidate;
  if (chosen === undefined) return undefined;
  // What was given is booked with a minus on some tills.
  const isPayment = chosen.kinds.includes("card") || chosen.kinds.includes("cash");
  return isPayment ? { ...chosen.found, value: absolute(chosen.found.value) } : chosen.found;
}

/** A printed total that differs from what was paid by the rounding alone. */
function beforeRounding(candidates: readonly Candidate[], total: string, rounding: string): Weighed | undefined {
  return candidates.find(
    ({ kinds, found }) =>
      kinds.some((kind) => kind === "gross" || kind === "total" || kind === "subtotal") &&
      found.value !== total &&
      (isWithin(sum([found.value, rounding]), total, "0") || isWithin(sum([found.value, negate(rounding)]), total, "0")),
  )?.found;
}
