import { compareAmounts, divide, isWithin, isZero, multiply, round } from "../../amount.ts";
import type { Tax } from "../../schema.ts";
import type { Sourced } from "../../sourced.ts";
import { foundAt } from "../reading.ts";
import type { Reading, TextRow } from "../reading.ts";
import { TOLERANCE } from "./invoice-totals.ts";

/** Rates above this are no tax on goods anywhere; Hungary's is 27. */
const HIGHEST_RATE = "30";

/** Rows that say a tax: a rate, a base and the tax that they make, and no line of goods (`isLine`). The numbers prove it, whatever the language. */
export function readTaxes(reading: Reading, isLine: (row: TextRow) => boolean): Sourced<Tax>[] {
  const found = new Map<string, Sourced<Tax>>();
  for (const row of reading.rows) {
    const tax = isTaxRow(row) && !isLine(row) ? taxOn(row) : undefined;
    if (tax === undefined) continue;
    const key = `${Number(tax.rate?.value)} ${tax.tax?.value}`;
    if (!found.has(key)) found.set(key, tax);
  }
  return [...found.values()];
}

function taxOn(row: TextRow): Sourced<Tax> | undefined {
  const rates = row.numbers.filter(
    ({ value, decimals, percent, currency }) => (percent || decimals <= 2) && currency === undefined && isRate(value),
  );
  const amounts = row.numbers.filter((number) => !number.percent && number.decimals === 2);
  for (const rate of rates) {
    for (const base of amounts) {
      for (const tax of amounts) {
        if (tax === base || tax === rate || base === rate || isZero(base.value)) continue;
        const isProven = isZero(rate.value) ? isZero(tax.value) && rate.percent : makes(base.value, rate.value, tax.value);
        if (!isProven) continue;
        return {
          rate: foundAt(row, rate.from, rate.to, rate.value, 0.85),
          base: foundAt(row, base.from, base.to, base.value, 0.85),
          tax: foundAt(row, tax.from, tax.to, tax.value, 0.85),
        };
      }
    }
  }
  return undefined;
}

/** A line of goods has a rate and amounts as well: a row of taxes has a word of tax on it, or nothing but numbers. */
function isTaxRow(row: TextRow): boolean {
  const letters = row.text.replaceAll(/[^\p{L}]/gu, "");
  return letters.length <= 3 || row.labels.some(({ kinds }) => kinds.includes("tax") || kinds.includes("vatId"));
}

function isRate(rate: string): boolean {
  return compareAmounts(rate, "0") >= 0 && compareAmounts(rate, HIGHEST_RATE) <= 0;
}

function makes(base: string, rate: string, tax: string): boolean {
  const exact = divide(multiply(base, rate), "100");
  return exact !== undefined && !isZero(tax) && isWithin(round(exact, 2), tax, TOLERANCE);
}
