import type { ValueKind } from "../grounding.ts";

/** What a model can be asked for on an invoice, field by field. */

export interface InvoiceField {
  /** Path into the invoice, or into one of its lines or taxes. */
  readonly path: string;
  readonly kind: ValueKind;
  /** What it is, for the model. */
  readonly words: string;
  /** Where the page has the value more than once, the last place counts: totals stand below what they sum up. */
  readonly last?: true;
  /** An invoice that lacks it is worth a question; the others are asked along. */
  readonly needed?: true;
}

export const FIELDS: readonly InvoiceField[] = [
  { path: "number", kind: "text", words: "number of this invoice or receipt", needed: true },
  { path: "issue_date", kind: "date", words: "date of this invoice", needed: true },
  { path: "due_date", kind: "date", words: "date by which it is to be paid" },
  { path: "currency", kind: "currency", words: "currency sign or code, as printed at the amounts", needed: true },
  { path: "seller.name", kind: "text", words: "company that sells", needed: true },
  { path: "seller.address", kind: "text", words: "address of the seller, without the name" },
  { path: "seller.vat_id", kind: "identifier", words: "VAT id of the seller, with its country letters" },
  { path: "buyer.name", kind: "text", words: "company or person that buys" },
  { path: "buyer.address", kind: "text", words: "address of the buyer, without the name" },
  { path: "totals.net", kind: "amount", words: "total without tax", needed: true, last: true },
  { path: "totals.tax", kind: "amount", words: "total of the tax", needed: true, last: true },
  { path: "totals.gross", kind: "amount", words: "total with tax", needed: true, last: true },
  { path: "totals.allowances", kind: "amount", words: "discounts on the whole invoice", last: true },
  { path: "totals.charges", kind: "amount", words: "charges on the whole invoice, e.g. freight", last: true },
  { path: "totals.prepaid", kind: "amount", words: "already paid", last: true },
  { path: "totals.rounding", kind: "amount", words: "rounding of the amount due", last: true },
  { path: "totals.due", kind: "amount", words: "amount still to be paid", last: true },
  { path: "totals.lines", kind: "amount", words: "sum of the lines, where it is printed beside the net total", last: true },
  { path: "payment.iban", kind: "identifier", words: "IBAN to be paid to" },
  { path: "payment.reference", kind: "text", words: "what the payer is asked to quote" },
];

/** A line's own, by path into it. */
export const LINE_FIELDS: readonly InvoiceField[] = [
  { path: "description", kind: "text", words: "what was sold" },
  { path: "quantity", kind: "amount", words: "how many" },
  { path: "unit", kind: "text", words: "unit of the quantity" },
  { path: "unit_price", kind: "amount", words: "price of one" },
  { path: "tax_rate", kind: "amount", words: "tax rate in percent" },
  { path: "net_amount", kind: "amount", words: "amount of the line" },
];

export const TAX_FIELDS: readonly InvoiceField[] = [
  { path: "rate", kind: "amount", words: "rate in percent" },
  { path: "base", kind: "amount", words: "amount that is taxed" },
  { path: "tax", kind: "amount", words: "the tax" },
];

/** Lists of the invoice that are asked for as a whole. */
export const LISTS = { lines: LINE_FIELDS, taxes: TAX_FIELDS } as const;
export type ListName = keyof typeof LISTS;

/** How a field is compared and looked up, by its path: "totals.gross", "lines[2].quantity". */
export function kindOf(path: string): ValueKind {
  const list = /^(lines|taxes)\[\d+\]\.(.+)$/.exec(path);
  const fields = list === null ? FIELDS : LISTS[list[1] as ListName];
  const field = fields.find((each) => each.path === (list?.[2] ?? path));
  if (field !== undefined) return field.kind;
  return /(?:^totals\.|\.(?:price_quantity|allowances|charges)$)/.test(path) ? "amount" : "text";
}
