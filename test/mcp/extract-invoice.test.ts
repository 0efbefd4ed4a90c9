import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Box, iou, turnBox } from "../../packages/core/src/page.ts";
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

  it("reads a receipt that lies on its side, says so, and finds its words on the picture as it came", async () => {
    const picture = path.join(SAMPLES, "receipt.png");
    const { width, height } = await sharp(picture).metadata();
    const turned = path.join(folder, "sideways.png");
    await writeFile(turned, await sharp(picture).rotate(90).png().toBuffer());
    const straight = await server.call("extract_text", { document: picture, evidence: "boxes" });
    const { isError, text, data } = await server.call("extract_text", { document: turned, evidence: "boxes" });
    expect(isError, text).toBe(false);
    expect(text).toContain("it was read turned by 270 degrees");
    expect(data.text).toBe(straight.data.text);
    expect(data.pages[0]).toMatchObject({ width: height, height: width });
    const boxOf = (answer: typeof data): Box => answer.pages[0].lines.find((line: { text: string }) => line.text.startsWith("TOTAL")).box;
    expect(boxOf(data)).toEqual(turnBox(boxOf(straight.data), { width, height }, 90));

    const located = await server.call("locate_object", { image: turned, query: 'the line that says "TOTAL GBP"' });
    expect(located.data.objects[0].box).toEqual(boxOf(data));
    // Without a model the lines that match the question are quoted.
    const asked = await server.call("ask_image", { images: [turned], question: "What is the TOTAL in GBP?" });
    expect(asked.data.quotes.some(({ box }: { box: Box }) => iou(box, boxOf(data)) > 0)).toBe(true);
    const described = await server.call("describe_image", { image: turned });
    expect(described.data).toMatchObject({
      kind: "receipt",
      text: expect.stringContaining("HARBOUR STREET"),
      width: height,
      height: width,
    });
  });

  it("says where the XML and the page disagree", async () => {
    const { data } = await server.call("extract_invoice", { document: path.join(folder, "forged.pdf"), compare: true });
    expect(data.invoices[0].needs_review.join()).toContain("disagree on number: INV-7 in the XML, INV-1001 on the page");
  });
});
