import { describe, expect, it } from "vitest";
import type { Invoice } from "../schema.ts";
import { partEvidence } from "../sourced.ts";
import { drawnInvoice, INVOICES } from "./drawn-invoices.test-samples.ts";
import type { InvoiceWords } from "./drawn-invoices.test-samples.ts";
import { drawnPage } from "./drawn-page.test-samples.ts";
import type { Piece } from "./drawn-page.test-samples.ts";
import { readInvoices } from "./index.ts";
import { toReading } from "./reading.ts";
import { isReceipt } from "./receipt.ts";

/** A receipt as a recogniser gives it: on a strip of paper, spaces lost here and there. */
function receipt(rows: readonly (readonly Piece[])[]): Invoice {
  const [found] = readInvoices([drawnPage(rows, { source: "ocr", width: 620, height: 80 + rows.length * 40 + 600 })]);
  return partEvidence<Invoice>(found?.invoice ?? {}).value;
}

const HEAD: Piece[][] = [
  [[180, "KEDAI RUNCIT MAJU SDN BHD 123456-X"]],
  [[180, "NO.17 JALAN BESAR,"]],
  [[180, "39100 BRINCHANG, PAHANG"]],
  [[180, "TEL:05-4911234"]],
  [[180, "GST ID:002120876032"]],
  [[180, "TAX INVOICE"]],
  [[40, "25/04/201816:46"]],
];

const paid = (label: string, amount: string): Piece[] => [
  [40, label],
  ["right", 580, amount],
];

describe("receipts", () => {
  it("name the shop without its register number, its address without the name, the day and what was paid", () => {
    const { seller, issue_date, currency, totals } = receipt([
      ...HEAD,
      [
        [40, "2 TEH TARIK"],
        ["right", 580, "5.00"],
      ],
      paid("TOTAL", "RM5.00"),
      paid("CASH", "RM10.00"),
      paid("CHANGE", "RM5.00"),
    ]);
    expect(seller).toMatchObject({ name: "KEDAI RUNCIT MAJU SDN BHD", address: "NO.17 JALAN BESAR, 39100 BRINCHANG, PAHANG" });
    expect({ issue_date, currency, gross: totals?.gross }).toEqual({ issue_date: "2018-04-25", currency: "MYR", gross: "5.00" });
  });

  it.each([
    ["KEDAI RUNCIT MAJU SDN BHD (CO. NO: 123456-X)", "39100 BRINCHANG, PAHANG"],
    ["KEDAI RUNCIT MAJU SDN BHD", "39100 ALAM SE"],
    ["KEDAI RUNCIT MAJU SDN BHD (ROC: 123456-X)", "39100 BRINCHANG"],
  ])("find the shop in %s over %s", (name, town) => {
    const { seller } = receipt([[[180, name]], [[180, "NO.17 JALAN BESAR,"]], [[180, town]], paid("CASH", "5.00"), paid("CHANGE", "0.00")]);
    expect(seller).toMatchObject({ name: "KEDAI RUNCIT MAJU SDN BHD", address: `NO.17 JALAN BESAR, ${town}` });
  });

  it("are paid after rounding: cash less change proves which of two totals it is", () => {
    const { totals } = receipt([
      ...HEAD,
      paid("TOTAL", "33.92"),
      paid("ROUNDING ADJ", "-0.02"),
      paid("TOTAL ROUNDED", "33.90"),
      paid("CASH", "50.00"),
      paid("CHANGE", "16.10"),
    ]);
    expect(totals).toEqual({ gross: "33.90" });
  });

  it("are read where the label of the total is not: cash less change finds it", () => {
    const { totals } = receipt([...HEAD, paid("6rand Iota1", "29.30"), paid("CASH", "30.30"), paid("CHANGE", "1.00")]);
    expect(totals?.gross).toBe("29.30");
  });

  it("do not take a summary of taxes for their total", () => {
    const { totals } = receipt([
      ...HEAD,
      paid("TOTAL INCL. GST", "332.30"),
      paid("CASH", "332.30"),
      paid("CHANGE", "0.00"),
      [[40, "GST SUMMARY"]],
      [
        [40, "Total:"],
        ["right", 400, "313.49"],
        ["right", 580, "18.81"],
      ],
    ]);
    expect(totals?.gross).toBe("332.30");
  });

  it("are no invoices, and invoices no receipts", () => {
    expect(isReceipt(toReading([drawnInvoice(INVOICES["de"] as InvoiceWords)]))).toBe(false);
    expect(isReceipt(toReading([drawnPage([...HEAD, paid("CASH", "5.00"), paid("CHANGE", "0.00")])]))).toBe(true);
  });
});
