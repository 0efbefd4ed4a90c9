import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Box, turnBox } from "../../packages/core/src/page.ts";
import { toCii } from "../../packages/core/src/invoice/invoice.test-samples.ts";
import { BILL, billPdf } from "../documents/invoice-pdf.ts";
import { errorOf, runCli, SAMPLES } from "./run-cli.ts";

/** Invoices at the command line, over the built program. */

let folder = "";
const file = (name: string): string => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sightline-invoices-"));
  const xml = toCii(BILL);
  const other = toCii({ ...BILL, payment: { iban: "GB33BUKB20201555555555" } });
  await writeFile(file("bill.pdf"), await billPdf({ xml }));
  await writeFile(file("forged.pdf"), await billPdf({ xml: other }));
  await writeFile(file("bill.xml"), xml);
  await writeFile(file("bomb.xml"), xml.replace(/(<\?xml[^>]*\?>)?/, '$1<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("sightline extract-invoice", () => {
  it("gives the values of the embedded XML, and those of bare XML, one JSON object a file", async () => {
    const { code, stdout, stderr } = await runCli(["extract-invoice", file("bill.pdf"), file("bill.xml"), "--json"]);
    expect(code, stderr).toBe(0);
    for (const line of stdout.trim().split("\n")) {
      const [first] = (JSON.parse(line) as { invoices: { invoice: unknown; source: string; evidence: unknown }[] }).invoices;
      expect(first).toMatchObject({
        invoice: { number: BILL.number, issue_date: BILL.issue_date, lines: BILL.lines, totals: BILL.totals, payment: BILL.payment },
        source: "xml",
        evidence: { "totals.gross": { quote: "66.00", grounded: true } },
      });
    }
  });

  it("reads a scan, and shows it as a table in words", async () => {
    const { code, stdout, stderr } = await runCli(["extract-invoice", path.join(SAMPLES, "invoice.png")]);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("Invoice 2026-0817 of 2026-11-19 over 848.23 EUR");
    expect(stdout).toMatch(/\| Gross \| 848\.23 \|/);
    expect(stdout).toMatch(/Checked and right: .*BR-CO-15/);
  });

  it("reads a scan that was fed sideways, says so, and gives its boxes on the picture as it came", async () => {
    const picture = path.join(SAMPLES, "receipt.png");
    const { width, height } = await sharp(picture).metadata();
    await writeFile(file("sideways.png"), await sharp(picture).rotate(90).png().toBuffer());
    const straight = await runCli(["extract-invoice", picture, "--json"]);
    const { code, stdout, stderr } = await runCli(["extract-invoice", file("sideways.png"), "--json", "--annotate-to", file("drawn.jpg")]);
    expect(code, stderr).toBe(0);
    const answerOf = (words: string) =>
      JSON.parse(words) as { invoices: { invoice: unknown; evidence: Record<string, { box?: Box }> }[]; warnings: string[] };
    const [upright, turned] = [answerOf(straight.stdout), answerOf(stdout)];
    expect(turned.warnings).toContain("The text lies on its side: it was read turned by 270 degrees clockwise.");
    expect(turned.invoices[0]?.invoice).toEqual(upright.invoices[0]?.invoice);
    for (const [field, { box }] of Object.entries(upright.invoices[0]?.evidence ?? {})) {
      expect(turned.invoices[0]?.evidence[field]?.box, field).toEqual(box && turnBox(box, { width, height }, 90));
    }
    // The drawn copy is for people to read.
    expect(await sharp(file("drawn.jpg")).metadata()).toMatchObject({ width, height });
  });

  it("writes the lines of all files as one CSV, whole or not at all", async () => {
    const csv = file("lines.csv");
    const { code, stdout, stderr } = await runCli(["extract-invoice", file("bill.pdf"), file("bill.xml"), "--output", csv]);
    expect(code, stderr).toBe(0);
    expect(stdout).toBe("");
    const rows = (await readFile(csv, "utf8")).split("\r\n");
    expect(rows.filter((row) => row.includes("line,Claw hammer"))).toHaveLength(2);

    const nowhere = await runCli(["extract-invoice", file("bill.xml"), "--output", file("no/such/folder.csv"), "--json"]);
    expect(nowhere.code).toBe(2);
    expect(errorOf(nowhere).message).toContain("could not be written");
  });

  it("reports where the XML and the page disagree", async () => {
    const { stdout } = await runCli(["extract-invoice", file("forged.pdf"), "--compare"]);
    expect(stdout).toContain("The XML and the page disagree on payment.iban");
  });

  it("refuses XML with entities", async () => {
    const outcome = await runCli(["extract-invoice", file("bomb.xml"), "--json"]);
    expect(outcome.code).toBe(2);
    expect(errorOf(outcome)).toMatchObject({ kind: "InputError", message: expect.stringContaining("document type declaration") });
  });

  it("does not write as CSV what is no table", async () => {
    const outcome = await runCli(["extract-text", path.join(SAMPLES, "invoice.png"), "--output", file("text.csv"), "--json"]);
    expect(outcome.code).toBe(2);
    expect(errorOf(outcome).message).toContain("no table");
  });
});
