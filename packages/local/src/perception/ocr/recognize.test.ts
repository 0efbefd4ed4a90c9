import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { renderPage } from "../../../../../bench/pages/render.ts";
import type { PageDrawing } from "../../../../../bench/pages/page.ts";
import { recognizeText, type PageImage } from "./recognize.ts";

async function toPage(image: Buffer): Promise<PageImage> {
  const { data, info } = await sharp(image).flatten().removeAlpha().toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, original: { width: info.width, height: info.height } };
}

function pageOf(rows: readonly string[]): PageDrawing {
  return { rules: [], texts: rows.map((text, i) => ({ x: 20, y: 30 + i * 9, text, size: 12, anchor: "start", bold: false, gray: 0 })) };
}

const PAGES = {
  German: [
    "Bäckerei Größmann GmbH",
    "Käse und Brötchen für die Gäste",
    "Rechnung vom 05.08.2013",
    "Der Betrag von 1.234,56 € ist fällig.",
    "IBAN DE02 1203 0000 0000 2020 51",
    "USt-IdNr. DE811907980",
  ],
  French: [
    "Boulangerie de l'Église",
    "Le pâté et la crème brûlée pour vous",
    "Facture du 29/02/2024",
    "Le montant de 1 234,56 € est dû.",
    "IBAN FR14 2004 1010 0505 0001 3M02 606",
  ],
  Spanish: [
    "Compañía de Muebles Núñez",
    "El baño y la habitación del señor",
    "Factura del 17/11/2026",
    "El importe es de 1.234,56 € con el IVA.",
    "IBAN ES91 2100 0418 4502 0005 1332",
  ],
} as const;

