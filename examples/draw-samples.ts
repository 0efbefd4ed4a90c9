/**
 * Draws the sample receipt and invoice, the invoice as a picture and as a PDF with a text layer: `pnpm exec tsx examples/draw-samples.ts`. The results are
 * committed, since the letters' shapes depend on the fonts of the machine that draws them.
 * Shops, people and numbers are invented; the IBAN is the published example of its country.
 */
import { writeFile } from "node:fs/promises";
// Its types know the default export alone.
// oxlint-disable-next-line import/no-named-as-default
import PDFDocument from "pdfkit";
import sharp from "sharp";

interface Text {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly bold?: boolean;
}

const SANS = "DejaVu Sans, Liberation Sans, Arial, sans-serif";
const MONO = "DejaVu Sans Mono, Liberation Mono, Courier New, monospace";

interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly family: string;
  readonly texts: readonly Text[];
  /** Where a line runs across the page. */
  readonly rules: readonly number[];
  readonly margin: number;
}

function asPicture({ width, height, family, texts, rules, margin }: Drawing): Promise<Buffer> {
  const escape = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const words = texts.map(
    (t) =>
      `<text x="${t.x}" y="${t.y}" font-size="${t.size}" text-anchor="${t.anchor ?? "start"}" font-weight="${t.bold === true ? "bold" : "normal"}">${escape(t.text)}</text>`,
  );
  const lines = rules.map((y) => `<line x1="${margin}" x2="${width - margin}" y1="${y}" y2="${y}" stroke="#444" stroke-width="2"/>`);
  const svg = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fff"/>` +
      `<g font-family="${family}" fill="#111">${words.join("")}</g>${lines.join("")}</svg>`,
  );
  return sharp(svg).png({ palette: true, compressionLevel: 9 }).toBuffer();
}

/** Two pixels are a point. The fonts are those that every reader has; the date is none of the clock's, so that the same drawing gives the same bytes. */
async function asPdf({ width, height, texts, rules, margin }: Drawing): Promise<Buffer> {
  const pdf = new PDFDocument({ size: [width / 2, height / 2], margin: 0, info: { CreationDate: new Date(0) } });
  const parts: Uint8Array[] = [];
  pdf.on("data", (part: Uint8Array) => parts.push(part));
  const written = new Promise((resolve) => pdf.once("end", resolve));
  for (const { text, x, y, size, anchor = "start", bold = false } of texts) {
    pdf.font(bold ? "Helvetica-Bold" : "Helvetica").fontSize(size / 2);
    const before = anchor === "start" ? 0 : anchor === "middle" ? pdf.widthOfString(text) / 2 : pdf.widthOfString(text);
    pdf.text(text, x / 2 - before, y / 2, { baseline: "alphabetic", lineBreak: false });
  }
  for (const y of rules)
    pdf
      .moveTo(margin / 2, y / 2)
      .lineTo((width - margin) / 2, y / 2)
      .stroke("#444444");
  pdf.end();
  await written;
  return Buffer.concat(parts);
}

function receipt(): Drawing {
  const items: readonly (readonly [string, string])[] = [
    ["2 x Sourdough loaf @ 4.20", "8.40"],
    ["1 x Cinnamon bun", "2.85"],
    ["3 x Flat white @ 3.10", "9.30"],
    ["1 x Oat milk", "0.50"],
  ];
  const centre = (text: string, y: number, size = 24, bold = false): Text => ({ text, x: 320, y, size, anchor: "middle", bold });
  const pair = (left: string, right: string, y: number, bold = false): Text[] => [
    { text: left, x: 40, y, size: 24, bold },
    { text: right, x: 600, y, size: 24, anchor: "end", bold },
  ];
  return {
    width: 640,
    height: 900,
    family: MONO,
    texts: [
      centre("HARBOUR STREET BAKERY", 70, 34, true),
      centre("14 Harbour Street, Whitby", 112),
      centre("VAT No. GB 123 4567 89", 146),
      ...pair("Receipt 004512", "21/11/2026 08:47", 214),
      ...items.flatMap(([left, right], index) => pair(left, right, 290 + index * 40)),
      ...pair("Subtotal", "21.05", 490),
      ...pair("VAT 20 % included", "3.51", 530),
      ...pair("TOTAL GBP", "21.05", 590, true),
      ...pair("Card ****4821", "21.05", 640),
      centre("Served by Maeve, till 2", 730),
      centre("Thank you, see you tomorrow!", 770),
    ],
    rules: [240, 445, 550, 670],
    margin: 40,
  };
}

function invoice(): Drawing {
  const rows: readonly (readonly string[])[] = [
    ["1", "Wartung Kälteanlage, Prüfung nach Norm", "4 Std.", "92,50", "370,00"],
    ["2", "Dichtungssatz für Kühlraumtür", "2 Stk.", "148,90", "297,80"],
    ["3", "Anfahrt Nürnberg – Fürth", "1 psch.", "45,00", "45,00"],
  ];
  const columns = [70, 140, 680, 950, 1130];
  const cells = (row: readonly string[], y: number, bold = false): Text[] =>
    row.map((text, index) => ({ text, x: columns[index] ?? 0, y, size: 22, bold, anchor: index > 2 ? "end" : "start" }));
  const sum = (left: string, right: string, y: number, bold = false): Text[] => [
    { text: left, x: 720, y, size: 22, bold },
    { text: right, x: 1130, y, size: 22, bold, anchor: "end" },
  ];
  const at = (text: string, x: number, y: number, size = 22, bold = false): Text => ({ text, x, y, size, bold });
  return {
    width: 1200,
    height: 1500,
    family: SANS,
    texts: [
      at("Kältetechnik Größner GmbH", 70, 110, 34, true),
      at("Äußere Bayreuther Straße 7, 90409 Nürnberg", 70, 150),
      at("Brauerei Weiß & Söhne", 70, 260),
      at("Königstraße 112", 70, 292),
      at("90762 Fürth", 70, 324),
      at("Rechnung Nr. 2026-0817", 70, 430, 32, true),
      at("Rechnungsdatum: 19.11.2026", 70, 480),
      at("Zahlbar bis: 03.12.2026", 70, 512),
      at("USt-IdNr.: DE123456789", 720, 480),
      ...cells(["Pos.", "Leistung", "Menge", "Einzelpreis €", "Betrag €"], 600, true),
      ...rows.flatMap((row, index) => cells(row, 660 + index * 44)),
      ...sum("Nettobetrag", "712,80 €", 840),
      ...sum("zzgl. 19 % USt.", "135,43 €", 876),
      ...sum("Gesamtbetrag", "848,23 €", 920, true),
      at("Bitte überweisen Sie den Betrag auf folgendes Konto:", 70, 1040),
      at("IBAN DE89 3704 0044 0532 0130 00", 70, 1076),
      at("Verwendungszweck: 2026-0817", 70, 1112),
    ],
    rules: [620, 790, 885],
    margin: 70,
  };
}

const here = new URL("./samples/", import.meta.url);
await writeFile(new URL("receipt.png", here), await asPicture(receipt()));
await writeFile(new URL("invoice.png", here), await asPicture(invoice()));
await writeFile(new URL("invoice.pdf", here), await asPdf(invoice()));
