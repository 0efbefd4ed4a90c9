import { extractInvoice, runTask, toCsv } from "@sightline/core";
import { readFile } from "node:fs/promises";
import { imageSize } from "image-size";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { toCii } from "../../packages/core/src/invoice/invoice.test-samples.ts";
import type { Invoice } from "../../packages/core/src/invoice/schema.ts";
import { BILL, billPdf, billsPdf, type Drawing } from "../documents/invoice-pdf.ts";
import { closeEyes, startModelContext } from "./model-context.ts";

/** Invoices from XML and from pages, without a model. */

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
afterAll(closeEyes);

const uri = (bytes: Uint8Array, name: string): string =>
  `data:application/octet-stream;name=${name};base64,${Buffer.from(bytes).toString("base64")}`;

async function extract(bytes: Uint8Array, input: Readonly<Record<string, unknown>> = {}) {
  const made = await startModelContext({ model: undefined, textModel: undefined });
  open.push(() => made.close());
  const output = await runTask(extractInvoice, { document: uri(bytes, "bill.pdf"), ...input }, made.context);
  return { output, told: made.told, first: output.invoices[0] };
}

const withXml = (xml: Invoice = BILL, drawing: Drawing = {}): Promise<Uint8Array> => billPdf({ xml: toCii(xml), ...drawing });

