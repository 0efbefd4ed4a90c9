import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Line, PictureKind } from "@sightline/core";
import { describe, expect, test } from "vitest";
import { decodePixels } from "../media/decode.ts";
import { sharp } from "../media/libvips.ts";
import { lookAtPicture } from "./look.ts";

const SAMPLES = fileURLToPath(new URL("../../../../examples/samples/", import.meta.url));
const CORPORA = path.resolve(process.env["SIGHTLINE_CORPORA"] ?? fileURLToPath(new URL("../../../../../shared/corpora", import.meta.url)));
const withoutCorpora = existsSync(CORPORA) ? false : `no corpora at ${CORPORA}: set SIGHTLINE_CORPORA to their folder`;

async function kindOf(image: Uint8Array, lines: readonly Line[] = []): Promise<PictureKind> {
  return lookAtPicture(await decodePixels(image, { longSide: 1280 }), { people: [], objects: [], lines }).kind;
}

interface Label {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly text: string;
  readonly fill?: string;
}

/** A drawn picture and the lines a reader finds on it. */
function drawing(width: number, height: number, shapes: string, labels: readonly Label[] = []): { svg: Buffer; lines: Line[] } {
  const texts = labels
    .map(
      ({ x, y, size, text, fill = "#222" }) =>
        `<text x="${x}" y="${y}" font-size="${size}" font-family="sans-serif" fill="${fill}">${text}</text>`,
    )
    .join("");
  return {
    svg: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes}${texts}</svg>`),
    lines: labels.map(({ x, y, size, text }) => ({
      text,
      confidence: 0.95,
      box: { x, y: y - size, width: text.length * size * 0.55, height: size * 1.25 },
    })),
  };
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

const PAPER = (width: number, height: number): string => `<rect width="${width}" height="${height}" fill="#fff"/>`;

const DRAWN: readonly (readonly [kind: PictureKind, what: string, ReturnType<typeof drawing>])[] = [
  [
    "chart",
    "bars",
    drawing(
      900,
      600,
      PAPER(900, 600) +
        times(
          5,
          (i) =>
            `<path d="M80 ${520 - i * 100}H860" stroke="#ddd"/><rect x="${130 + i * 145}" y="${520 - 60 * (i + 2)}" width="80" height="${60 * (i + 2)}" fill="${["#4e79a7", "#f28e2b", "#e15759", "#76b7b2", "#59a14f"][i] ?? ""}"/>`,
        ).join(""),
      [
        { x: 300, y: 40, size: 26, text: "Sales by quarter" },
        ...times(5, (i) => ({ x: 30, y: 525 - i * 100, size: 16, text: String(i * 50) })),
        ...times(5, (i) => ({ x: 150 + i * 145, y: 545, size: 16, text: `Q${i + 1}` })),
      ],
    ),
  ],
  [
    "chart",
    "a line over years",
    drawing(
      900,
      600,
      PAPER(900, 600) +
        times(6, (i) => `<path d="M80 ${520 - i * 80}H860" stroke="#ccc"/>`).join("") +
        `<polyline fill="none" stroke="#1f77b4" stroke-width="3" points="80,500 200,420 320,440 440,300 560,320 680,200 860,150"/>`,
      [
        ...times(6, (i) => ({ x: 30, y: 525 - i * 80, size: 16, text: String(i * 10) })),
        ...times(5, (i) => ({ x: 90 + i * 180, y: 550, size: 16, text: String(2018 + i) })),
      ],
    ),
  ],
  [
    "chart",
    "a pie",
    drawing(
      800,
      600,
      `${PAPER(800, 600)}<circle cx="350" cy="330" r="200" fill="#4e79a7"/><path d="M350 330V130A200 200 0 0 1 540 392Z" fill="#f28e2b"/>`,
      [
        { x: 280, y: 50, size: 26, text: "Market share" },
        ...["North 31 %", "South 29 %", "East 40 %"].map((text, i) => ({ x: 600, y: 200 + i * 30, size: 16, text })),
      ],
    ),
  ],
  [
    "drawing",
    "a house",
    drawing(
      800,
      600,
      `<rect width="800" height="600" fill="#bfe6ff"/><rect y="420" width="800" height="180" fill="#7ac74f"/><rect x="300" y="260" width="220" height="200" fill="#e8b06a" stroke="#000" stroke-width="4"/><path d="M280 260L410 150L540 260Z" fill="#b23a48"/><circle cx="680" cy="110" r="60" fill="#ffd23f"/>`,
    ),
  ],
  [
    "drawing",
    "black lines",
    drawing(
      700,
      700,
      `${PAPER(700, 700)}<g fill="none" stroke="#000" stroke-width="5"><circle cx="350" cy="250" r="120"/><path d="M350 370V560M350 420L230 500M350 420L470 500M350 560L260 680M350 560L440 680"/></g>`,
    ),
  ],
  [
    "screenshot",
    "a web application",
    drawing(
      1280,
      800,
      `<rect width="1280" height="800" fill="#f5f6f8"/><rect width="1280" height="56" fill="#24292f"/><rect y="56" width="240" height="744" fill="#fff"/><rect x="280" y="280" width="930" height="440" fill="#fff" stroke="#ddd"/>`,
      [
        { x: 24, y: 36, size: 18, text: "Dashboard", fill: "#fff" },
        ...["Home", "Projects", "Team", "Reports", "Settings"].map((text, i) => ({ x: 32, y: 110 + i * 44, size: 16, text })),
        ...times(8, (i) => ({ x: 300, y: 330 + i * 46, size: 16, text: `Row ${i + 1} of the table with some words` })),
      ],
    ),
  ],
  [
    "screenshot",
    "a dark editor",
    drawing(
      1280,
      800,
      `<rect width="1280" height="800" fill="#1e1e1e"/><rect width="1280" height="34" fill="#3c3c3c"/><rect y="34" width="260" height="766" fill="#252526"/>`,
      times(24, (i) => ({ x: 300, y: 70 + i * 28, size: 15, text: `const value${i} = compute(input, ${i});`, fill: "#d4d4d4" })),
    ),
  ],
  [
    "document",
    "a page of text",
    drawing(
      1240,
      1754,
      PAPER(1240, 1754),
      times(40, (i) => ({ x: 120, y: 200 + i * 36, size: 22, text: `The members met on the third of March and talked about plan ${i}` })),
    ),
  ],
  [
    "invoice",
    "a German invoice",
    drawing(1240, 1754, PAPER(1240, 1754), [
      ...[
        "Musterbau GmbH, Hauptstraße 1, 10115 Berlin",
        "Rechnung",
        "Rechnungsnummer: 2024-0815",
        "Rechnungsdatum: 03.04.2024",
        "Kundennummer: 4711",
      ].map((text, i) => ({ x: 120, y: 150 + i * 50, size: 22, text })),
      ...times(6, (i) => ({
        x: 120,
        y: 500 + i * 50,
        size: 22,
        text: `${i + 1}   Gerüst aufstellen und abbauen, je Woche und Etage        ${120 + i},50`,
      })),
      ...[
        "Nettobetrag   741,00",
        "zzgl. 19 % USt   140,79",
        "Gesamtbetrag   881,79",
        "Zahlbar bis 03.05.2024 auf IBAN DE02 1203 0000 0000 2020 51",
      ].map((text, i) => ({ x: 700, y: 1000 + i * 50, size: 22, text })),
    ]),
  ],
  [
    "receipt",
    "a French till slip",
    drawing(
      420,
      900,
      PAPER(420, 900),
      [
        "BOULANGERIE DU PORT",
        "12 quai de la Gare",
        "TICKET DE CAISSE",
        "2 x Croissant   2,40",
        "1 x Baguette    1,20",
        "1 x Tarte citron 3,90",
        "TOTAL TTC      7,50",
        "dont TVA 5,5%   0,39",
        "Espèces        10,00",
        "Rendu           2,50",
        "Merci de votre visite",
      ].map((text, i) => ({ x: 30, y: 80 + i * 50, size: 24, text })),
    ),
  ],
];

