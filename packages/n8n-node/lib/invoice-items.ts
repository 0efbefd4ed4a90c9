/** The answer of extract_invoice as rows for the nodes after: an item an invoice, or an item a line. */

export type InvoiceOutput = "invoices" | "lines";

type Row = Record<string, unknown>;

/** The part of extract_invoice's output that rows are made of. */
interface Read {
  readonly invoices?: readonly InvoiceResult[];
  readonly warnings?: readonly string[];
}

interface InvoiceResult extends Row {
  readonly invoice: Row & {
    readonly lines?: readonly Row[];
    readonly seller?: Row;
    readonly buyer?: Row;
    readonly totals?: Row;
    readonly payment?: Row;
  };
  readonly needs_review: readonly string[];
}

/**
 * One row for each invoice, its fields at the top (`number`, `seller.name`, `totals.gross`) beside `checks` and `needs_review`; or one for each of its lines, flat,
 * with what a spreadsheet needs of the invoice repeated. An invoice that lists no lines is one row either way. No row for a file without an invoice.
 */
export function invoiceRows(output: Readonly<Record<string, unknown>>, as: InvoiceOutput): Row[] {
  const { invoices = [], ...shared } = { warnings: [], ...(output as Read) };
  if (as === "invoices") return invoices.map(({ invoice, ...result }) => ({ ...invoice, ...result, ...shared }));
  return invoices.flatMap((result) => lineRows(result).map((row) => ({ ...row, ...shared })));
}

function lineRows({ invoice, needs_review }: InvoiceResult): Row[] {
  const { lines = [], seller, buyer, totals, payment } = invoice;
  const head = {
    number: invoice["number"],
    issue_date: invoice["issue_date"],
    due_date: invoice["due_date"],
    currency: invoice["currency"],
    seller: seller?.["name"],
    seller_vat_id: seller?.["vat_id"],
    buyer: buyer?.["name"],
    iban: payment?.["iban"],
    net: totals?.["net"],
    tax: totals?.["tax"],
    gross: totals?.["gross"],
    needs_review,
  };
  if (lines.length === 0) return [head];
  return lines.map((line, index) => ({ ...head, line: index + 1, ...line }));
}
