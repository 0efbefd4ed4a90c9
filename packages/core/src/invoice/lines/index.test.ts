import { describe, expect, it } from "vitest";
import type { Invoice } from "../schema.ts";
import { partEvidence } from "../sourced.ts";
import type { Page } from "../../page.ts";
import { drawnPage } from "./drawn-page.test-samples.ts";
import { readInvoices } from "./index.ts";

const read = (...pages: readonly Page[]): Invoice[] => readInvoices(pages).map(({ invoice }) => partEvidence<Invoice>(invoice).value);

const GERMAN = drawnPage([
  [[120, "Muster & Söhne GmbH • Lindenweg 4 • 50667 Köln"]],
  [],
  [[120, "Beispiel AG"]],
  [[120, "Am Markt 9"]],
  [[120, "20095 Hamburg"]],
  [],
  [[120, "Rechnung"]],
  [
    [120, "Rechnungsnummer:"],
    [420, "2026-0815"],
  ],
  [
    [120, "Rechnungsdatum:"],
    [420, "03.05.2026"],
  ],
  [
    [120, "Fällig am:"],
    [420, "02.06.2026"],
  ],
  [],
  [
    [700, "Nettobetrag"],
    ["right", 1120, "1.250,00 €"],
  ],
  [
    [700, "zzgl. 19 % MwSt."],
    ["right", 1120, "237,50 €"],
  ],
  [
    [700, "Rechnungsbetrag"],
    ["right", 1120, "1.487,50 €"],
  ],
  [],
  [[120, "USt-IdNr.: DE136695976"]],
  [[120, "IBAN: DE89 3704 0044 0532 0130 00"]],
  [[120, "BIC: COBADEFFXXX"]],
]);

describe("invoices from the lines of their pages", () => {
  it("reads head, parties, totals and payment", () => {
    expect(read(GERMAN)).toMatchObject([
      {
        number: "2026-0815",
        type: "invoice",
        issue_date: "2026-05-03",
        due_date: "2026-06-02",
        currency: "EUR",
        seller: { name: "Muster & Söhne GmbH", address: "Lindenweg 4, 50667 Köln", vat_id: "DE136695976" },
        buyer: { name: "Beispiel AG", address: "Am Markt 9, 20095 Hamburg" },
        totals: { net: "1250.00", tax: "237.50", gross: "1487.50" },
        payment: { iban: "DE89370400440532013000", bic: "COBADEFFXXX" },
      },
    ]);
  });

  it("says where every value stands, in the page's own characters", () => {
    const [found] = readInvoices([GERMAN]);
    expect(found?.pages).toEqual([1]);
    const { evidence } = partEvidence<Invoice>(found?.invoice ?? {});
    expect(evidence["totals.gross"]).toEqual({
      page: 1,
      box: GERMAN.lines.find(({ text }) => text === "1.487,50 €")?.box,
      quote: "1.487,50 €",
      grounded: true,
      source: "text",
    });
    for (const { quote, box } of Object.values(evidence)) {
      const inside = GERMAN.lines.filter(
        (line) => line.box.x >= (box?.x ?? 0) && line.box.y >= (box?.y ?? 0) && line.box.y <= (box?.y ?? 0) + (box?.height ?? 0),
      );
      for (const part of quote.split("\n")) expect(inside.map(({ text }) => text).join(" ")).toContain(part);
    }
  });

  it("invents nothing: a page without an invoice on it has no totals, no parties and no number", () => {
    const [letter] = read(
      drawnPage([[[120, "Dear Sir or Madam,"]], [[120, "thank you for the pleasant talk we had about nothing at all."]]]),
    );
    expect(letter?.number).toBeUndefined();
    expect(letter?.totals).toBeUndefined();
    expect(letter?.lines).toBeUndefined();
  });

  it("gives nothing for pages without a line", () => {
    expect(read(drawnPage([]))).toEqual([]);
  });
});
