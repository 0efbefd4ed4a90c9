import { describe, expect, it } from "vitest";
import { compareInvoices, reviewReasons } from "./review.ts";
import type { Check, Invoice } from "./schema.ts";

const BILL: Invoice = { number: "R 1", issue_date: "2026-01-02", seller: { name: "A" }, totals: { net: "10", gross: "11.90" } };

describe("reviewReasons", () => {
  it("has none for an invoice without a fault, and none for a warning", () => {
    const checks: Check[] = [{ rule: "iban", ok: false, severity: "warning", message: "no", fields: ["payment.iban"] }];
    expect(reviewReasons({ invoice: BILL, evidence: { number: { quote: "R 1", grounded: true, source: "text" } }, checks })).toEqual([]);
  });

  it("names what is missing, what does not add up, what disagrees and what nobody saw", () => {
    const reasons = reviewReasons({
      invoice: {},
      evidence: { "totals.gross": { quote: "11.90", grounded: false, source: "model" } },
      checks: [{ rule: "BR-CO-15", ok: false, severity: "error", message: "Gross: no.", fields: [], difference: "1.00" }],
      differences: [{ path: "number", xml: "1", page: "2" }],
    });
    expect(reasons).toEqual([
      "No invoice number was found.",
      "No invoice date was found.",
      "No gross total was found.",
      "No seller was found.",
      "BR-CO-15: Gross: no.",
      "The XML and the page disagree on number: 1 in the XML, 2 on the page.",
      "Not found on the page as quoted: totals.gross.",
    ]);
  });
});

describe("compareInvoices", () => {
  it("finds none between two ways to write the same", () => {
    expect(compareInvoices(BILL, { ...BILL, number: "R-1", seller: { name: "A GmbH" }, totals: { net: "10.00" } })).toEqual([]);
  });

  it("finds other amounts and numbers", () => {
    expect(compareInvoices(BILL, { number: "R 2", issue_date: "2026-02-01", totals: { net: "10.00", gross: "19.10" } })).toEqual([
      { path: "number", xml: "R 1", page: "R 2" },
      { path: "issue_date", xml: "2026-01-02", page: "2026-02-01" },
      { path: "totals.gross", xml: "11.90", page: "19.10" },
    ]);
  });
});