describe("recognizeText", () => {
  test.each(Object.entries(PAGES))("reads a clean %s page exactly", async (_, rows) => {
    const page = await toPage(await renderPage(pageOf(rows), "Arimo", 150));
    const { lines } = await recognizeText(page);
    expect(lines.map(({ text }) => text)).toEqual(rows);
    for (const { confidence } of lines) expect(confidence).toBeGreaterThan(0.8);
  });

  test.each(["£", "€", "$"])("reads %s beside the numbers of English print", async (sign) => {
    const rows = [
      "Invoice of the 5th, thank you",
      `Consulting ${sign}1,250.00`,
      `Total due ${sign} 1,339.90`,
      `from ${sign}5 to ${sign}7,500`,
      `Paid 12.50 ${sign}`,
    ];
    const { lines } = await recognizeText(await toPage(await renderPage(pageOf(rows), "Tinos", 150)));
    expect(lines.map(({ text }) => text)).toEqual(rows);
  });

  test("takes no drawing beside a number for a sign", async () => {
    const row = (y: number): string =>
      `<path d="M40 ${y} l12 24 h-24 z M40 ${y + 6} l6 12 h-12 z" fill="black" fill-rule="evenodd"/><text x="62" y="${y + 24}" font-size="30">4.50</text>`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="800"><rect width="100%" height="100%" fill="white"/>${Array.from({ length: 12 }, (_, i) => row(30 + i * 60)).join("")}</svg>`;
    const { lines } = await recognizeText(await toPage(Buffer.from(svg)));
    expect(lines).toHaveLength(12);
    for (const { text } of lines) expect(text).toMatch(/4\.50$/);
    for (const { text } of lines) expect(text).not.toMatch(/[£€]/);
  });

  test("boxes are pixels of the original, also when less was decoded", async () => {
    const page = await toPage(await renderPage(pageOf(["Sightline"]), "Arimo", 100));
    const [line] = (await recognizeText({ ...page, original: { width: page.width * 2, height: page.height * 2 } })).lines;
    // 20 mm from the left, the baseline 30 mm from the top, at twice 100 dpi.
    expect(Math.abs(line!.box.x - (20 / 25.4) * 200)).toBeLessThan(20);
    const bottom = line!.box.y + line!.box.height;
    expect(Math.abs(bottom - (30 / 25.4) * 200)).toBeLessThan(30);
  });

  test("a blank page has no lines", async () => {
    const page = await toPage(
      await sharp({ create: { width: 400, height: 300, channels: 3, background: "white" } })
        .png()
        .toBuffer(),
    );
    expect(await recognizeText(page)).toEqual({ width: 400, height: 300, lines: [], warnings: [] });
  });

  test("reads a page that was laid askew", async () => {
    const straight = await renderPage(pageOf(["Total amount 123.45", "Thank you for your visit"]), "Arimo", 150);
    const page = await toPage(await sharp(straight).rotate(4, { background: "white" }).png().toBuffer());
    expect((await recognizeText(page)).lines.map(({ text }) => text)).toEqual(["Total amount 123.45", "Thank you for your visit"]);
  });
});

describe("pages that were laid some other way", () => {
  const turn = (image: Buffer, degrees: number): Promise<Buffer> => sharp(image).rotate(degrees, { background: "white" }).png().toBuffer();
  const draw = (svg: string, width = 800, height = 1000): Promise<Buffer> =>
    sharp(
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans, Arial, sans-serif"><rect width="100%" height="100%" fill="white"/>${svg}</svg>`,
      ),
    )
      .png()
      .toBuffer();
  const row = (text: string, x: number, y: number, size = 28): string => `<text x="${x}" y="${y}" font-size="${size}">${text}</text>`;
  const standing = (text: string, x: number, y: number, size = 28): string =>
    `<text transform="translate(${x} ${y}) rotate(-90)" font-size="${size}">${text}</text>`;

  test.each([
    [90, 270],
    [180, 180],
    [270, 90],
  ] as const)("turned by %i degrees: read turned by %i, as if it lay straight", async (given, back) => {
    const rows = PAGES.German;
    const straight = await renderPage(pageOf(rows), "Arimo", 150);
    const upright = await recognizeText(await toPage(straight));
    const read = await recognizeText(await toPage(await turn(straight, given)));
    expect(upright).not.toHaveProperty("turned");
    expect(read).toEqual({ ...upright, turned: back, warnings: [expect.stringContaining(`turned by ${back} degrees`)] });
    expect(read.lines.map(({ text }) => text)).toEqual(rows);
  });

  test.each([90, 180, 270])("two short lines, turned by %i degrees", async (given) => {
    const read = await recognizeText(
      await toPage(await turn(await draw(row("Sunday market", 60, 100) + row("9 to 5 o'clock", 60, 160)), given)),
    );
    expect(read.lines.map(({ text }) => text)).toEqual(["Sunday market", "9 to 5 o'clock"]);
  });

  test("boxes are pixels of the turned original, also when less was decoded", async () => {
    const page = await toPage(await turn(await renderPage(pageOf(["Sightline sees"]), "Arimo", 100), 90));
    const small = await recognizeText(page);
    const { width, height, lines } = await recognizeText({ ...page, original: { width: page.width * 2, height: page.height * 2 } });
    expect([width, height]).toEqual([small.width * 2, small.height * 2]);
    expect(Math.abs(lines[0]!.box.x - small.lines[0]!.box.x * 2)).toBeLessThanOrEqual(2);
    expect(Math.abs(lines[0]!.box.height - small.lines[0]!.box.height * 2)).toBeLessThanOrEqual(4);
  });

  const paragraph = ["The harbour is closed on", "Monday for repairs of the", "western quay."]
    .map((text, i) => row(text, 150, 200 + 50 * i))
    .join("");
  const axis = ["January", "February", "March", "April", "May", "June"].map((text, i) => standing(text, 200 + 80 * i, 900)).join("");
  const digits = (words: readonly string[]): string => words.map((text, i) => row(text, 300, 150 + 60 * i, 36)).join("");
  test.each([
    ["a margin note on its side", paragraph + standing("RECEIVED 12 MARCH", 80, 700)],
    ["a chart with a standing axis", row("Visitors of the museum", 200, 100) + row("in thousands, by month", 200, 150) + axis],
    ["a few standing words beside lying ones", row("BAKERY OPEN", 200, 400, 60) + standing("HOTEL", 100, 700, 60)],
    ["a receipt of digits alone", digits(["1.20", "13.40", "7.45", "4.20", "26.25"])],
    ["digits that are digits upside down", digits(["0689", "9068", "6980", "8806"])],
    ["one word", row("Yes", 300, 300)],
    ["letters one below the other", [..."HOTEL"].map((letter, i) => row(letter, 300, 150 + 100 * i, 80)).join("")],
    [
      "ruled paper without a word",
      Array.from({ length: 12 }, (_, i) => `<rect x="${60 + 60 * i}" y="50" width="3" height="900"/>`).join(""),
    ],
  ])("%s: stays as it is", async (_, svg) => {
    const read = await recognizeText(await toPage(await draw(svg)));
    expect(read).not.toHaveProperty("turned");
    expect(read.warnings).toEqual([]);
  });

  test("digits that read either way are left as they lie, whichever way that is", async () => {
    const page = await draw(digits(["0689", "9068", "6980", "8806"]));
    for (const degrees of [90, 180, 270]) expect(await recognizeText(await toPage(await turn(page, degrees)))).not.toHaveProperty("turned");
  });
});
