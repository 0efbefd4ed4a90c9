import type { AskedOnce } from "../correcting.ts";
import { InputError } from "../errors.ts";
import { groundsOf } from "../grounding.ts";
import { isZero } from "../invoice/amount.ts";
import type { ValueKind, WhereWanted } from "../grounding.ts";
import type { EvidenceSource, Invoice } from "../invoice/schema.ts";
import { printedAs, standsIn } from "../printed-as.ts";
import type { Printed } from "../printed-as.ts";
import { FIELDS, kindOf, LISTS } from "./fields.ts";
import type { InvoiceField, ListName } from "./fields.ts";
import { invoicePrompt, keyOf } from "./model-reply.ts";
import { valueAt } from "./reading.ts";

interface Answer {
  readonly invoices: readonly { readonly invoice: Invoice; readonly source: EvidenceSource }[];
}

const LIST_NAMES = Object.keys(LISTS) as ListName[];

/** What of an answer is compared with the correct one: every field of every invoice. */
export function invoiceValues({ invoices }: Answer): { readonly invoices: readonly Invoice[] } {
  return { invoices: invoices.map(({ invoice }) => invoice) };
}

/** How the value at a path of them ("invoices[0].totals.gross") is compared. */
export function kindOfValue(path: string): ValueKind {
  const within = path.replace(/^invoices\[\d+\]\./, "");
  return /(?:^|\.)(?:issue_date|due_date)$/.test(within) ? "date" : kindOf(within);
}

/** The prompt about an invoice that nothing is known of yet. */
export function wholeInvoicePrompt(): string {
  return invoicePrompt({ fields: FIELDS, lists: LIST_NAMES });
}

/** Whether a value that stands on no page is one that XML has to give and nobody prints: the code of a unit, a sum of nothing. */
function isOfXmlAlone(value: string | undefined, { path, kind }: InvoiceField): boolean {
  return path === "unit" || (kind === "amount" && value !== undefined && isZero(value));
}

/** The quotes that a question wants, by the schema that it was asked with. InputError where the answer is about several invoices. */
export function rightQuotes({ request, pages }: AskedOnce, { invoices }: Answer): string {
  if (invoices.length > 1) {
    throw new InputError(`The file holds ${invoices.length} invoices, and a model is asked for one.`, {
      hint: "Correct each by itself: name its pages with `pages`.",
    });
  }
  const [{ invoice, source } = { invoice: {}, source: "text" as const }] = invoices;
  const grounds = groundsOf(pages);
  const wanted = Object.keys((request.schema?.schema["properties"] as object | undefined) ?? {});
  const printed = (value: string | undefined, field: InvoiceField, where: WhereWanted = {}): Printed | undefined => {
    const found = value === undefined ? undefined : printedAs(value, field.kind, grounds, { last: field.last, ...where });
    return found?.place === undefined && source === "xml" && isOfXmlAlone(value, field) ? undefined : found;
  };
  const quote = (field: InvoiceField): string | null => {
    const found = printed(valueAt(invoice, field.path), field);
    return found === undefined || !standsIn(request, found.place, pages) ? null : found.text;
  };
  const entries = (list: ListName): Record<string, string | null>[] | null => {
    const rows = (invoice[list] ?? []).flatMap((entry) => {
      const values = entry as Readonly<Record<string, string | undefined>>;
      let near: Printed["place"];
      const row = LISTS[list].map((field) => {
        const found = printed(values[field.path], field, { near });
        near ??= found?.place;
        return [keyOf(field), found?.text ?? null] as const;
      });
      return row.every(([, text]) => text === null) || !standsIn(request, near, pages) ? [] : [Object.fromEntries(row)];
    });
    return rows.length === 0 ? null : rows;
  };
  return JSON.stringify(
    Object.fromEntries(
      wanted.map((key): [string, unknown] => {
        const field = FIELDS.find((each) => keyOf(each) === key);
        if (field !== undefined) return [key, quote(field)];
        const list = LIST_NAMES.find((each) => each === key);
        return [key, list === undefined ? null : entries(list)];
      }),
    ),
  );
}
