import { describe, expect, it } from "vitest";
import type { Page } from "../../page.ts";
import type { Invoice } from "../schema.ts";
import { partEvidence } from "../sourced.ts";
import { drawnInvoice, headRows, INVOICES, lineRow, tableHeadRow, totalRows } from "./drawn-invoices.test-samples.ts";
import type { InvoiceWords } from "./drawn-invoices.test-samples.ts";
import { drawnPage } from "./drawn-page.test-samples.ts";
import type { Piece } from "./drawn-page.test-samples.ts";
import { readInvoices } from "./index.ts";

const GERMAN = INVOICES["de"] as InvoiceWords;
const ENGLISH = INVOICES["en"] as InvoiceWords;

const read = (...pages: readonly Page[]): Invoice[] => readInvoices(pages).map(({ invoice }) => partEvidence<Invoice>(invoice).value);
const only = (...pages: readonly Page[]): Invoice => read(...pages)[0] ?? {};

describe("tables of lines", () => {
  it("go on over pages; what is carried from one to the next is no line", () => {
    const carried: Piece[] = [
      [120, "Übertrag"],
      ["right", 1120, "201,00"],
    ];
    const [first, second] = GERMAN.lines.map(lineRow);
    const invoices = read(
      drawnPage([...headRows(GERMAN), tableHeadRow(GERMAN), first ?? [], carried, [[1000, "Seite 1 von 2"]]]),
      drawnPage([tableHeadRow(GERMAN), carried, second ?? [], ...totalRows(GERMAN), [[1000, "Seite 2 von 2"]]], { number: 2 }),
    );
    expect(invoices).toHaveLength(1);
    expect(invoices[0]?.lines?.map(({ net_amount }) => net_amount)).toEqual(["201.00", "3600.00"]);
    expect(invoices[0]?.totals?.gross).toBe("4523.19");
  });

  it("go on without headings on the second page", () => {
    const [first, second] = GERMAN.lines.map(lineRow);
    const { lines } = only(
      drawnPage([...headRows(GERMAN), tableHeadRow(GERMAN), first ?? []]),
      drawnPage([second ?? [], ...totalRows(GERMAN)], { number: 2 }),
    );
    expect(lines?.map(({ description }) => description)).toEqual(["Schraubstock 125 mm", "Drehbank, überholt"]);
  });

  it("have names of several rows, and remarks below them that are no part of the name", () => {
    const rows: Piece[][] = [
      ...headRows(ENGLISH),
      tableHeadRow(ENGLISH),
      lineRow(["Bench vice with", "2", "100.50", "20%", "201.00"]),
      [[120, "swivel base"]],
      [[120, "Country of origin: PL"]],
      lineRow(["Lathe, reconditioned", "3", "1,200.00", "20%", "3,600.00"]),
      ...totalRows(ENGLISH),
    ];
    expect(only(drawnPage(rows)).lines).toMatchObject([
      { description: "Bench vice with swivel base", details: "Country of origin: PL", net_amount: "201.00" },
      { description: "Lathe, reconditioned", net_amount: "3600.00" },
    ]);
  });

  it("have headings of several rows", () => {
    const heading: Piece[][] = [
      [
        [120, "Beschreibung"],
        ["right", 620, "Menge"],
        ["right", 840, "Preis je"],
        ["right", 1120, "Positions-"],
      ],
      [
        ["right", 840, "Einheit"],
        ["right", 1120, "betrag"],
      ],
    ];
    const page = drawnPage([...headRows(GERMAN), ...heading, ...GERMAN.lines.map(lineRow), ...totalRows(GERMAN)]);
    expect(only(page).lines).toMatchObject([
      { quantity: "2", unit_price: "100.50", net_amount: "201.00" },
      { quantity: "3", unit_price: "1200.00", net_amount: "3600.00" },
    ]);
  });

  it("keep a printed amount that is not quantity times price", () => {
    const wrong: InvoiceWords = {
      ...GERMAN,
      lines: [["Schraubstock", "2", "100,50", "19 %", "210,00"], GERMAN.lines[1] ?? ["", "", "", "", ""]],
    };
    expect(only(drawnInvoice(wrong)).lines?.[0]).toMatchObject({ quantity: "2", unit_price: "100.50", net_amount: "210.00" });
  });

  it("keep printed totals that do not add up", () => {
    expect(only(drawnInvoice({ ...GERMAN, gross: ["Rechnungsbetrag", "4.532,19 €"] })).totals).toEqual({
      net: "3801.00",
      tax: "722.19",
      gross: "4532.19",
    });
  });

  it("need no headings where rows of words make a printed total, and are none where they do not", () => {
    const row = (text: string, amount: string): Piece[] => [
      [120, text],
      ["right", 1120, amount],
    ];
    const letter = (first: string): Page =>
      drawnPage([
        [[120, "Rechnung Nr. 17 vom 03.05.2026"]],
        [],
        row("Haftpflichtversicherung, Tarif R9", first),
        row("Vollkasko mit Teilkasko", "140,00 €"),
        [],
        row("Nettobetrag", "220,00 €"),
        row("zzgl. 19 % MwSt.", "41,80 €"),
        row("Rechnungsbetrag", "261,80 €"),
      ]);
    expect(only(letter("80,00 €")).lines).toEqual([
      { description: "Haftpflichtversicherung, Tarif R9", net_amount: "80.00" },
      { description: "Vollkasko mit Teilkasko", net_amount: "140.00" },
    ]);
    expect(only(letter("81,00 €")).lines).toBeUndefined();
  });

  it("give no net amount where the lines make the gross", () => {
    const withTax: InvoiceWords = {
      ...GERMAN,
      lines: [
        ["Schraubstock", "2", "119,00", "19 %", "238,00"],
        ["Drehbank", "1", "1.190,00", "19 %", "1.190,00"],
      ],
      net: ["Nettobetrag", "1.200,00 €"],
      tax: ["enthaltene MwSt. 19 %", "228,00 €"],
      gross: ["Rechnungsbetrag", "1.428,00 €"],
    };
    const { lines } = only(drawnInvoice(withTax));
    expect(lines).toMatchObject([{ description: "Schraubstock", quantity: "2" }, { description: "Drehbank" }]);
    expect(lines?.flatMap(({ net_amount, unit_price }) => [net_amount, unit_price])).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe("several invoices in one file", () => {
  const numbered = (number: string): InvoiceWords => ({ ...GERMAN, number: `Rechnungs-Nr.: ${number}` });

  it("come back one by one, each with its pages", () => {
    const pages = [
      drawnInvoice(numbered("2026-17")),
      { ...drawnInvoice(numbered("2026-18")), number: 2 },
      drawnPage([[[120, "Allgemeine Geschäftsbedingungen: es gilt, was gedruckt ist."]]], { number: 3 }),
    ];
    const found = readInvoices(pages);
    expect(found.map(({ pages: numbers }) => numbers)).toEqual([[1], [2, 3]]);
    expect(found.map(({ invoice }) => invoice.number?.value)).toEqual(["2026-17", "2026-18"]);
    expect(found[1]?.invoice.number?.evidence.page).toBe(2);
  });

  it("are told apart by their page counts where they have no number", () => {
    const counted = (page: number, of: number, text: string, number: number): Page =>
      drawnPage([[[120, text]], [[1000, `Page ${page} of ${of}`]]], { number });
    const found = readInvoices([counted(1, 2, "Invoice", 1), counted(2, 2, "more of it", 2), counted(1, 1, "Invoice", 3)]);
    expect(found.map(({ pages }) => pages)).toEqual([[1, 2], [3]]);
  });
});
