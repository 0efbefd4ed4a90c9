import { readFile } from "node:fs/promises";
import { imageSize } from "image-size";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { improved } from "../../packages/core/src/read-invoice/ask-model.ts";
import type { Reading } from "../../packages/core/src/read-invoice/reading.ts";
import type { ShownPage } from "../../packages/core/src/model-pages.ts";
import { pictureParts, textOf } from "../model/stand-in-rule.ts";
import { closeEyes, sample, startModelContext } from "./model-context.ts";

/** A page that recognition misread, and what a model may put right on it. */

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
afterAll(closeEyes);

const ROWS = ["Northwind Tools Ltd", "Invoice INV-1001 of 12 March 2026", "Net GBP 55.00", "VAT 11.00", "Total 67.00"];
const line = (index: number) => ({ x: 50, y: 100 + 100 * index, width: 600, height: 30 });

/** The recognised page; the bill itself says 66.00. Its picture is one of the samples, of the same shape. */
const PAGE: ShownPage = {
  page: {
    number: 1,
    width: 1200,
    height: 1500,
    source: "ocr",
    lines: ROWS.map((text, index) => ({ text, box: line(index), confidence: 0.9 })),
  },
  async image() {
    const bytes = await readFile(sample("invoice.png"));
    return { bytes, mediaType: "image/png", width: 1200, height: 1500 };
  },
};

const read = (path: string, value: string, index: number) =>
  [path, { page: 1, box: line(index), quote: value, grounded: true, source: "ocr" }] as const;
const READING: Reading = {
  invoice: {
    number: "INV-1001",
    issue_date: "2026-03-12",
    currency: "GBP",
    seller: { name: "Northwind Tools Ltd" },
    lines: [{ description: "Tools", net_amount: "55.00" }],
    totals: { net: "55.00", tax: "11.00", gross: "67.00" },
  },
  evidence: Object.fromEntries([read("totals.net", "55.00", 2), read("totals.tax", "11.00", 3), read("totals.gross", "67.00", 4)]),
  pages: [1],
};

async function ask(...gross: readonly string[]) {
  let count = 0;
  const text = (): string =>
    JSON.stringify({ totals_gross: gross[Math.min(count++, gross.length - 1)], totals_net: "55.00", totals_tax: "11.00" });
  const made = await startModelContext({ standIn: { mode: "verbatim", text } });
  open.push(() => made.close());
  const { context } = made;
  if (context.model === undefined) throw new Error("no model");
  const result = await improved(READING, [PAGE], context.model, context);
  return { ...result, bodies: made.server.requests.filter(({ method }) => method === "POST").map(({ body }) => body) };
}

describe("a total that recognition misread", () => {
  it("is asked about twice, the second time with the crop of it at full resolution", async () => {
    const { bodies } = await ask("66.00");
    expect(bodies).toHaveLength(2);
    expect(textOf(bodies[1])).toContain("- totals_gross:");
    expect(textOf(bodies[1])).not.toContain("- totals_net:");
    const [picture] = pictureParts(bodies[1]);
    const { width, height } = imageSize(Buffer.from(picture?.image_url.url.split(",")[1] ?? "", "base64"));
    expect(width).toBe(1200);
    expect(height).toBeLessThan(300);
  });

  it("is put right where the model says the same twice and the sums then add up; it is not called grounded, and stands where it was read", async () => {
    const { reading, reasons } = await ask("66.00");
    expect(reading.invoice.totals).toEqual({ net: "55.00", tax: "11.00", gross: "66.00" });
    expect(reading.evidence["totals.gross"]).toEqual({ page: 1, box: line(4), quote: "66.00", grounded: false, source: "model" });
    expect(reasons).toEqual([]);
  });

  it.each([
    ["the sums do not add up with it either", ["65.00"], "The model reads totals.gross as 65.00, the page says 67.00"],
    ["the model says two different things", ["66.00", "60.00"], "The model read totals.gross in two ways"],
  ])("is left as it is where %s", async (_, gross, reason) => {
    const { reading, reasons } = await ask(...gross);
    expect(reading.invoice.totals?.gross).toBe("67.00");
    expect(reading.evidence["totals.gross"]).toMatchObject({ grounded: true, source: "ocr" });
    expect(reasons.join()).toContain(reason);
  });
});
