import { foldText } from "../page.ts";
import { compareAmounts, formatAmount } from "./amount.ts";
import type { Check, EvidenceRecord, Invoice, Totals } from "./schema.ts";

/** A field that two readings of one invoice tell differently. */
export interface Difference {
  /** "totals.gross" */
  readonly path: string;
  readonly xml: string;
  readonly page: string;
}

/** What an invoice cannot be booked without. */
const NEEDED: readonly { readonly name: string; readonly of: (invoice: Invoice) => string | undefined }[] = [
  { name: "invoice number", of: ({ number }) => number },
  { name: "invoice date", of: ({ issue_date }) => issue_date },
  { name: "gross total", of: ({ totals }) => totals?.gross },
  { name: "seller", of: ({ seller }) => seller?.name ?? seller?.vat_id },
];

/** Paths named in one reason. */
const NAMED_PATHS = 8;

/** Why a person should look at this result, in plain words; empty when nothing speaks for it. Warnings are no reason. */
export function reviewReasons(result: {
  readonly invoice: Invoice;
  readonly evidence: EvidenceRecord;
  readonly checks: readonly Check[];
  readonly differences?: readonly Difference[];
}): string[] {
  const ungrounded = Object.entries(result.evidence).flatMap(([path, { grounded }]) => (grounded ? [] : [path]));
  const more = ungrounded.length > NAMED_PATHS ? ` and ${ungrounded.length - NAMED_PATHS} more` : "";
  return [
    ...NEEDED.flatMap(({ name, of }) => (of(result.invoice) === undefined ? [`No ${name} was found.`] : [])),
    ...result.checks.flatMap(({ ok, severity, rule, message }) => (ok || severity === "warning" ? [] : [`${rule}: ${message}`])),
    ...(result.differences ?? []).map(
      ({ path, xml, page }) => `The XML and the page disagree on ${path}: ${xml} in the XML, ${page} on the page.`,
    ),
    ...(ungrounded.length === 0 ? [] : [`Not found on the page as quoted: ${ungrounded.slice(0, NAMED_PATHS).join(", ")}${more}.`]),
  ];
}

const TOTALS: readonly (keyof Totals)[] = ["net", "tax", "gross", "due"];

/**
 * What the embedded XML and the page say differently, of the fields that decide who is paid how much for what. A field that one of them does not have is no
 * difference. Names, addresses and lines are not compared: two ways to write them are no disagreement.
 */
export function compareInvoices(xml: Invoice, page: Invoice): Difference[] {
  const differences: Difference[] = [];
  const compare = (path: string, a: string | undefined, b: string | undefined, isSame: (a: string, b: string) => boolean): void => {
    if (a !== undefined && b !== undefined && !isSame(a, b)) differences.push({ path, xml: a, page: b });
  };
  const isSameText = (a: string, b: string): boolean => foldText(a) === foldText(b);
  compare("number", xml.number, page.number, isSameText);
  compare("issue_date", xml.issue_date, page.issue_date, isSameText);
  compare("due_date", xml.due_date, page.due_date, isSameText);
  compare("currency", xml.currency, page.currency, isSameText);
  compare("seller.vat_id", xml.seller?.vat_id, page.seller?.vat_id, isSameText);
  compare("payment.iban", xml.payment?.iban, page.payment?.iban, isSameText);
  for (const key of TOTALS) {
    compare(`totals.${key}`, xml.totals?.[key], page.totals?.[key], (a, b) => compareAmounts(a, b) === 0);
  }
  return differences.map((each) =>
    each.path.startsWith("totals.") ? { ...each, xml: formatAmount(each.xml), page: formatAmount(each.page) } : each,
  );
}
