import type { Page } from "../../page.ts";
import type { Invoice } from "../schema.ts";
import type { Sourced } from "../sourced.ts";
import { readCurrency } from "./currency.ts";
import { groupPages } from "./groups.ts";
import { readHeader } from "./header.ts";
import { readLines, readReceiptLines, readTables } from "./items/index.ts";
import { readParties } from "./parties/index.ts";
import { readPayment } from "./payment.ts";
import { toReading } from "./reading.ts";
import { isReceipt, readShop } from "./receipt.ts";
import { candidatesOf } from "./totals/candidates.ts";
import { readTotals } from "./totals/invoice-totals.ts";
import { readReceiptTotals } from "./totals/receipt-totals.ts";
import { readTaxes } from "./totals/taxes.ts";

/** One invoice as its pages show it, every value beside the place where it stands. */
export interface InvoiceOnPages {
  readonly invoice: Sourced<Invoice>;
  /** Numbers of the pages it stands on, ascending. */
  readonly pages: readonly number[];
}

/**
 * Reads invoices and receipts from the lines of their pages by rules alone: labels in eight languages, where things stand, and which sums add up. What the
 * pages do not show is absent; no value is computed. Several invoices in one file come back as several entries, in page order; pages without a
 * line as none.
 */
export function readInvoices(pages: readonly Page[]): readonly InvoiceOnPages[] {
  const printed = pages.filter(({ lines }) => lines.length > 0);
  return groupPages(printed).map((group) => ({ invoice: readInvoice(group), pages: group.map(({ number }) => number) }));
}

function readInvoice(pages: readonly Page[]): Sourced<Invoice> {
  const reading = toReading(pages);
  const tables = readTables(reading);
  const candidates = candidatesOf(reading, tables.isHeading);
  const shared = {
    ...readHeader(reading),
    currency: readCurrency(reading),
    taxes: readTaxes(reading, tables.isInside),
    payment: readPayment(reading),
  };
  const parties = readParties(reading);
  if (isReceipt(reading)) {
    const totals = readReceiptTotals(reading, candidates);
    const seller = { ...readShop(reading), vat_id: parties.seller.vat_id, tax_id: parties.seller.tax_id };
    return { ...shared, seller, lines: readReceiptLines(reading, tables, totals), totals };
  }
  const totals = readTotals(candidates);
  return { ...shared, ...parties, lines: readLines(reading, tables, totals), totals };
}
