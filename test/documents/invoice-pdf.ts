import type { Invoice } from "../../packages/core/src/invoice/schema.ts";
import { writePdf } from "./write-pdf.ts";

/** An invoice that adds up; seller, buyer and goods are made up, the account is the published example of its country. */
export const BILL = {
  number: "INV-1001",
  type: "invoice",
  type_code: "380",
  issue_date: "2026-03-12",
  due_date: "2026-04-11",
  currency: "GBP",
  seller: { name: "Northwind Tools Ltd", address: "12 Mill Lane, Leeds LS1 4AB", vat_id: "GB980780684" },
  buyer: { name: "Baker & Sons Ltd", address: "5 High Street, York YO1 7AA" },
  lines: [
    { description: "Claw hammer", quantity: "2", unit_price: "10.50", net_amount: "21.00", tax_rate: "20" },
    { description: "Tenon saw", quantity: "1", unit_price: "34.00", net_amount: "34.00", tax_rate: "20" },
  ],
  taxes: [{ rate: "20", base: "55.00", tax: "11.00", category: "S" }],
  totals: { lines: "55.00", net: "55.00", tax: "11.00", gross: "66.00", due: "66.00" },
  payment: { iban: "GB29NWBK60161331926819" },
} satisfies Invoice;

export interface Drawing {
  /** Texts of the page in the place of the bill's own: "66.00" for the gross total of its page. "" leaves the row out. */
  readonly printed?: Partial<Record<"number" | "date" | "net" | "tax" | "gross", string>>;
  /** Embedded as factur-x.xml. */
  readonly xml?: string;
  /** Rows of text below all else. */
  readonly below?: readonly string[];
}

/** The bill as a PDF of one page with a text layer. */
export function billPdf(drawing: Drawing = {}): Promise<Uint8Array> {
  return billsPdf([drawing]);
}

/** Several bills in one PDF, a page each. */
export function billsPdf(drawings: readonly Drawing[]): Promise<Uint8Array> {
  return writePdf((pdf) => {
    drawings.forEach((drawing, index) => {
      if (index > 0) pdf.addPage();
      drawBill(pdf, drawing);
    });
  });
}

function drawBill(pdf: Parameters<Parameters<typeof writePdf>[0]>[0], { printed = {}, xml, below = [] }: Drawing): void {
  const { number = "INV-1001", date = "12 March 2026", net = "55.00", tax = "11.00", gross = "66.00" } = printed;
  const at = (text: string, x: number, y: number, size = 10): void =>
    void (text !== "" && pdf.fontSize(size).text(text, x, y, { lineBreak: false }));
  const row = (cells: readonly string[], y: number): void => cells.forEach((cell, index) => at(cell, [50, 280, 350, 450][index] ?? 0, y));
  const total = (label: string, amount: string, y: number): void => {
    if (amount === "") return;
    at(label, 350, y);
    at(amount, 450, y);
  };
  at("Northwind Tools Ltd", 50, 50, 16);
  at("12 Mill Lane, Leeds LS1 4AB", 50, 72);
  at("VAT No. GB980780684", 50, 86);
  at("Bill to:", 50, 120);
  at("Baker & Sons Ltd", 50, 134);
  at("5 High Street, York YO1 7AA", 50, 148);
  at("INVOICE", 350, 120, 16);
  if (number !== "") at(`Invoice number: ${number}`, 350, 142);
  at(`Invoice date: ${date}`, 350, 156);
  at("Due date: 11 April 2026", 350, 170);
  row(["Description", "Quantity", "Unit price", "Amount"], 220);
  row(["Claw hammer", "2", "10.50", "21.00"], 240);
  row(["Tenon saw", "1", "34.00", "34.00"], 256);
  total("Net total", net, 290);
  total("VAT 20%", tax, 306);
  total("Total GBP", gross, 322);
  at("Please pay to IBAN GB29 NWBK 6016 1331 9268 19", 50, 360);
  below.forEach((text, index) => at(text, 50, 400 + 16 * index));
  if (xml !== undefined) pdf.file(Buffer.from(xml), { name: "factur-x.xml", type: "text/xml" });
}
