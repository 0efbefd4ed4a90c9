import * as z from "zod";
import { boxShape } from "../shapes.ts";
import { LONGEST_AMOUNT } from "./amount.ts";

/**
 * What an invoice is, whoever read it: embedded XML, a text layer, OCR or a model. Terms are those of EN 16931 (BT-…, BG-…). Every field may be
 * missing: absent means that the document does not say it, and nothing is ever filled in.
 */

export const amountShape = z
  .string()
  .max(LONGEST_AMOUNT)
  .regex(/^-?\d+(?:\.\d+)?$/)
  .describe('Decimal string as printed, without grouping: "1234.50", "-3.00"');

export const isoDateShape = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .describe("ISO 8601 date, e.g. 2026-11-24");

/** The kinds that UNTDID 1001 codes are told apart in; which code is which stands in `document-type.ts`. */
export const INVOICE_TYPES = [
  "invoice",
  "credit_note",
  "corrected",
  "partial",
  "prepayment",
  "self_billed",
  "debit_note",
  "proforma",
  "receipt",
] as const;

export const partyShape = z.object({
  name: z.string().optional().describe("Name of the company or person"),
  address: z.string().optional().describe("As printed, without the name; its lines joined by a comma and a space"),
  vat_id: z.string().optional().describe("VAT identification number with its country prefix, without spaces"),
  tax_id: z.string().optional().describe("Tax number that is no VAT id, as printed"),
  email: z.string().optional(),
});

export const invoiceLineShape = z.object({
  description: z.string().optional().describe("What was sold, as named on the line (BT-153)"),
  details: z.string().optional().describe("What the line says about it beyond its name (BT-154)"),
  quantity: amountShape.optional().describe("Quantity as a decimal string"),
  unit: z.string().optional().describe("Unit as printed, or its UN/ECE Rec 20 code where the source is XML: HUR, C62"),
  unit_price: amountShape.optional().describe("Net price of `price_quantity` units, as a decimal string (BT-146)"),
  price_quantity: amountShape.optional().describe("How many units the price is for, where it is not one (BT-149)"),
  allowances: amountShape.optional().describe("Sum of this line's own allowances (BG-27)"),
  charges: amountShape.optional().describe("Sum of this line's own charges (BG-28)"),
  net_amount: amountShape.optional().describe("Line amount without tax (BT-131)"),
  tax_rate: amountShape.optional().describe('Tax rate in percent: "19" (BT-152)'),
  line_status: z
    .enum(["group", "information"])
    .optional()
    .describe("A line that is no part of the sum: group heads lines that are listed too, information is a remark; left out for all others"),
});

export const taxShape = z.object({
  category: z.string().optional().describe("VAT category code of UNCL 5305, where the source says it: S, Z, E, AE, K (BT-118)"),
  rate: amountShape.optional().describe('In percent: "19" (BT-119)'),
  base: amountShape.optional().describe("Taxable amount (BT-116)"),
  tax: amountShape.optional().describe("Tax amount (BT-117)"),
});

export const totalsShape = z.object({
  lines: amountShape.optional().describe("Sum of the lines' net amounts (BT-106)"),
  allowances: amountShape.optional().describe("Allowances on the whole document (BT-107)"),
  charges: amountShape.optional().describe("Charges on the whole document, e.g. freight (BT-108)"),
  net: amountShape.optional().describe("Total without tax (BT-109)"),
  tax: amountShape.optional().describe("Total tax in the invoice's currency (BT-110)"),
  gross: amountShape.optional().describe("Total with tax (BT-112)"),
  prepaid: amountShape.optional().describe("Already paid (BT-113)"),
  rounding: amountShape.optional().describe("Rounding of the amount due (BT-114)"),
  due: amountShape.optional().describe("Amount due for payment (BT-115)"),
});

export const paymentShape = z.object({
  iban: z.string().optional().describe("Account to be paid to, without spaces (BT-84)"),
  bic: z.string().optional().describe("BIC of that account's bank (BT-86)"),
  reference: z.string().optional().describe("What the payer is asked to quote (BT-83)"),
});

