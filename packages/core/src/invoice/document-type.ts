import type { InvoiceType } from "./schema.ts";

/**
 * The UNTDID 1001 codes that EN 16931 allows for BT-3 (rule BR-CL-01 of its validation artefacts), told apart in the kinds that people treat
 * differently. ZUGFeRD 1 uses the same codes. What stands here beside 380 as "invoice" differs from it in nothing that a payer does.
 */
const CODES: Readonly<Record<InvoiceType, string>> = {
  invoice: "380 82 130 202 203 204 211 295 385 387 388 390 393 394 395 456 457 527 575 623 633 751 780 817 870 877 935",
  credit_note: "381 81 83 261 262 296 308 396 420 458 532",
  corrected: "384",
  partial: "326 875 876",
  prepayment: "386",
  self_billed: "389",
  debit_note: "383 80 84",
  proforma: "325",
  receipt: "",
};

const TYPES: ReadonlyMap<string, InvoiceType> = new Map(
  Object.entries(CODES).flatMap(([type, codes]) => codes.split(" ").map((code) => [code, type as InvoiceType] as const)),
);

/** The kind of document that a UNTDID 1001 code names; undefined for codes that name no invoice. */
export function typeOfCode(code: string): InvoiceType | undefined {
  return code === "" ? undefined : TYPES.get(code);
}
