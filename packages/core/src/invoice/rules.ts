import { absolute, compareAmounts, decimalsOf, divide, formatAmount, isWithin, isZero, multiply, round, subtract, sum } from "./amount.ts";
import type { Check, Invoice, InvoiceLine, Tax, Totals } from "./schema.ts";

/**
 * The sums of EN 16931 (its rules BR-CO-10 to 17), held against what is printed. A rule is run only where all of its terms are there; allowances,
 * charges, prepaid and rounding that are absent are zero, as the standard has it. A printed value is never replaced: a check names the difference.
 */

/** EN 16931 states sums to two decimals; lines may be more exact. In units of the currency. */
const HALF_A_CENT = "0.005";
/** BR-CO-17: tax is computed per group or line by line, and rounded either way. In units of the currency. */
const TAX_ROUNDING = "0.02";
/** A line's amount is rounded once more than its sum. In units of the currency. */
const ONE_CENT = "0.01";

/** Lines named in one message. */
const NAMED_LINES = 5;

/** BR-CO-10 and 13 to 17 as far as the invoice has their terms, then its lines' own arithmetic. */
export function checkSums(invoice: Invoice): Check[] {
  return [
    checkLineSum(invoice),
    checkNet(invoice),
    checkTaxSum(invoice),
    checkGross(invoice),
    checkDue(invoice),
    ...(invoice.taxes ?? []).map(checkTax),
    checkLineAmounts(invoice),
  ].filter((check) => check !== undefined);
}

/** A sum's printed and computed value beside each other. */
function compare(rule: string, fields: readonly string[], printed: string, computed: string, tolerance: string, words: string): Check {
  const ok = isWithin(printed, computed, tolerance);
  const says = ok
    ? `${words} = ${money(printed)}`
    : `${words} = ${money(round(computed, Math.max(2, decimalsOf(printed))))}, but ${money(printed)} is stated`;
  return {
    rule,
    ok,
    severity: "error",
    message: `${says}.`,
    fields: [...fields],
    ...(ok ? {} : { difference: round(subtract(printed, computed), Math.max(2, decimalsOf(printed))) }),
  };
}

/** BR-CO-10: the lines' net amounts are the sum of lines; on paper, which seldom states that, they lead to the net total. */
function checkLineSum({ lines, totals }: Invoice): Check | undefined {
  const summed = (lines ?? []).filter(({ line_status }) => line_status === undefined);
  const amounts = summed.flatMap(({ net_amount }) => net_amount ?? []);
  if (amounts.length === 0 || amounts.length < summed.length) return undefined;
  const computed = sum(amounts);
  const words = amounts.length === 1 ? "Net amount of 1 line" : `Net amounts of ${amounts.length} lines`;
  if (totals?.lines !== undefined) return compare("BR-CO-10", ["lines", "totals.lines"], totals.lines, computed, HALF_A_CENT, words);
  if (totals?.net === undefined) return undefined;
  const fields = ["lines", ...totalsIn(totals, "allowances", "charges", "net")];
  return compare("BR-CO-10", fields, totals.net, adjusted(computed, totals), HALF_A_CENT, `${words}${adjustments(totals)}`);
}

/** The paths of those of these totals that are stated. */
function totalsIn(totals: Totals, ...keys: readonly (keyof Totals)[]): string[] {
  return keys.filter((key) => totals[key] !== undefined).map((key) => `totals.${key}`);
}

interface Adjustments {
  readonly allowances?: string | undefined;
  readonly charges?: string | undefined;
}

function adjusted(amount: string, { allowances = "0", charges = "0" }: Adjustments): string {
  return sum([subtract(amount, allowances), charges]);
}

function adjustments({ allowances, charges }: Adjustments): string {
  return `${term("-", "allowances", allowances)}${term("+", "charges", charges)}`;
}

/** " - allowances 14.73"; empty for nothing and for zero. */
function term(sign: string, name: string, amount: string | undefined): string {
  return amount === undefined || isZero(amount) ? "" : ` ${sign} ${name} ${money(amount)}`;
}

/** BR-CO-13: net = sum of lines - allowances + charges. */
function checkNet({ totals }: Invoice): Check | undefined {
  if (totals?.lines === undefined || totals.net === undefined) return undefined;
  return compare(
    "BR-CO-13",
    totalsIn(totals, "lines", "allowances", "charges", "net"),
    totals.net,
    adjusted(totals.lines, totals),
    HALF_A_CENT,
    `Net: lines ${money(totals.lines)}${adjustments(totals)}`,
  );
}

