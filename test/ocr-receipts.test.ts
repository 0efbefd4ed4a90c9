import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { isPresent, linesFound } from "../bench/ocr-metrics.ts";
import { CORPORA, readReceipt, receiptNames } from "../bench/receipts.ts";
import { toPlainText } from "../packages/core/src/reading-order.ts";
import { recognizeText } from "../packages/local/src/perception/ocr/recognize.ts";

/** Every tenth receipt: enough to see a regression, few enough for every run. `pnpm bench:ocr` reads all. */
const names = (await receiptNames()).filter((_, i) => i % 10 === 0);
if (names.length === 0) console.warn(`ocr-receipts: no receipts in ${CORPORA}; set SIGHTLINE_CORPORA to the folder that holds sroie/`);

async function read(image: Buffer, turn = 0) {
  const upright = sharp(image).toColourspace("srgb").removeAlpha();
  const { data, info } = await upright.rotate(turn).raw().toBuffer({ resolveWithObject: true });
  return recognizeText({ data, ...info, original: info });
}

describe.skipIf(names.length === 0)("real receipts", () => {
  test("lines, company, date and total are in the text", { timeout: 120_000 }, async () => {
    let found = 0;
    let of = 0;
    const missing: string[] = [];
    for (const name of names) {
      const { image, lines, fields } = await readReceipt(name);
      const recognized = await read(image);
      expect(recognized).not.toHaveProperty("turned");
      const text = toPlainText(recognized.lines);
      const score = linesFound(text, lines);
      found += score.found;
      of += score.of;
      for (const field of ["company", "date", "total"] as const)
        if (!isPresent(text, fields[field])) missing.push(`${name} ${field}: ${fields[field]}`);
      expect(text).not.toMatch(/[\u3000-\u9fff\uff00-\uffef]/);
    }
    expect(missing).toEqual([]);
    // The corpus as a whole is above 0.91; these few have two of its worst scans among them.
    expect(found / of).toBeGreaterThan(0.86);
  });

  test("turned, they are read as if they lay straight", { timeout: 120_000 }, async () => {
    for (const [index, name] of names.slice(0, 3).entries()) {
      const { image } = await readReceipt(name);
      const turn = ([90, 180, 270] as const)[index] ?? 90;
      const turned = await read(image, turn);
      expect(turned.turned).toBe(360 - turn);
      expect(turned.lines).toEqual((await read(image)).lines);
    }
  });
});
