import { describe, expect, it } from "vitest";
import { invoiceRows } from "./invoice-items.ts";

const invoice = {
  number: "A-1",
  issue_date: "2026-03-12",
  seller: { name: "Northwind Tools Ltd" },
  totals: { net: "55.00", tax: "11.00", gross: "66.00" },
  lines: [{ description: "Claw hammer" }, { description: "Tenon saw" }],
};
const output = {
  invoices: [
    { invoice, checks: [], needs_review: [] },
    { invoice: { number: "B-2" }, checks: [], needs_review: ["no total"] },
  ],
  annotated: ["page-1"],
};

describe("invoices as rows", () => {
  it("have their fields at the top, beside what was checked and what the whole file has", () => {
    expect(invoiceRows(output, "invoices")).toEqual([
      { ...invoice, checks: [], needs_review: [], annotated: ["page-1"], warnings: [] },
      { number: "B-2", checks: [], needs_review: ["no total"], annotated: ["page-1"], warnings: [] },
    ]);
  });

  it("are a flat row for each line, and one where there are none", () => {
    const rows = invoiceRows({ ...output, warnings: ["page 2 is empty"] }, "lines");
    expect(rows).toMatchObject([
      { number: "A-1", seller: "Northwind Tools Ltd", gross: "66.00", line: 1, description: "Claw hammer", needs_review: [] },
      { number: "A-1", seller: "Northwind Tools Ltd", gross: "66.00", line: 2, description: "Tenon saw" },
      { number: "B-2", needs_review: ["no total"], warnings: ["page 2 is empty"] },
    ]);
  });

  it("are none where there is no invoice", () => {
    expect(invoiceRows({ invoices: [] }, "invoices")).toEqual([]);
  });
});