describe("drawn pictures", () => {
  test.each(DRAWN)("%s: %s", async (kind, _, { svg, lines }) => {
    expect(await kindOf(await sharp(svg).png().toBuffer(), lines)).toBe(kind);
    expect(await kindOf(await sharp(svg).flatten({ background: "#fff" }).jpeg({ quality: 75 }).toBuffer(), lines)).toBe(kind);
  });

  test("nothing speaks for a kind: other", async () => {
    expect(
      await kindOf(
        await sharp({ create: { width: 400, height: 300, channels: 3, background: "#888" } })
          .png()
          .toBuffer(),
      ),
    ).toBe("other");
    const gradient = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"><linearGradient id="g" x2="1" y2="1"><stop stop-color="#f06"/><stop offset="1" stop-color="#06f"/></linearGradient><rect width="800" height="600" fill="url(#g)"/></svg>`;
    expect(await kindOf(Buffer.from(gradient))).toBe("other");
  });

  test("a picture of a single pixel has a kind and a colour", async () => {
    const pixels = await decodePixels(
      await sharp({ create: { width: 1, height: 1, channels: 3, background: "#f00" } })
        .png()
        .toBuffer(),
    );
    expect(lookAtPicture(pixels, { people: [], objects: [], lines: [] })).toEqual({ kind: "other", colors: ["red"], clothing: [] });
  });
});

