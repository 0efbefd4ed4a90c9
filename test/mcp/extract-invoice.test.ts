import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toCii } from "../../packages/core/src/invoice/invoice.test-samples.ts";
import { BILL, billPdf } from "../documents/invoice-pdf.ts";
import { connect, SAMPLES, type Connection } from "./connect.ts";

/** Invoices over a real connection. */
describe("extract_invoice", () => {
  let folder = "";
  let server: Connection;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "sightline-invoices-"));
    await writeFile(path.join(folder, "bill.pdf"), await billPdf({ xml: toCii(BILL) }));
    await writeFile(path.join(folder, "forged.pdf"), await billPdf({ xml: toCii({ ...BILL, number: "INV-7" }) }));
    server = await connect({ args: ["--backend", "none", "--allow", folder, "--allow", SAMPLES] });
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("gives an agent the embedded XML's values, leanly, and a table in words", async () => {
    const { isError, text, data } = await server.call("extract_invoice", { document: path.join(folder, "bill.pdf") });
    expect(isError, text).toBe(false);
    const [first] = data.invoices;
    expect(first).toMatchObject({
      invoice: { number: "INV-1001", totals: BILL.totals, lines: BILL.lines },
      source: "xml",
      needs_review: [],
    });
    expect(first).not.toHaveProperty("evidence");
    expect(text).toContain("| 1 | Claw hammer |");
  });

  it("gives the evidence where it is asked for", async () => {
    const call = { document: path.join(folder, "bill.pdf"), sources: ["text"], evidence: "boxes" };
    const { data, text } = await server.call("extract_invoice", call);
    expect(data.invoices[0].evidence["totals.gross"]).toMatchObject({
      page: 1,
      grounded: true,
      source: "text",
      box: { x: expect.any(Number) },
    });
    expect(text).toMatch(/totals\.gross: ".*66\.00.*" \(text\) page 1, x=/);
  });

  it("reads a scan", async () => {
    const { data, text } = await server.call("extract_invoice", { document: path.join(SAMPLES, "invoice.png") });
    expect(data.invoices[0], text).toMatchObject({ invoice: { number: "2026-0817", totals: { gross: "848.23" } }, source: "ocr" });
  });

  it("says where the XML and the page disagree", async () => {
    const { data } = await server.call("extract_invoice", { document: path.join(folder, "forged.pdf"), compare: true });
    expect(data.invoices[0].needs_review.join()).toContain("disagree on number: INV-7 in the XML, INV-1001 on the page");
  });
});
