import { describe, expect, it } from "vitest";
import { sum } from "../amount.ts";
import type { Invoice } from "../schema.ts";
import { partEvidence } from "../sourced.ts";
import { drawnInvoice, drawnLetter, INVOICES } from "./drawn-invoices.test-samples.ts";
import { readInvoices } from "./index.ts";
import { fieldLabels } from "./labels.ts";
import { LANGUAGES } from "./words/index.ts";

const TAX: Readonly<Record<string, string>> = {
  en: "760.20",
  de: "722.19",
  fr: "760.20",
  es: "798.21",
  it: "836.22",
  nl: "798.21",
  pt: "874.23",
  zh: "494.13",
};
const CURRENCY: Readonly<Record<string, string>> = { en: "GBP", zh: "CNY" };
const VAT_ID: Readonly<Record<string, string | undefined>> = {
  en: "GB999999973",
  de: "DE136695976",
  fr: "FR40303265045",
  es: "ESB12345674",
  it: "IT00743110157",
  nl: "NL123456782B90",
  pt: "PT501964843",
};

describe.each([
  ["a form", drawnInvoice],
  ["a letter", drawnLetter],
])("one invoice in each language, drawn as %s", (_layout, draw) => {
  it.each(Object.entries(INVOICES))("%s", (language, words) => {
    const [first, ...others] = readInvoices([draw(words)]);
    expect(others).toEqual([]);
    const { value } = partEvidence<Invoice>(first?.invoice ?? {});
    const tax = TAX[language] ?? "";
    const [, name, street, town] = words.buyer;
    expect(value).toMatchObject({
      number: "INV-2026/041",
      type: "invoice",
      issue_date: "2026-05-03",
      due_date: "2026-06-02",
      currency: CURRENCY[language] ?? "EUR",
      seller: { name: words.seller[0], address: `${words.seller[1]}, ${words.seller[2]}` },
      buyer: { name, address: `${street}, ${town}` },
      totals: { net: "3801.00", tax, gross: sum(["3801.00", tax]) },
    });
    expect(value.seller?.vat_id).toBe(VAT_ID[language]);
    expect(value.lines).toMatchObject([
      { description: words.lines[0]?.[0], quantity: "2", unit_price: "100.50", net_amount: "201.00" },
      { description: words.lines[1]?.[0], quantity: "3", unit_price: "1200.00", net_amount: "3600.00" },
    ]);
    expect(value.lines?.map(({ tax_rate }) => tax_rate)).toEqual(words.lines.map(([, , , rate]) => rate.replace(/\D/g, "")));
  });
});

describe("labels", () => {
  it.each([
    ["Invoice No: 17", "number"],
    ["Rechnungs-Nr. 17", "number"],
    ["Facture n° 17", "number"],
    ["Número de factura 17", "number"],
    ["Fecha de vencimiento", "dueDate"],
    ["Scadenza", "dueDate"],
    ["Factuurdatum", "date"],
    ["Data de vencimento", "dueDate"],
    ["价税合计", "gross"],
  ])("%s says %s", (text, kind) => {
    expect(fieldLabels(text)[0]?.kinds).toContain(kind);
  });

  it("are found whatever a text layer or a recogniser did to their spaces and accents", () => {
    expect(fieldLabels("Br uttosumme 17,00")[0]?.kinds).toContain("gross");
    expect(fieldLabels("FALLIG AM: 3.5.2026")[0]?.kinds).toContain("dueDate");
    expect(fieldLabels("lotal 5.00", { ocr: true })[0]?.kinds).toContain("total");
    expect(fieldLabels("lotal 5.00")).toEqual([]);
  });

  it("are whole words", () => {
    expect(fieldLabels("Totalsanierung")).toEqual([]);
    expect(fieldLabels("Nettuno")).toEqual([]);
  });

  it.each(LANGUAGES.map((words) => [words.language, words] as const))(
    "of %s name what every invoice has",
    (_language, { fields, columns }) => {
      for (const kind of ["invoice", "number", "date", "dueDate", "buyer", "net", "tax", "gross", "total"] as const)
        expect(fields[kind], kind).not.toEqual([]);
      for (const kind of ["description", "quantity", "unitPrice", "amount"] as const) expect(columns[kind], kind).not.toEqual([]);
    },
  );
});
