import { ibansIn } from "./ids.ts";
import { CURRENCY_CODES, CURRENCY_SIGNS } from "./number.ts";
import { afterLabel, foundAt, labelsOf } from "./reading.ts";
import type { Weighed, Reading, TextRow } from "./reading.ts";

const CODES = new Set<string>(CURRENCY_CODES);
const CODE = new RegExp(String.raw`(?<![\p{L}\p{N}])(${CURRENCY_CODES.join("|")})(?![\p{L}\p{N}])`, "gu");

/**
 * The currency: what a label says, else what most amounts carry, else the code that is printed most often. A bare "$" or "¥" is many currencies: it
 * counts only where the page says which.
 */
export function readCurrency(reading: Reading): Weighed | undefined {
  for (const placed of labelsOf(reading, "currency")) {
    const { text, from } = afterLabel(placed);
    const match = /^[\s:：(]*([A-Z]{3}|Euro|EURO|€|£)(?!\p{L})/u.exec(text);
    const printed = match?.[1];
    const code = printed === undefined ? undefined : codeOf(printed);
    if (match !== null && printed !== undefined && code !== undefined) {
      const start = from + match[0].length - printed.length;
      return foundAt(placed.row, start, start + printed.length, code, 0.95);
    }
  }
  const votes = new Map<string, { count: number; first: Weighed }>();
  const vote = (row: TextRow, from: number, to: number, code: string, count: number): void => {
    const counted = votes.get(code);
    if (counted === undefined) votes.set(code, { count, first: foundAt(row, from, to, code, 0.85) });
    else counted.count += count;
  };
  for (const row of reading.rows) {
    for (const { currency, from, to } of row.numbers) {
      const code = currency === undefined ? undefined : codeOf(currency);
      if (code !== undefined) vote(row, from, to, code, 2);
    }
  }
  // A sign or code by itself shows less than one beside an amount: it is the evidence only where there is none.
  for (const row of reading.rows) {
    for (const match of row.text.matchAll(CODE)) vote(row, match.index, match.index + match[0].length, match[0], 1);
    for (const match of row.text.matchAll(/(?<![\p{L}\p{N}])(€|£|RM)(?![\p{L}\p{N}])/gu)) {
      const code = codeOf(match[0]);
      if (code !== undefined) vote(row, match.index, match.index + match[0].length, code, 1);
    }
  }
  return [...votes.values()].sort((a, b) => b.count - a.count)[0]?.first ?? currencyOfAccount(reading);
}

/** Countries whose banks keep accounts in euros (the euro area, 2026); those that have IBANs. */
const EURO_COUNTRIES = new Set("AD AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MC MT NL PT SI SK SM VA".split(" "));

/**
 * Recognised pages alone: a recogniser of English print knows no "€". The account to be paid to says then what currency it is in; the quote is its IBAN, so that
 * anyone sees where the currency comes from.
 */
function currencyOfAccount(reading: Reading): Weighed | undefined {
  for (const row of reading.rows) {
    const iban = row.sheet.ocr ? ibansIn(row.text)[0] : undefined;
    if (iban !== undefined && EURO_COUNTRIES.has(iban.value.slice(0, 2))) return foundAt(row, iban.from, iban.to, "EUR", 0.4);
  }
  return undefined;
}

function codeOf(printed: string): string | undefined {
  if (CODES.has(printed)) return printed;
  return Object.hasOwn(CURRENCY_SIGNS, printed) ? CURRENCY_SIGNS[printed] : undefined;
}
