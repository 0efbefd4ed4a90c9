import { compareDates } from "./date.ts";
import { duplicateKey } from "./duplicate-key.ts";
import { checkSums } from "./rules.ts";
import type { Check, Invoice } from "./schema.ts";

export interface CheckOptions {
  /** Duplicate keys of invoices that were read before this one. */
  readonly seenKeys?: ReadonlySet<string>;
  /** Profile of the embedded XML, where there is one. */
  readonly profile?: string | undefined;
}

/**
 * All checks that this invoice has the terms for: its sums (`rules.ts`), IBAN, VAT ids, dates, currency, and whether it was seen before. A failed
 * checksum is a warning: samples, and some real invoices, carry numbers that are none.
 */
export async function checkInvoice(invoice: Invoice, { seenKeys, profile }: CheckOptions = {}): Promise<Check[]> {
  return [
    ...checkSums(invoice).filter(({ rule }) => rule !== "BR-CO-16" || statesPrepaid(invoice, profile)),
    await checkIban(invoice.payment?.iban),
    await checkVatId("seller", invoice.seller?.vat_id),
    await checkVatId("buyer", invoice.buyer?.vat_id),
    checkDateOrder(invoice),
    checkCurrency(invoice.currency),
    checkDuplicate(invoice, seenKeys),
  ].filter((check) => check !== undefined);
}

/** The profile MINIMUM has no field for what was prepaid (BT-113): an amount due below the gross total is no error there. */
function statesPrepaid({ totals }: Invoice, profile: string | undefined): boolean {
  return profile !== "MINIMUM" || totals?.prepaid !== undefined;
}

/** The checks as they are when invoices with these keys were read before this one. */
export function checkedForCopies(invoice: Invoice, checks: readonly Check[], seenKeys: ReadonlySet<string>): Check[] {
  return checks.map((check) => (check.rule === "duplicate_key" ? (checkDuplicate(invoice, seenKeys) ?? check) : check));
}

async function checkIban(iban: string | undefined): Promise<Check | undefined> {
  if (iban === undefined) return undefined;
  const { isValidIBAN } = await import("ibantools");
  const ok = isValidIBAN(iban.replaceAll(/\s/g, "").toUpperCase());
  const message = ok ? `The IBAN ${iban} is valid.` : `The IBAN ${iban} is not valid: its length or its check digits are wrong.`;
  return { rule: "iban", ok, severity: "warning", message, fields: ["payment.iban"] };
}

async function checkVatId(whose: "seller" | "buyer", id: string | undefined): Promise<Check | undefined> {
  if (id === undefined) return undefined;
  const { judgeVatId } = await import("./vat-id.ts");
  const found = judgeVatId(id);
  if (found === undefined) return undefined;
  const message = found.valid
    ? `The ${whose}'s VAT id ${id} is valid.`
    : `The ${whose}'s VAT id ${id} is not valid: ${found.validForm ? "its check digit is wrong" : "that country's have another form"}.`;
  return { rule: "vat_id", ok: found.valid, severity: "warning", message, fields: [`${whose}.vat_id`] };
}

/** Whether the dates are in the order that they must be in; that one lies in the future is not judged, for there is no clock here. */
function checkDateOrder({ issue_date: issued, due_date: due }: Invoice): Check | undefined {
  if (issued === undefined || due === undefined) return undefined;
  const ok = compareDates(due, issued) >= 0;
  const message = ok ? `Due on ${due}, issued on ${issued}.` : `It is due on ${due}, before it was issued on ${issued}.`;
  return { rule: "date_order", ok, severity: "warning", message, fields: ["issue_date", "due_date"] };
}

/** By the ISO 4217 codes that the platform's own locale data know: those in use, and few that are not any more. */
function checkCurrency(currency: string | undefined): Check | undefined {
  if (currency === undefined) return undefined;
  const ok = Intl.supportedValuesOf("currency").includes(currency);
  const message = ok ? `${currency} is a currency.` : `${currency} is no currency in use.`;
  return { rule: "currency", ok, severity: "error", message, fields: ["currency"] };
}

function checkDuplicate(invoice: Invoice, seenKeys: ReadonlySet<string> | undefined): Check | undefined {
  const key = duplicateKey(invoice);
  if (key === undefined) return undefined;
  const ok = seenKeys?.has(key) !== true;
  const message = !ok
    ? `An invoice of this seller with this number, date and gross was read before (${key}).`
    : seenKeys === undefined
      ? `Its copies have the key ${key}; there was no other invoice to compare it with.`
      : `No invoice with the key ${key} was read before.`;
  const fields = [invoice.seller?.vat_id === undefined ? "seller.name" : "seller.vat_id", "number", "issue_date", "totals.gross"];
  return { rule: "duplicate_key", ok, severity: "warning", message, fields };
}
