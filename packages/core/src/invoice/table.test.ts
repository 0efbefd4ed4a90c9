import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toCsv } from "../csv.ts";
import { consistentInvoice } from "./invoice.test-samples.ts";
import type { Invoice } from "./schema.ts";
import { invoicesTable, linesTable, toMarkdownTable } from "./table.ts";

const linesToCsv = (invoices: readonly Invoice[]) => toCsv(linesTable.columns, invoices.flatMap(linesTable.rows));
const invoicesToCsv = (invoices: readonly Invoice[]) => toCsv(invoicesTable.columns, invoices.flatMap(invoicesTable.rows));

const BILL: Invoice = {
  number: "R-1",
  currency: "EUR",
  lines: [
    { description: "Nuts | bolts\n(box)", quantity: "2", unit_price: "5.00", net_amount: "10.00" },
    { description: "Back", unit: "HUR", net_amount: "-1.00" },
  ],
  totals: { net: "9.00", allowances: "0.00", tax: "0.00", gross: "9.00" },
};

describe("toMarkdownTable", () => {
  it("has the columns that a line has, and the totals that are stated", () => {
    expect(toMarkdownTable(BILL)).toBe(
      [
        "| # | Description | Quantity | Unit | Unit price | Net amount |",
        "| ---: | --- | ---: | --- | ---: | ---: |",
        "| 1 | Nuts \\| bolts (box) | 2 |  | 5.00 | 10.00 |",
        "| 2 | Back |  | hour |  | -1.00 |",
        "",
        "| Total | EUR |",
        "| --- | ---: |",
        "| Net | 9.00 |",
        "| Tax | 0.00 |",
        "| Gross | 9.00 |",
      ].join("\n"),
    );
    expect(toMarkdownTable({})).toBe("");
  });

  it("keeps each row on one line with as many cells as the header", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ description: fc.string(), net_amount: fc.constant("1.00") }), { minLength: 1 }), (lines) => {
        const rows = toMarkdownTable({ lines }).split("\n");
        expect(rows).toHaveLength(lines.length + 2);
        for (const row of rows) expect(row.replaceAll(/\\[\\|]/g, "").match(/\|/g)).toHaveLength(4);
      }),
    );
  });
});

describe("CSV", () => {
  it("has a row for each line and each total", async () => {
    expect((await linesToCsv([BILL])).split("\r\n")).toEqual([
      "number,kind,description,details,quantity,unit,unit_price,price_quantity,allowances,charges,tax_rate,net_amount,currency",
      'R-1,line,"Nuts | bolts\n(box)",,2,,5.00,,,,,10.00,EUR',
      "R-1,line,Back,,,HUR,,,,,,-1.00,EUR",
      "R-1,total,allowances,,,,,,,,,0.00,EUR",
      "R-1,total,net,,,,,,,,,9.00,EUR",
      "R-1,total,tax,,,,,,,,,0.00,EUR",
      "R-1,total,gross,,,,,,,,,9.00,EUR",
      "",
    ]);
  });

  it("has a row for each invoice", async () => {
    const rows = (await invoicesToCsv(fc.sample(consistentInvoice, 3))).split("\r\n");
    expect(rows).toHaveLength(5);
    expect(rows[0]).toBe(
      "number,type,issue_date,due_date,seller,seller_vat_id,buyer,currency,net,tax,gross,due,iban,reference,order_number",
    );
  });

  it.each([
    ["=1+1", "'=1+1"],
    ["+49 89", "'+49 89"],
    ["-cmd", "'-cmd"],
    ["@SUM(A1)", "'@SUM(A1)"],
    [" =1", "' =1"],
    ["＝1", "'＝1"],
    ["-3.00", "-3.00"],
    ["+5", "+5"],
    ["a=1", "a=1"],
  ])("makes %j text, never a formula", async (text, expected) => expect(await toCsv(["a"], [{ a: text }])).toBe(`a\r\n${expected}\r\n`));
});
