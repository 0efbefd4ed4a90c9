import type { AskedOnce } from "../correcting.ts";
import { InputError } from "../errors.ts";
import { groundsOf } from "../grounding.ts";
import type { Grounds, ValueKind } from "../grounding.ts";
import type { Invoice } from "../invoice/schema.ts";
import { printedAs, standsIn } from "../printed-as.ts";
import { FIELDS, kindOf, LISTS } from "./fields.ts";
import type { InvoiceField, ListName } from "./fields.ts";
import { invoicePrompt, keyOf } from "./model-reply.ts";
import { valueAt } from "./reading.ts";

interface Answer {
  readonly invoices: readonly { readonly invoice: Invoice }[];
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

/** The quotes that a question wants, by the schema that it was asked with. InputError where the answer is about several invoices. */
export function rightQuotes({ request, pages }: AskedOnce, { invoices }: Answer): string {
  if (invoices.length > 1) {
    throw new InputError(`The file holds ${invoices.length} invoices, and a model is asked for one.`, {
      hint: "Correct each by itself: name its pages with `pages`.",
    });
  }
  const invoice = invoices[0]?.invoice ?? {};
  const grounds = groundsOf(pages);
  const wanted = Object.keys((request.schema?.schema["properties"] as object | undefined) ?? {});
  const quote = (value: string | undefined, field: InvoiceField): string | null => {
    const printed = value === undefined ? undefined : printedAs(value, field.kind, grounds, { last: field.last });
    return printed === undefined || !standsIn(request, printed.place) ? null : printed.text;
  };
  return JSON.stringify(
    Object.fromEntries(
      wanted.map((key): [string, unknown] => {
        const field = FIELDS.find((each) => keyOf(each) === key);
        if (field !== undefined) return [key, quote(valueAt(invoice, field.path), field)];
        const list = LIST_NAMES.find((each) => each === key);
        return [key, list === undefined ? null : entriesOf(list, invoice, request, grounds)];
      }),
    ),
  );
}

/** The entries of a list as printed, their values beside one another. */
function entriesOf(
  list: ListName,
  invoice: Invoice,
  request: AskedOnce["request"],
  grounds: Grounds,
): Record<string, string | null>[] | null {
  const entries = (invoice[list] ?? []).flatMap((entry) => {
    const values = entry as Readonly<Record<string, string | undefined>>;
    let near: ReturnType<typeof printedAs>["place"];
    const printed = LISTS[list].map((field) => {
      const value = values[field.path];
      const found = value === undefined ? undefined : printedAs(value, field.kind, grounds, { near });
      near ??= found?.place;
      return [keyOf(field), found?.text ?? null] as const;
    });
    const isEmpty = printed.every(([, text]) => text === null);
    return isEmpty || !standsIn(request, near) ? [] : [Object.fromEntries(printed)];
  });
  return entries.length === 0 ? null : entries;
}