describe("embedded XML", () => {
  it("is the invoice, and no page is read for it", async () => {
    const { output, told, first } = await extract(await withXml());
    expect(first?.invoice).toEqual({
      ...BILL,
      seller: { ...BILL.seller, address: expect.any(String) },
      buyer: expect.anything(),
      taxes: expect.anything(),
    });
    expect(first).toMatchObject({ source: "xml", pages: [1], needs_review: [] });
    expect(Object.values(first?.evidence ?? {}).every(({ source, grounded }) => source === "xml" && grounded)).toBe(true);
    expect(told.join("\n")).not.toContain("Reading");
    expect(output).not.toHaveProperty("model");
    expect(output.warnings).toEqual([]);
  });

  it("is read from a file of its own", async () => {
    const { first } = await extract(Buffer.from(toCii(BILL)));
    expect(first).toMatchObject({ invoice: { number: "INV-1001", totals: BILL.totals }, source: "xml", pages: [] });
  });

  it("is completed from the page where its profile has no lines, and says where each value stands", async () => {
    const { lines: _, ...short } = BILL;
    const { first } = await extract(await withXml(short));
    expect(first?.evidence?.["totals.gross"]).toMatchObject({ source: "xml", page: 1, box: expect.anything() });
    expect(first?.invoice.totals).toEqual(BILL.totals);
  });

  it.each([
    ["gross total", { totals: { ...BILL.totals, gross: "660.00" } }, /totals\.gross: 660\.00 in the XML, 66\.00 on the page/],
    ["number", { number: "INV-1007" }, /number: INV-1007 in the XML, INV-1001 on the page/],
    [
      "account",
      { payment: { iban: "GB33BUKB20201555555555" } },
      /payment\.iban: GB33BUKB20201555555555 in the XML, GB29NWBK60161331926819 on the page/,
    ],
  ])("that disagrees with the page on the %s is reported where the page is read", async (_, lie, says) => {
    const { first } = await extract(await withXml({ ...BILL, ...lie }), { compare: true });
    expect(first?.needs_review.join("\n")).toMatch(says);
    expect(first?.source).toBe("xml");
  });

  it("that agrees with the page is not reported", async () => {
    const { first } = await extract(await withXml(), { compare: true });
    expect(first?.needs_review).toEqual([]);
  });

  it("that is broken is a warning, and the page is read", async () => {
    const { first, output } = await extract(await billPdf({ xml: toCii(BILL).slice(0, 900) }));
    expect(first).toMatchObject({ invoice: { number: "INV-1001" }, source: "text" });
    expect(output.warnings.join("\n")).toContain("The embedded invoice was left out");
  });

  it("with entities is refused, embedded and alone", async () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${toCii(BILL).replace(/^<\?xml.*?\?>/, "")}`;
    await expect(extract(Buffer.from(bomb))).rejects.toMatchObject({
      kind: "InputError",
      message: expect.stringContaining("document type declaration"),
    });
    const { output } = await extract(await billPdf({ xml: bomb }));
    expect(output.warnings.join("\n")).toContain("document type declaration");
  });
});

describe("pages", () => {
  it("are read from the text layer, each value with its place", async () => {
    const { first } = await extract(await billPdf());
    expect(first).toMatchObject({
      invoice: {
        number: "INV-1001",
        issue_date: "2026-03-12",
        due_date: "2026-04-11",
        currency: "GBP",
        seller: { name: "Northwind Tools Ltd" },
        totals: { net: "55.00", tax: "11.00", gross: "66.00" },
      },
      source: "text",
      pages: [1],
      needs_review: [],
    });
    const { box, ...gross } = first?.evidence?.["totals.gross"] ?? {};
    expect(gross).toMatchObject({ page: 1, quote: expect.stringContaining("66.00"), grounded: true, source: "text" });
    // Drawn 322 points down, 450 from the left; boxes are pixels at 150 dpi.
    expect(box?.y).toBeGreaterThan((320 / 72) * 150 - 5);
    expect(box?.y).toBeLessThan((335 / 72) * 150);
  });

  it("that do not add up are printed as they are, and say so", async () => {
    const { first } = await extract(await billPdf({ printed: { gross: "67.00" } }));
    expect(first?.invoice.totals?.gross).toBe("67.00");
    expect(first?.checks).toContainEqual(expect.objectContaining({ rule: "BR-CO-15", ok: false, difference: "1.00" }));
    expect(first?.needs_review.join("\n")).toContain("BR-CO-15");
  });

  it("of several sources are read from the allowed ones alone", async () => {
    await expect(extract(await billPdf(), { sources: ["xml"] })).rejects.toMatchObject({
      kind: "InputError",
      message: expect.stringContaining("no invoice as XML"),
    });
    const { first } = await extract(await withXml(), { sources: ["text"] });
    expect(first?.source).toBe("text");
  });

  it("of several invoices in one file come back as several, and XML belongs to the one with its number", async () => {
    const three = [
      { xml: toCii({ ...BILL, number: "INV-1002" }) },
      { printed: { number: "INV-1002" } },
      { printed: { number: "INV-1003" } },
    ];
    const { output } = await extract(await billsPdf(three), { compare: true });
    expect(output.invoices.map(({ invoice, source, pages }) => [invoice.number, source, pages])).toEqual([
      ["INV-1001", "text", [1]],
      ["INV-1002", "xml", [2]],
      ["INV-1003", "text", [3]],
    ]);
  });

  it("without evidence are as lean as can be", async () => {
    const { first } = await extract(await billPdf(), { evidence: "none" });
    expect(first).not.toHaveProperty("evidence");
  });

  it("are saved with the evidence drawn on them where that is asked for", async () => {
    const { output } = await extract(await withXml(), { annotate: true });
    const [path = ""] = output.annotated ?? [];
    expect(imageSize(await readFile(path))).toMatchObject({ type: "jpg" });
    expect(extractInvoice.render(output)).toContain(path);
  });

  it("without an invoice give none, and say so", async () => {
    const { output } = await extract(await readFile(new URL("../../examples/samples/chelsea.png", import.meta.url)));
    expect(output.invoices).toEqual([]);
    expect(output.warnings.join("\n")).toContain("No invoice was found");
  });

  it("cannot be asked of a model that is not there", async () => {
    await expect(extract(await billPdf(), { sources: ["model"] })).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringContaining("ollama pull"),
    });
  });
});

describe("in words", () => {
  it("it is a table, what was checked, and why to look", async () => {
    const { output } = await extract(await withXml({ ...BILL, totals: { ...BILL.totals, gross: "660.00" } }));
    const words = extractInvoice.render(output);
    expect(words).toContain("| 1 | Claw hammer | 2 | piece | 10.50 | 20 | 21.00 |".replace("| piece ", ""));
    expect(words).toMatch(/Checked and right: BR-CO-10/);
    expect(words).toMatch(/Wrong: BR-CO-15: Gross: net 55\.00 \+ tax 11\.00 = 66\.00, but 660\.00 is stated/);
    expect(words).toContain("To be reviewed:");
  });

  it("the lines are CSV too", async () => {
    const { output } = await extract(await withXml());
    const { columns = [], rows = () => [] } = extractInvoice.tables?.["lines"] ?? {};
    const csv = await toCsv(columns, rows(output));
    expect(csv.split("\r\n")[1]).toBe("INV-1001,line,Claw hammer,,2,,10.50,,,,20,21.00,GBP");
  });
});
