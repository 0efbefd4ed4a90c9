import { absolute, compareAmounts, decimalsOf, isWithin, isZero, subtract, sum } from "../../amount.ts";
import type { Totals } from "../../schema.ts";
import type { Sourced } from "../../sourced.ts";
import type { Weighed } from "../reading.ts";
import type { Candidate, TotalKind } from "./candidates.ts";

/** How far printed amounts may differ and still be one sum, in units of the currency: a cent for each of two roundings. */
export const TOLERANCE = "0.02";

/** Below this, in units of the currency; "Total after rounding" is another amount. */
const LARGEST_ROUNDING = "1";

/**
 * The totals of an invoice. Sums choose among what is printed (net and tax that make the gross), and never make an amount up.
 */
export function readTotals(candidates: readonly Candidate[]): Sourced<Totals> {
  const { net, tax, gross } = chooseSum(candidates);
  // "- 14,73" beside "Allowances" takes away what the name says already; on a credit note all amounts are negative.
  const unsigned = (found: Weighed | undefined): Weighed | undefined =>
    found !== undefined && gross !== undefined && compareAmounts(gross.found.value, "0") >= 0
      ? { ...found, value: absolute(found.value) }
      : found;
  const last = (kind: TotalKind): Weighed | undefined => candidates.findLast(({ kinds }) => kinds.includes(kind))?.found;
  const prepaid = unsigned(last("prepaid"));
  const lines = last("subtotal");
  const allowances = unsigned(onDocument("allowances", candidates));
  const charges = unsigned(onDocument("charges", candidates));
  return {
    lines,
    ...(isContradicted({ lines, net: net?.found, allowances, charges }) ? {} : { allowances, charges }),
    net: net?.found,
    // "including tax (35.13)": brackets that mean no minus.
    tax: tax?.found.evidence.quote.startsWith("(") === true ? unsigned(tax.found) : tax?.found,
    gross: gross?.found,
    prepaid,
    rounding: candidates.findLast(
      ({ kinds, found }) => kinds.includes("rounding") && compareAmounts(absolute(found.value), LARGEST_ROUNDING) < 0,
    )?.found,
    due: chooseDue(candidates, gross, prepaid),
  };
}

/** Whether the lines are the net total as they are, so that what was read as an allowance or a charge is something else. */
function isContradicted({
  lines,
  net,
  allowances,
  charges,
}: Readonly<Partial<Record<"lines" | "net" | "allowances" | "charges", Weighed | undefined>>>): boolean {
  if (lines === undefined || net === undefined || compareAmounts(lines.value, net.value) !== 0) return false;
  return compareAmounts(allowances?.value ?? "0", charges?.value ?? "0") !== 0;
}

/** Letters of a label that names a sum of all allowances or charges rather than one of them. */
const SUM_LABEL = 16;

/** Allowances or charges of the whole document: their named sum, else the only one. */
function onDocument(kind: "allowances" | "charges", candidates: readonly Candidate[]): Weighed | undefined {
  const subtotal = candidates.find(({ kinds }) => kinds.includes("subtotal"))?.at ?? -1;
  // "Free shipping (orders above 300 €)" is no charge: those have cents.
  const all = candidates.filter(({ kinds, at, found }) => kinds.includes(kind) && at > subtotal && decimalsOf(found.value) === 2);
  const named = all.findLast(({ length }) => length > SUM_LABEL);
  if (named !== undefined) return named.found;
  return new Set(all.map(({ found }) => found.value)).size === 1 ? all.at(-1)?.found : undefined;
}

function chooseDue(candidates: readonly Candidate[], gross: Candidate | undefined, prepaid: Weighed | undefined): Weighed | undefined {
  const due = candidates.filter(({ kinds }) => kinds.includes("due"));
  const proven =
    gross !== undefined && prepaid !== undefined
      ? due.find(({ found }) => isWithin(subtract(gross.found.value, prepaid.value), found.value, TOLERANCE))
      : undefined;
  return (proven ?? due.at(-1))?.found;
}

type Role = "net" | "tax" | "gross";

/** What a label says an amount may be, and how surely. */
const WEIGHTS: Readonly<Record<Role, Readonly<Partial<Record<TotalKind, number>>>>> = {
  net: { net: 1, subtotal: 0.45, total: 0.15 },
  tax: { tax: 1 },
  gross: { gross: 1, total: 0.75, due: 0.6, card: 0.1, net: 0.05 },
};

interface Choice {
  readonly candidate: Candidate | undefined;
  readonly weight: number;
}

/** Candidates tried for each of net, tax and gross: the likeliest. */
const TRIED = 14;

type Sum = Readonly<Record<Role, Candidate | undefined>>;

/** Net, tax and gross: each the likeliest by its label, the three of them by whether they add up. */
function chooseSum(candidates: readonly Candidate[]): Sum {
  const nets = choicesFor("net", candidates);
  const taxes = choicesFor("tax", candidates);
  let best: { readonly score: number; readonly sum: Sum } = { score: -1, sum: { net: undefined, tax: undefined, gross: undefined } };
  for (const gross of choicesFor("gross", candidates)) {
    for (const net of nets) {
      for (const tax of taxes) {
        const score = gross.weight + net.weight + tax.weight + proof(net.candidate, tax.candidate, gross.candidate);
        if (score > best.score) best = { score, sum: { net: net.candidate, tax: tax.candidate, gross: gross.candidate } };
      }
    }
  }
  return best.sum;
}

function choicesFor(role: Role, candidates: readonly Candidate[]): Choice[] {
  const end = candidates.at(-1)?.at || 1;
  const weighed = candidates.flatMap((candidate): Choice[] => {
    const weight = Math.max(...candidate.kinds.map((kind) => WEIGHTS[role][kind] ?? 0));
    if (weight <= 0) return [];
    // Further down is likelier, a long label surer.
    const place = (0.12 * candidate.at) / end + Math.min(candidate.length, 24) / 240;
    return [{ candidate, weight: weight + place - (0.9 - candidate.found.confidence) / 4 }];
  });
  return [...weighed.sort((a, b) => b.weight - a.weight).slice(0, TRIED), { candidate: undefined, weight: 0 }];
}

/** What the sum says: much for three that add up, against three that do not. */
function proof(net: Candidate | undefined, tax: Candidate | undefined, gross: Candidate | undefined): number {
  if (net === undefined || gross === undefined) return 0;
  // One printed amount may be net and gross of an untaxed invoice, but its label says which it is.
  const same = net === gross ? -0.4 : 0;
  if (tax === undefined) return same + (net !== gross && compareAmounts(net.found.value, gross.found.value) === 0 ? 0.3 : 0);
  if (tax === net || tax === gross) return -2;
  const makes = (total: string): boolean => isWithin(gross.found.value, total, TOLERANCE);
  if (makes(sum([net.found.value, tax.found.value]))) return same + (isZero(tax.found.value) ? 1 : 1.8);
  // A minus that is printed apart from its number is lost: the sum finds it, and nothing is changed.
  return makes(subtract(net.found.value, tax.found.value)) ? same + 0.5 : same - 0.8;
}