export const invoiceShape = z
  .object({
    number: z.string().optional().describe("Invoice number (BT-1)"),
    type: z.enum(INVOICE_TYPES).optional().describe("Kind of document (BT-3)"),
    type_code: z.string().optional().describe("UNTDID 1001 code where the source is XML: 380, 381 (BT-3)"),
    issue_date: isoDateShape.optional().describe("Invoice date, ISO 8601 (BT-2)"),
    due_date: isoDateShape.optional().describe("Date by which it is to be paid, ISO 8601 (BT-9)"),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional()
      .describe("ISO 4217 code of the amounts (BT-5)"),
    seller: partyShape.optional().describe("Who sells (BG-4)"),
    buyer: partyShape.optional().describe("Who buys (BG-7); not where goods are shipped to"),
    lines: z.array(invoiceLineShape).optional().describe("What is sold, line by line (BG-25)"),
    taxes: z.array(taxShape).optional().describe("Tax by category and rate (BG-23)"),
    totals: totalsShape.optional(),
    payment: paymentShape.optional(),
    order_number: z.string().optional().describe("The buyer's purchase order (BT-13)"),
    buyer_reference: z.string().optional().describe("What the buyer asked to be quoted, e.g. a Leitweg-ID (BT-10)"),
    preceding_invoice: z.string().optional().describe("Number of the invoice that this one corrects or follows (BT-25)"),
  })
  .describe("What the document says; a field it does not say is left out");

/** Where a value was read. */
export const EVIDENCE_SOURCES = ["xml", "text", "ocr", "model"] as const;

export const evidenceShape = z.object({
  page: z.number().int().min(1).optional().describe("Page that shows it, from 1; left out for XML that no page was looked at for"),
  box: boxShape.optional().describe("Where on that page, in pixels of the upright page"),
  quote: z.string().describe("The source's own characters for this value"),
  grounded: z.boolean().describe("True when the quote was found in the source itself; false for a value that a model alone vouches for"),
  source: z.enum(EVIDENCE_SOURCES),
});

/** Keys are paths: "number", "totals.gross", "lines[0].net_amount". */
export const evidenceRecordShape = z.record(z.string(), evidenceShape).describe('By path: "totals.gross", "lines[0].net_amount"');

export const checkShape = z.object({
  rule: z.string().describe("EN 16931 rule (BR-CO-10 …) or a name of ours: iban, vat_id, date_order, currency, line_amount, duplicate_key"),
  ok: z.boolean(),
  severity: z.enum(["error", "warning"]),
  message: z.string().describe("What was checked, with the numbers, in plain words"),
  fields: z.array(z.string()).describe('Paths of what was held together; "lines" stands for all of them'),
  difference: amountShape.optional().describe("Printed minus computed, for sums that do not add up"),
});

export const invoiceResultShape = z.object({
  invoice: invoiceShape,
  table: z.string().describe("Lines and totals as a Markdown table"),
  evidence: evidenceRecordShape,
  checks: z.array(checkShape),
  needs_review: z.array(z.string()).describe("Why a person should look at it, in plain words; empty when nothing speaks for that"),
  duplicate_key: z
    .string()
    .optional()
    .describe("Equal for two copies of one invoice: seller, number, date and gross; left out where one of them is missing"),
  source: z.enum(EVIDENCE_SOURCES).describe("Where most of it comes from"),
  pages: z.array(z.number().int().min(1)).describe("Pages it stands on, from 1; empty for an XML file without a page"),
});

export type InvoiceType = (typeof INVOICE_TYPES)[number];
export type EvidenceSource = (typeof EVIDENCE_SOURCES)[number];
export type Invoice = z.output<typeof invoiceShape>;
export type Party = z.output<typeof partyShape>;
export type InvoiceLine = z.output<typeof invoiceLineShape>;
export type Tax = z.output<typeof taxShape>;
export type Totals = z.output<typeof totalsShape>;
export type Payment = z.output<typeof paymentShape>;
export type Evidence = z.output<typeof evidenceShape>;
export type EvidenceRecord = z.output<typeof evidenceRecordShape>;
export type Check = z.output<typeof checkShape>;
export type InvoiceResult = z.output<typeof invoiceResultShape>;