describe("photographs", () => {
  test.each(["coffee.png", "chelsea.png", "astronaut.png"])("%s", async (name) => {
    const image = await readFile(path.join(SAMPLES, name));
    expect(await kindOf(image)).toBe("photo");
    expect(await kindOf(await sharp(image).greyscale().jpeg({ quality: 60 }).toBuffer())).toBe("photo");
  });
});

test("a product before a white wall is a photo when something was recognised in it", async () => {
  const cat = await sharp(await readFile(path.join(SAMPLES, "chelsea.png")))
    .resize(300)
    .toBuffer();
  const image = await sharp({ create: { width: 900, height: 800, channels: 3, background: "#fff" } })
    .composite([{ input: cat, left: 350, top: 250 }])
    .jpeg()
    .toBuffer();
  const pixels = await decodePixels(image);
  const objects = [{ label: "cat", confidence: 0.9, box: { x: 350, y: 250, width: 300, height: 200 } }];
  expect(lookAtPicture(pixels, { people: [], objects, lines: [] }).kind).toBe("photo");
  expect(lookAtPicture(pixels, { people: [], objects: [], lines: [] }).kind).toBe("other");
});

describe.skipIf(withoutCorpora !== false)(withoutCorpora === false ? "the corpora" : `the corpora (skipped: ${withoutCorpora})`, () => {
  test("photographs are photos", async () => {
    const files = ["photos/bus.jpg", "photos/person.jpg", "exif/Landscape_1.jpg"];
    expect(await Promise.all(files.map(async (file) => kindOf(await readFile(path.join(CORPORA, file)))))).toEqual(
      files.map(() => "photo"),
    );
  });

  test("till slips are receipts, read without a fault", async () => {
    const folder = path.join(CORPORA, "sroie");
    const names = (await readdir(folder)).filter((name) => name.endsWith(".csv")).slice(0, 12);
    for (const name of names) {
      const lines = (await readFile(path.join(folder, name), "utf8"))
        .split(/\r?\n/)
        .filter((row) => row !== "")
        .map((row): Line => {
          const cells = row.split(",");
          const [left = 0, top = 0, , , right = 0, bottom = 0] = cells.slice(0, 8).map(Number);
          return { text: cells.slice(8).join(","), confidence: 1, box: { x: left, y: top, width: right - left, height: bottom - top } };
        });
      // Some say "tax invoice" on a till's slip, and both words are right then.
      expect(["receipt", "invoice"], name).toContain(await kindOf(await readFile(path.join(folder, name.replace(".csv", ".jpg"))), lines));
    }
  });
});
