import { absolute, compareAmounts, isZero, multiply, subtract, sum } from "../../amount.ts";
import type { Totals } from "../../schema.ts";
import type { Sourced } from "../../sourced.ts";
import { foundAt } from "../reading.ts";
import type { Reading, Weighed } from "../reading.ts";
import { isAmount } from "./candidates.ts";
import type { Candidate, TotalKind } from "./candidates.ts";

/** How surely a label names what was paid. */
const WEIGHTS: Readonly<Partial<Record<TotalKind, number>>> = {
  due: 3,
  gross: 2.6,
  total: 2.2,
  card: 1.4,
  prepaid: 1.2,
  subtotal: 1.1,
  net: 0.9,
  cash: 0.8,
};
/** For an amount that no label names, but that cash minus change proves. */
const UNLABELLED = 0.4;
/** Cash minus change is what was paid. */
const PROVEN = 2.5;
/** For each time that an amount is printed, up to four. */
const REPEATED = 0.15;
/** Share of a gross: no tax on goods is higher. */
const HIGHEST_TAX = "0.25";
/** Against each amount on the receipt that is larger, up to three: a total is the largest but for what was handed over. */
const EXCEEDED = 0.4;

/**
 * The totals of a receipt. Its gross is what the till asked for in the end, after rounding: cash minus change proves it, a label says it, it is printed more than
 * once, and little on the receipt is larger. Net and tax only where they make it to the cent: they are often those of the amount before rounding.
 */
export function readReceiptTotals(reading: Reading, candidates: readonly Candidate[]): Sourced<Totals> {
  const gross = chooseTotal(reading, candidates);
  if (gross === undefined) return {};
  const of = (...kinds: readonly TotalKind[]): Weighed[] =>
    candidates.flatMap((candidate) => (candidate.kinds.some((kind) => kinds.includes(kind)) ? [candidate.found] : []));
  for (const tax of of("tax")) {
    const net = of("net", "subtotal").find(({ value }) => compareAmounts(sum([value, tax.value]), gross.value) === 0);
    if (net !== undefined) return { net, tax, gross };
  }
  const most = multiply(absolute(gross.value), HIGHEST_TAX);
  return { tax: of("tax").findLast(({ value }) => compareAmounts(absolute(value), most) <= 0), gross };
}

function chooseTotal(reading: Reading, labelled: readonly Candidate[]): Weighed | undefined {
  const paid = amountsPaid(reading, labelled);
  const amounts = amountsOf(reading);
  const candidates = [...labelled, ...unlabelled(reading, labelled, paid)].filter(({ found }) => !isZero(found.value));
  const end = candidates.at(-1)?.at || 1;
  let best: { readonly score: number; readonly candidate: Candidate } | undefined;
  for (const candidate of candidates) {
    const label = candidate.kinds.length === 0 ? UNLABELLED : Math.max(...candidate.kinds.map((kind) => WEIGHTS[kind] ?? 0));
    if (label <= 0) continue;
    const amount = absolute(candidate.found.value);
    const larger = new Set(amounts.filter((other) => compareAmounts(other, amount) > 0)).size;
    const score =
      label +
      (paid.has(amount) ? PROVEN : 0) +
      REPEATED * Math.min(4, amounts.filter((other) => other === amount).length) -
      EXCEEDED * Math.min(3, larger) +
      (0.1 * candidate.at) / end;
    if (best === undefined || score > best.score) best = { score, candidate };
  }
  if (best === undefined) return undefined;
  const { kinds, found } = best.candidate;
  // What was given is booked with a minus on some tills.
  return kinds.includes("card") || kinds.includes("cash") ? { ...found, value: absolute(found.value) } : found;
}

/** What was handed over less what was given back, for every pair of them; what was handed over where no change is printed. */
function amountsPaid(reading: Reading, candidates: readonly Candidate[]): ReadonlySet<string> {
  const of = (...kinds: readonly TotalKind[]): string[] =>
    candidates.flatMap(({ kinds: own, found }) => (own.some((kind) => kinds.includes(kind)) ? [absolute(found.value)] : []));
  const change = of("change");
  const given = of("cash", "card", "prepaid");
  const isChangePrinted = reading.labels.some(({ label }) => label.kinds.includes("change"));
  return new Set(!isChangePrinted ? given : given.flatMap((amount) => change.map((back) => subtract(amount, back))));
}

const HANDED_OVER: ReadonlySet<string> = new Set<TotalKind>(["cash", "card", "change"]);

/** Every amount with cents that is not what was handed over or given back. */
function amountsOf(reading: Reading): string[] {
  return reading.rows.flatMap(({ labels, numbers }) =>
    labels.some(({ kinds }) => kinds.some((kind) => HANDED_OVER.has(kind)))
      ? []
      : numbers.flatMap((number) => (isAmount(number) ? [absolute(number.value)] : [])),
  );
}

/** Amounts that were paid by what cash and change say, where a recogniser spoilt the label beside them. */
function unlabelled(reading: Reading, candidates: readonly Candidate[], paid: ReadonlySet<string>): Candidate[] {
  const missing = [...paid].filter((value) => !candidates.some(({ found }) => absolute(found.value) === value));
  if (missing.length === 0) return [];
  return reading.rows.flatMap((row) =>
    row.numbers.flatMap((number): Candidate[] =>
      missing.includes(absolute(number.value))
        ? [{ kinds: [], found: foundAt(row, number.from, number.to, number.value, 0.6), at: row.index, length: 0 }]
        : [],
    ),
  );
}
