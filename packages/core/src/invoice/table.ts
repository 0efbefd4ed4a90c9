import type { Table } from "../csv.ts";
import { isZero } from "./amount.ts";
import type { Invoice, InvoiceLine, Totals } from "./schema.ts";
import { unitWord } from "./units.ts";

/** An invoice's lines and totals as tables, for readers (Markdown) and for spreadsheets (CSV). */

const LINE_COLUMNS: readonly { readonly key: keyof InvoiceLine; readonly title: string; readonly isNumber: boolean }[] = [
  { key: "description", title: "Description", isNumber: false },
  { key: "details", title: "Details", isNumber: false },
  { key: "quantity", title: "Quantity", isNumber: true },
  { key: "unit", title: "Unit", isNumber: false },
  { key: "unit_price", title: "Unit price", isNumber: true },
  { key: "price_quantity", title: "Price per", isNumber: true },
  { key: "allowances", title: "Allowances", isNumber: true },
  { key: "charges", title: "Charges", isNumber: true },
  { key: "tax_rate", title: "Tax %", isNumber: true },
  { key: "net_amount", title: "Net amount", isNumber: true },
];

const TOTAL_TITLES: readonly { readonly key: keyof Totals; readonly title: string }[] = [
  { key: "lines", title: "Sum of lines" },
  { key: "allowances", title: "Allowances" },
  { key: "charges", title: "Charges" },
  { key: "net", title: "Net" },
  { key: "tax", title: "Tax" },
  { key: "gross", title: "Gross" },
  { key: "prepaid", title: "Prepaid" },
  { key: "rounding", title: "Rounding" },
  { key: "due", title: "Due" },
];

/** A table of the lines, with the columns that any of them has, and one of the totals; "" where there is neither. */
export function toMarkdownTable({ lines = [], totals = {}, currency }: Invoice): string {
  const columns = LINE_COLUMNS.filter(({ key }) => lines.some((line) => line[key] !== undefined));
  const tables: string[] = [];
  if (columns.length > 0) {
    const header = [{ title: "#", isNumber: true }, ...columns];
    const rows = lines.map((line, index) => [
      String(index + 1),
      ...columns.map(({ key }) => (key === "unit" ? unitWord(line.unit ?? "") : (line[key] ?? ""))),
    ]);
    tables.push(markdown(header, rows));
  }
  const given = TOTAL_TITLES.flatMap(({ key, title }) => {
    const amount = totals[key];
    // A total without allowances, charges and prepayments is the usual one: their zeros are noise here, and stay in the data.
    return amount === undefined || (isZero(amount) && ADJUSTMENTS.has(key)) ? [] : [[title, amount]];
  });
  if (given.length > 0) {
    tables.push(
      markdown(
        [
          { title: "Total", isNumber: false },
          { title: currency ?? "Amount", isNumber: true },
        ],
        given,
      ),
    );
  }
  return tables.join("\n\n");
}

const ADJUSTMENTS: ReadonlySet<keyof Totals> = new Set(["allowances", "charges", "prepaid", "rounding"]);

function markdown(
  columns: readonly { readonly title: string; readonly isNumber: boolean }[],
  rows: readonly (readonly string[])[],
): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    row(columns.map(({ title }) => cell(title))),
    row(columns.map(({ isNumber }) => (isNumber ? "---:" : "---"))),
    ...rows.map((cells) => row(cells.map(cell))),
  ].join("\n");
}

/** A cell is one line, and a bar in it does not end it. */
function cell(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim().replaceAll("\\", "\\\\").replaceAll("|", "\\|");
}

/** One row a line, then one a total: the column `kind` tells them apart. */
export const linesTable: Table<Invoice> = {
  columns: ["number", "kind", ...LINE_COLUMNS.map(({ key }) => key), "currency"],
  rows: ({ number, currency, lines = [], totals = {} }) => [
    ...lines.map((line) => ({ ...line, number, currency, kind: "line" })),
    ...TOTAL_TITLES.flatMap(({ key }) =>
      totals[key] === undefined ? [] : [{ number, currency, kind: "total", description: key, net_amount: totals[key] }],
    ),
  ],
};

/** One row an invoice: what a list of invoices shows. */
export const invoicesTable: Table<Invoice> = {
  columns: "number type issue_date due_date seller seller_vat_id buyer currency net tax gross due iban reference order_number".split(" "),
  rows: (invoice) => [
    {
      number: invoice.number,
      type: invoice.type,
      issue_date: invoice.issue_date,
      due_date: invoice.due_date,
      seller: invoice.seller?.name,
      seller_vat_id: invoice.seller?.vat_id,
      buyer: invoice.buyer?.name,
      currency: invoice.currency,
      net: invoice.totals?.net,
      tax: invoice.totals?.tax,
      gross: invoice.totals?.gross,
      due: invoice.totals?.due,
      iban: invoice.payment?.iban,
      reference: invoice.payment?.reference,
      order_number: invoice.order_number,
    },
  ],
};
