import { formatAmount } from "../invoice/amount.ts";
import type { EvidenceSource, Invoice, InvoiceResult, Party } from "../invoice/schema.ts";

/** Invoices in words, for readers who see nothing else. */

type Shown = Omit<InvoiceResult, "evidence"> & { readonly evidence?: InvoiceResult["evidence"] | undefined };

interface Answer {
  readonly invoices: readonly Shown[];
  readonly annotated?: readonly string[] | undefined;
  readonly warnings: readonly string[];
}

const SOURCES: Readonly<Record<EvidenceSource, string>> = {
  xml: "embedded XML",
  text: "the text layer",
  ocr: "the picture, with OCR",
  model: "the picture, by the model",
};

/** Who, when, how much, the table, what was checked, and why to look at it. */
export function renderInvoice({ invoices, annotated = [], warnings }: Answer): string {
  return [
    invoices.map(oneInvoice).join("\n\n---\n\n"),
    ...annotated.map((path) => `Annotated page: ${path}`),
    ...warnings.map((warning) => `[${warning}]`),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function oneInvoice({ invoice, table, checks, needs_review: reasons, source, pages, duplicate_key: key }: Shown): string {
  const passed = [...new Set(checks.filter(({ ok }) => ok).map(({ rule }) => rule))];
  const failed = checks.filter(({ ok }) => !ok);
  return [
    ...headLines(invoice),
    `Read from ${SOURCES[source]}${pages.length === 0 ? "" : `, ${pages.length === 1 ? "page" : "pages"} ${ranges(pages)}`}.`,
    table === "" ? "" : `\n${table}\n`,
    passed.length === 0 ? "" : `Checked and right: ${passed.join(", ")}.`,
    ...failed.map(({ rule, severity, message }) => `${severity === "error" ? "Wrong" : "Doubtful"}: ${rule}: ${message}`),
    ...(reasons.length === 0 ? ["Nothing speaks for a review."] : ["To be reviewed:", ...reasons.map((reason) => `- ${reason}`)]),
    key === undefined ? "" : `Duplicate key: ${key}`,
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function headLines({
  number,
  type = "invoice",
  issue_date: issued,
  due_date: due,
  seller,
  buyer,
  payment,
  totals,
  currency,
  ...other
}: Invoice): string[] {
  const kind = type.replaceAll("_", " ");
  const amount = totals?.due ?? totals?.gross;
  return [
    [
      `${kind[0]?.toUpperCase()}${kind.slice(1)}`,
      number ?? "",
      issued === undefined ? "" : `of ${issued}`,
      amount === undefined ? "" : `over ${formatAmount(amount)}${currency === undefined ? "" : ` ${currency}`}`,
      due === undefined ? "" : `due on ${due}`,
    ]
      .filter((part) => part !== "")
      .join(" "),
    partyLine("Seller", seller),
    partyLine("Buyer", buyer),
    listLine("Payment", [
      ["IBAN", payment?.iban],
      ["BIC", payment?.bic],
      ["reference", payment?.reference],
    ]),
    listLine("References", [
      ["order", other.order_number],
      ["buyer", other.buyer_reference],
      ["preceding invoice", other.preceding_invoice],
    ]),
  ];
}

function partyLine(who: string, party: Party | undefined): string {
  return listLine(who, [
    ["", party?.name],
    ["", party?.address],
    ["VAT id", party?.vat_id],
    ["tax number", party?.tax_id],
    ["email", party?.email],
  ]);
}

/** "Seller: Größner GmbH, VAT id DE123456789"; "" where nothing is given. */
function listLine(title: string, parts: readonly (readonly [name: string, value: string | undefined])[]): string {
  const given = parts.flatMap(([name, value]) => (value === undefined ? [] : [name === "" ? value : `${name} ${value}`]));
  return given.length === 0 ? "" : `${title}: ${given.join(", ")}`;
}

/** "1-3, 7" */
function ranges(pages: readonly number[]): string {
  const runs: { from: number; to: number }[] = [];
  for (const page of pages) {
    const run = runs.at(-1);
    if (run !== undefined && page === run.to + 1) run.to = page;
    else runs.push({ from: page, to: page });
  }
  return runs.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(", ");
}

/** Each value's evidence, one a line. */
export function renderInvoiceEvidence({ invoices }: Answer): string {
  return invoices
    .flatMap(({ evidence = {} }, index) => [
      ...(invoices.length > 1 ? [`Invoice ${index + 1}:`] : []),
      ...Object.entries(evidence).map(([path, { page, box, quote, grounded, source }]) => {
        const where =
          page === undefined || box === undefined ? "" : ` page ${page}, x=${box.x} y=${box.y} width=${box.width} height=${box.height}`;
        return `${path}: "${quote.replaceAll(/\s+/g, " ")}" (${source}${grounded ? "" : ", not found on the page"})${where}`;
      }),
    ])
    .join("\n");
}