/** BR-CO-14: the total tax is the sum of the tax of all rates. */
function checkTaxSum({ taxes = [], totals }: Invoice): Check | undefined {
  const amounts = taxes.flatMap(({ tax }) => tax ?? []);
  if (totals?.tax === undefined || amounts.length === 0 || amounts.length < taxes.length) return undefined;
  return compare("BR-CO-14", ["taxes", "totals.tax"], totals.tax, sum(amounts), HALF_A_CENT, `Tax: ${amounts.map(money).join(" + ")}`);
}

/** BR-CO-15: gross = net + tax; the tax of all rates where, as on paper with several of them, no total tax is stated. */
function checkGross({ taxes = [], totals }: Invoice): Check | undefined {
  const ofRates = taxes.flatMap(({ tax }) => tax ?? []);
  const stated = totals?.tax === undefined && ofRates.length === taxes.length ? ofRates : (totals?.tax ?? []);
  const amounts = [stated].flat();
  if (totals?.gross === undefined || totals.net === undefined || amounts.length === 0) return undefined;
  const words = `Gross: net ${money(totals.net)} + tax ${amounts.map(money).join(" + ")}`;
  const fields = [...totalsIn(totals, "net", "tax"), ...(totals.tax === undefined ? ["taxes"] : []), "totals.gross"];
  return compare("BR-CO-15", fields, totals.gross, sum([totals.net, ...amounts]), HALF_A_CENT, words);
}

/** BR-CO-16: due = gross - prepaid + rounding. */
function checkDue({ totals }: Invoice): Check | undefined {
  if (totals?.due === undefined || totals.gross === undefined) return undefined;
  const { prepaid = "0", rounding = "0" } = totals;
  const computed = sum([subtract(totals.gross, prepaid), rounding]);
  const words = `Due: gross ${money(totals.gross)}${term("-", "prepaid", prepaid)}${term("+", "rounding", rounding)}`;
  const fields = totalsIn(totals, "gross", "prepaid", "rounding", "due");
  return compare("BR-CO-16", fields, totals.due, computed, HALF_A_CENT, words);
}

/** BR-CO-17: tax = base x rate. */
function checkTax({ base, rate, tax }: Tax, index: number): Check | undefined {
  if (base === undefined || rate === undefined || tax === undefined) return undefined;
  return compare(
    "BR-CO-17",
    [`taxes[${index}]`],
    tax,
    multiply(multiply(base, rate), "0.01"),
    TAX_ROUNDING,
    `Tax: ${percent(rate)} of ${money(base)}`,
  );
}

/** Quantity x price against the line's net amount, all lines in one check: a hundred lines are no hundred checks. */
function checkLineAmounts({ lines = [] }: Invoice): Check | undefined {
  const computed = lines.flatMap((line, index) => lineAmount(line, index) ?? []);
  if (computed.length === 0) return undefined;
  const wrong = computed.filter(({ ok }) => !ok);
  const [first] = wrong;
  if (first === undefined) {
    const count = computed.length === 1 ? "1 line" : `${computed.length} lines`;
    const message = `Quantity x price is the net amount of ${count}.`;
    return { rule: "line_amount", ok: true, severity: "warning", message, fields: ["lines"] };
  }
  const more = wrong.length > NAMED_LINES ? `; and ${wrong.length - NAMED_LINES} more` : "";
  return {
    rule: "line_amount",
    ok: false,
    severity: "warning",
    message: `${wrong
      .slice(0, NAMED_LINES)
      .map(({ words }) => words)
      .join("; ")}${more}.`,
    fields: wrong.map(({ index }) => `lines[${index}]`),
    ...(wrong.length === 1 ? { difference: first.difference } : {}),
  };
}

interface LineAmount {
  readonly index: number;
  readonly ok: boolean;
  readonly words: string;
  readonly difference: string;
}

function lineAmount(line: InvoiceLine, index: number): LineAmount | undefined {
  const { quantity, unit_price: price, price_quantity: per = "1", net_amount: net } = line;
  if (quantity === undefined || price === undefined || net === undefined) return undefined;
  const units = divide(quantity, per);
  if (units === undefined) return undefined;
  const computed = adjusted(multiply(units, price), line);
  // A price is printed to so many decimals: what was cut off counts once for each unit.
  const cutOff = multiply(absolute(units), `0.${"0".repeat(decimalsOf(price))}5`);
  const words =
    `Line ${index + 1}: ${quantity} x ${money(price)}${per === "1" ? "" : ` per ${per}`}${adjustments(line)}` +
    ` = ${money(round(computed, 2))}, but ${money(net)} is stated`;
  return { index, ok: isWithin(net, computed, sum([ONE_CENT, cutOff])), words, difference: round(subtract(net, computed), 2) };
}

function money(amount: string): string {
  return formatAmount(amount);
}

/** "19 %": zeros after the dot say nothing. */
function percent(rate: string): string {
  return `${compareAmounts(rate, round(rate, 0)) === 0 ? round(rate, 0) : rate} %`;
}
