import { Big } from "big.js";

/**
 * Amounts, prices, quantities and rates as decimal strings: "1234.50". No grouping, a dot, a minus where it is negative, as many decimals as the
 * source shows. They are computed with as decimals and never become floats. Functions take canonical strings, as `canonicalAmount` makes them;
 * anything else is a programming error and throws.
 */

/** Characters. Longer than any sum of money, short enough that nobody's digits cost time or memory. */
export const LONGEST_AMOUNT = 40;

/**
 * The canonical form of a decimal number as XML Schema writes it: "+012.50 " is "12.50", ".5" is "0.5", "-0.00" is "0.00". Undefined for anything
 * else: grouping, decimal commas and currency signs are for whoever reads a page.
 */
export function canonicalAmount(text: string): string | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const digits = `${whole.replace(/^0+(?=\d)/, "") || "0"}${fraction === "" ? "" : `.${fraction}`}`;
  const amount = sign === "-" && /[1-9]/.test(digits) ? `-${digits}` : digits;
  return amount.length > LONGEST_AMOUNT ? undefined : amount;
}

/** How many digits stand after the dot. */
export function decimalsOf(amount: string): number {
  const dot = amount.indexOf(".");
  return dot === -1 ? 0 : amount.length - dot - 1;
}

/** The sum, with as many decimals as the most exact of them; "0" for none. */
export function sum(amounts: readonly string[]): string {
  return write(
    amounts.reduce((total, amount) => total.plus(amount), new Big(0)),
    Math.max(0, ...amounts.map(decimalsOf)),
  );
}

/** `a` minus `b`, with as many decimals as the more exact of them. */
export function subtract(a: string, b: string): string {
  return write(new Big(a).minus(b), Math.max(decimalsOf(a), decimalsOf(b)));
}

/** The exact product. */
export function multiply(a: string, b: string): string {
  return write(new Big(a).times(b), decimalsOf(a) + decimalsOf(b));
}

/** `a` divided by `b`, to 20 decimals (big.js's own default); undefined for a division by zero. */
export function divide(a: string, b: string): string | undefined {
  return new Big(b).eq(0) ? undefined : write(new Big(a).div(b));
}

/** Half away from zero, as EN 16931 and every cash register round; the result has exactly that many decimals. */
export function round(amount: string, decimals: number): string {
  return write(new Big(amount).round(decimals, Big.roundHalfUp), decimals);
}

/** The amount without its sign. */
export function absolute(amount: string): string {
  return amount.startsWith("-") ? amount.slice(1) : amount;
}

export function negate(amount: string): string {
  return write(new Big(amount).times(-1), decimalsOf(amount));
}

/** Below, at or above zero as `a` is less than, equal to or more than `b`; "5" and "5.00" are equal. */
export function compareAmounts(a: string, b: string): -1 | 0 | 1 {
  return new Big(a).cmp(b);
}

/** Whether two amounts are no further apart than `tolerance`, itself a decimal string. */
export function isWithin(a: string, b: string, tolerance: string): boolean {
  return new Big(a).minus(b).abs().lte(tolerance);
}

export function isZero(amount: string): boolean {
  return new Big(amount).eq(0);
}

/** With at least that many decimals, never rounded: "12" is "12.00", "0.125" stays. For a reader's eyes. */
export function formatAmount(amount: string, decimals = 2): string {
  return write(new Big(amount), Math.max(decimals, decimalsOf(amount)));
}

/** Without zeros at its end: "12.50" and "12.5" are both "12.5". For keys; a reader is shown what was printed. */
export function shortest(amount: string): string {
  return write(new Big(amount));
}

/** Never with an exponent, never "-0". */
function write(value: Big, decimals?: number): string {
  const text = value.toFixed(decimals);
  return value.eq(0) ? text.replace("-", "") : text;
}
