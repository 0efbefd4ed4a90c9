import { describe, expect, test } from "vitest";
import sharp from "sharp";
import { renderPage } from "../../../../../bench/pages/render.ts";
import { cropLine } from "./line-crop.ts";
import { LINE_HEIGHT, type LineImage } from "./line-image.ts";
import { readUnclaimed, startPrintLines } from "./print-lines.ts";
import { loadPrintReader } from "./tesseract.ts";

const WORDS = ["Größe", "Straße", "Übergabe", "Müller", "fällig", "Käse"];

/** One word a line, and every other one white on black. */
async function drawnLines(): Promise<LineImage[]> {
  const page = await renderPage(
    { rules: [], texts: WORDS.map((text, i) => ({ x: 20, y: 30 + i * 10, text, size: 12, anchor: "start", bold: false, gray: 0 })) },
    "Arimo",
    150,
  );
  const { data, info } = await sharp(page).flatten().removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const millimetre = 150 / 25.4;
  return WORDS.map((_, i) => {
    const rect = {
      centerX: 32 * millimetre,
      centerY: (28.5 + i * 10) * millimetre,
      width: 28 * millimetre,
      height: 7 * millimetre,
      angle: 0,
    };
    const width = LINE_HEIGHT * 4;
    const line = cropLine({ data, width: info.width, height: info.height }, rect, width, LINE_HEIGHT);
    return { data: i % 2 === 0 ? line : line.map((value) => 255 - value), width };
  });
}

describe("startPrintLines", () => {
  test("reads every line, whoever takes it, as one reader alone does; white on black as well", async () => {
    const lines = await drawnLines();
    const alone = await loadPrintReader("deu");
    expect(lines.map(alone)).toEqual(WORDS);
    // The thread has time to begin; a second page comes to the same thread.
    for (let page = 0; page < 2; page += 1) expect(await startPrintLines("deu", lines).finish()).toEqual(WORDS);
  });

  test("a page that is dropped does not keep the next one waiting", async () => {
    const lines = await drawnLines();
    startPrintLines("deu", [...lines, ...lines, ...lines]).drop();
    expect(await startPrintLines("deu", lines).finish()).toEqual(WORDS);
  });
});

test("readUnclaimed reads what is left, and claims it", () => {
  const claims = Int32Array.of(0, 1, 0);
  const line: LineImage = { data: new Uint8Array(0), width: 0 };
  const texts: [number, string][] = [];
  readUnclaimed(() => "text", [line, line, line], claims, [2, 1, 0], texts);
  expect(texts.map(([index]) => index)).toEqual([2, 0]);
  expect([...claims]).toEqual([1, 1, 1]);
});
