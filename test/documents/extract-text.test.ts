import { extractText, runTask } from "@sightline/core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { iou, turnBox } from "../../packages/core/src/page.ts";
import { textOf } from "../model/stand-in-rule.ts";
import { closeEyes, type ModelContextOptions, sample, startModelContext } from "../tasks/model-context.ts";
import { bodyOfPdf, writePdf } from "./write-pdf.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
afterAll(closeEyes);

async function start(given?: ModelContextOptions) {
  const made = await startModelContext(given);
  open.push(() => made.close());
  return made;
}

const uri = (bytes: Uint8Array): string => `data:application/octet-stream;base64,${Buffer.from(bytes).toString("base64")}`;

const LEFT =
  "The committee met on Monday and heard three reports on the state of the harbour, of which the last was the most discouraging of them all.";
const RIGHT =
  "Its members agreed that the western quay needs a new foundation, and that nobody knows who should pay for it before the winter comes.";

describe("a PDF", () => {
  let report: string;
  beforeAll(async () => {
    report = uri(
      await writePdf((pdf) => {
        pdf.fontSize(24).text("Harbour report", 50, 50);
        pdf.fontSize(11).text(LEFT, 50, 100, { width: 220 }).text(RIGHT, 320, 100, { width: 220 });
        const rows = [
          ["Pos", "Work", "Hours", "Amount"],
          ["1", "Diving", "12", "1,440.00"],
          ["2", "Concrete", "3.5", "420.00"],
        ];
        for (const [index, [pos = "", work = "", hours = "", amount = ""]] of rows.entries()) {
          const y = 300 + index * 18;
          pdf.text(pos, 50, y).text(work, 90, y);
          pdf.text(hours, 250, y, { width: 60, align: "right" }).text(amount, 350, y, { width: 80, align: "right" });
        }
        pdf.addPage().text("The second page", 50, 50).addPage().text("The third page", 50, 50);
      }),
    );
  });

  it("is read in reading order: columns one after the other, tables as tables, and page by page", async () => {
    const { context } = await start();
    const { text, pages, warnings } = await runTask(extractText, { document: report, format: "markdown" }, context);
    expect(warnings).toEqual([]);
    const [first = "", ...others] = text.split("\n\n---\n\n");
    expect(others).toEqual(["The second page", "The third page"]);
    const flat = first.replaceAll(/\s+/g, " ");
    expect(flat).toMatch(/^# Harbour report /);
    expect(flat).toContain(LEFT);
    expect(flat).toContain(RIGHT);
    expect(first).toContain(
      [
        "| Pos | Work | Hours | Amount |",
        "| --- | --- | --- | --- |",
        "| 1 | Diving | 12 | 1,440.00 |",
        "| 2 | Concrete | 3.5 | 420.00 |",
      ].join("\n"),
    );
    expect(pages.map(({ number, source }) => [number, source])).toEqual([
      [1, "text-layer"],
      [2, "text-layer"],
      [3, "text-layer"],
    ]);
    expect(pages[0]?.lines?.find((line) => line.text === "1,440.00")).toMatchObject({ confidence: 1, source: "text-layer" });
  });

  it("keeps the page's format in layout: amounts end under each other", async () => {
    const { context } = await start();
    const { text } = await runTask(extractText, { document: report, format: "layout", pages: "1" }, context);
    const rows = text.split("\n").filter((row) => /Amount|1,440|420/.test(row));
    expect(rows).toHaveLength(3);
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
  });

  it("is read as far as pages are asked for", async () => {
    const { context } = await start();
    const { text, pages } = await runTask(extractText, { document: report, pages: "2-" }, context);
    expect(text).toBe("The second page\fThe third page");
    expect(pages.map(({ number }) => number)).toEqual([2, 3]);
  });

  it("is read with OCR where a page is a scan, its boxes in the page's own pixels", async () => {
    const scan = uri(await writePdf((pdf) => pdf.image(sample("receipt.png"), 0, 0, { width: 400 }), { size: [400, 562.5] }));
    const { context } = await start();
    const { text, pages } = await runTask(extractText, { document: scan }, context);
    expect(text).toMatch(/HARBOUR STREET BAKERY/);
    const [page] = pages;
    expect(page).toMatchObject({ source: "ocr", width: 833, height: 1172 });
    const total = page?.lines?.find((line) => line.text.startsWith("TOTAL"));
    expect(total).toMatchObject({ source: "ocr" });
    // Drawn at 590 of 900 pixels of its height, by its baseline.
    expect(total?.box.y).toBeGreaterThan((560 / 900) * 1172);
    expect((total?.box.y ?? 0) + (total?.box.height ?? 0)).toBeLessThan((605 / 900) * 1172);
  });

  it.each([90, 180, 270] as const)(
    "is read where a scan in it was fed turned by %i degrees, its boxes on the page as it came",
    async (turn) => {
      const [width, height] = turn === 180 ? [400, 562.5] : [562.5, 400];
      const picture = await sharp(sample("receipt.png")).rotate(turn).png().toBuffer();
      const scan = uri(await writePdf((pdf) => pdf.image(picture, 0, 0, { width }), { size: [width, height] }));
      const straight = uri(await writePdf((pdf) => pdf.image(sample("receipt.png"), 0, 0, { width: 400 }), { size: [400, 562.5] }));
      const { context } = await start();
      const upright = await runTask(extractText, { document: straight }, context);
      const { text, pages, warnings } = await runTask(extractText, { document: scan }, context);
      expect(warnings).toEqual([expect.stringContaining(`it was read turned by ${360 - turn} degrees`)]);
      const words = (each: string): string[] => each.split(/\s+/);
      const missed = words(upright.text).filter((word) => !words(text).includes(word));
      expect(missed.length, missed.join(" ")).toBeLessThanOrEqual(2);
      const [page] = pages;
      expect([page?.width, page?.height]).toEqual(turn === 180 ? [833, 1172] : [1172, 833]);
      const boxOf = (lines: typeof page, what: RegExp) => lines?.lines?.find((line) => what.test(line.text))?.box;
      const [expected, found] = [boxOf(upright.pages[0], /TOTAL/i), boxOf(page, /TOTAL/i)];
      if (expected === undefined || found === undefined) throw new Error(`no total in ${text}`);
      const where = turnBox(expected, { width: 833, height: 1172 }, turn);
      expect(iou(where, found)).toBeGreaterThan(0.7);
    },
  );

  it("loses no page to a bad one", async () => {
    const page = (size: string, stream: number) =>
      `<< /Type /Page /Parent 2 0 R /MediaBox ${size} /Resources << /Font << /F 6 0 R >> >> /Contents ${stream} 0 R >>`;
    const words = "BT /F 12 Tf 50 700 Td (Still here) Tj ET";
    const bytes = bodyOfPdf(
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
      "(this is no page)",
      page("[0 0 600 800]", 5),
      `<< /Length ${words.length} >>\nstream\n${words}\nendstream`,
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    );
    const { context } = await start();
    const { text, pages, warnings } = await runTask(extractText, { document: uri(bytes) }, context);
    expect({ text, pages: pages.map(({ number }) => number) }).toEqual({ text: "Still here", pages: [2] });
    expect(warnings).toEqual([expect.stringMatching(/^Page 1 could not be read: /)]);
  });
});

/** A TIFF of several pages, as scanners make them: gray, not compressed, little-endian. */
function writeTiff(pages: readonly { readonly data: Uint8Array; readonly width: number; readonly height: number }[]): Uint8Array {
  const parts: Buffer[] = [Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0])];
  let at = 8;
  for (const [index, { data, width, height }] of pages.entries()) {
    const pixels = at + 2 + 8 * 12 + 4;
    const next = index === pages.length - 1 ? 0 : pixels + data.length + (data.length % 2);
    // ImageWidth, ImageLength, BitsPerSample, Compression, PhotometricInterpretation, StripOffsets, RowsPerStrip, StripByteCounts.
    const fields = [[256, width], [257, height], [258, 8], [259, 1], [262, 1], [273, pixels], [278, height], [279, data.length]] as const; // prettier-ignore
    const directory = Buffer.alloc(2 + fields.length * 12 + 4);
    directory.writeUInt16LE(fields.length, 0);
    for (const [row, [tag, value]] of fields.entries()) {
      directory.writeUInt16LE(tag, 2 + row * 12);
      directory.writeUInt16LE(4, 4 + row * 12);
      directory.writeUInt32LE(1, 6 + row * 12);
      directory.writeUInt32LE(value, 10 + row * 12);
    }
    directory.writeUInt32LE(next, 2 + fields.length * 12);
    parts.push(directory, Buffer.from(data), Buffer.alloc(data.length % 2));
    at = next;
  }
  return Buffer.concat(parts);
}

describe("Chinese, Japanese and Korean in a font that is not embedded", () => {
  it.each([
    ["STSong-Light", "UniGB-UCS2-H", "GB1", "发票号码 2026"],
    ["MSung-Light", "UniCNS-UCS2-H", "CNS1", "發票號碼 2026"],
    ["HeiseiMin-W3", "UniJIS-UCS2-H", "Japan1", "請求書番号 2026"],
    ["HYSMyeongJo-Medium", "UniKS-UCS2-H", "Korea1", "세금계산서 2026"],
  ])("%s: is read, and said to be missing in the page's picture", async (font, encoding, ordering, words) => {
    const codes = Buffer.from(words, "utf16le").swap16().toString("hex");
    const content = `BT /F 24 Tf 50 700 Td <${codes}> Tj ET`;
    const bytes = bodyOfPdf(
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F 5 0 R >> >> /Contents 4 0 R >>",
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      `<< /Type /Font /Subtype /Type0 /BaseFont /${font} /Encoding /${encoding} /DescendantFonts [6 0 R] >>`,
      `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /${font} /CIDSystemInfo << /Registry (Adobe) /Ordering (${ordering}) /Supplement 2 >> /FontDescriptor 7 0 R >>`,
      `<< /Type /FontDescriptor /FontName /${font} /Flags 6 /FontBBox [0 -120 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>`,
    );
    const { context } = await start();
    const { text, pages, warnings } = await runTask(extractText, { document: uri(bytes) }, context);
    expect(text.replace(/ +/g, " ")).toBe(words);
    expect(pages[0]?.source).toBe("text-layer");
    const count = [...words].filter((character) => character > "\u2fff").length;
    expect(warnings).toEqual([
      expect.stringMatching(new RegExp(`^${count} Chinese, Japanese or Korean characters .* missing in the page's picture`)),
    ]);
  });
});

describe("pictures of several pages", () => {
  it.each(["gif", "webp", "tiff"] as const)("%s: each is read", async (format) => {
    const frame = (text: string) =>
      sharp(
        Buffer.from(
          `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="160"><rect width="600" height="160" fill="#fff"/><text x="30" y="100" font-size="56" font-family="DejaVu Sans, Arial, sans-serif">${text}</text></svg>`,
        ),
      )
        .png()
        .toBuffer();
    const frames = [await frame("First page"), await frame("Second page")];
    const gray = async (picture: Buffer) => ({
      data: await sharp(picture).grayscale().raw().toBuffer(),
      width: 600,
      height: 160,
    });
    const bytes =
      format === "tiff"
        ? writeTiff(await Promise.all(frames.map(gray)))
        : await sharp(frames, { join: { animated: true } })
            .toFormat(format, { lossless: true, delay: [100, 100] })
            .toBuffer();
    const { context } = await start();
    const { text, pages } = await runTask(extractText, { document: uri(bytes) }, context);
    expect(text.split("\f")).toEqual(["First page", "Second page"]);
    expect(pages.map(({ number, source }) => [number, source])).toEqual([
      [1, "ocr"],
      [2, "ocr"],
    ]);
  });
});

describe("a page that a model transcribes", () => {
  const TRUE_TEXT = [
    "HARBOUR STREET BAKERY",
    "14 Harbour Street, Whitby",
    "VAT No. GB 123 4567 89",
    "Receipt 004512   21/11/2026 08:47",
    "2 x Sourdough loaf @ 4.20   8.40",
    "1 x Cinnamon bun   2.85",
    "3 x Flat white @ 3.10   9.30",
    "1 x Oat milk   0.50",
    "Subtotal   21.05",
    "VAT 20 % included   3.51",
    "TOTAL GBP   21.05",
    "Card ****4821   21.05",
    "Served by Maeve, till 2",
    "Thank you, see you tomorrow!",
  ].join("\n");
  const transcribe = async (text: string, given?: ModelContextOptions) => {
    const { context, server } = await start({ standIn: { mode: "verbatim", text }, ...given });
    const output = await runTask(extractText, { document: sample("receipt.png"), reader: "model" }, context);
    return { ...output, asked: server.requests.at(-1)?.body };
  };

  it("is the model's text, each part with the place where the machine reads it", async () => {
    const { text, pages, ungrounded, model, warnings, asked } = await transcribe(`\`\`\`\n${TRUE_TEXT}\n\`\`\``);
    expect({ text, ungrounded, model, warnings }).toEqual({ text: TRUE_TEXT, ungrounded: [], model: "stand-in-vision", warnings: [] });
    expect(textOf(asked)).toContain("word for word");
    expect(pages[0]?.source).toBe("model");
    const total = pages[0]?.lines?.find((line) => line.text === "TOTAL GBP");
    expect(total).toMatchObject({ source: "model", box: { y: expect.closeTo(570, -1.7) } });
  });

  it.each([
    ["swaps two digits of a total", TRUE_TEXT.replace("TOTAL GBP   21.05", "TOTAL GBP   12.05"), ["12.05"], /^$/],
    ["adds a line", TRUE_TEXT.replace("Subtotal", "1 x Gold bar 950.00\nSubtotal"), [expect.stringContaining("950.00")], /^$/],
    ["leaves lines out", TRUE_TEXT.replace(/1 x Oat milk.*\n/, ""), [], /left out.*2 lines.*Oat milk/],
    ["answers in prose", "This is a receipt of a lovely bakery by the sea.", [expect.stringMatching(/receipt/)], /left out.*lines/],
  ])("of one that %s is marked", async (_, said, expected, warning) => {
    const { ungrounded, warnings } = await transcribe(said);
    expect(ungrounded?.map(({ text }) => text)).toEqual(expect.arrayContaining(expected));
    if (expected.length === 0) expect(ungrounded).toEqual([]);
    else expect(warnings.join("\n")).toContain("could not be found on the page");
    if (warning.source !== "^$") expect(warnings.join("\n")).toMatch(warning);
  });

  it("is the machine's own reading, which is said, where the model has no usable answer", async () => {
    const { text, pages, warnings } = await transcribe("I'm sorry, but I can't view images.");
    expect(text).toMatch(/TOTAL GBP {2}21\.05/);
    expect(pages[0]?.source).toBe("ocr");
    expect(warnings.join("\n")).toMatch(/this machine's own reading stands in its place/);
  });

  it("needs a model that sees", async () => {
    const { context } = await start({ model: undefined });
    await expect(runTask(extractText, { document: sample("receipt.png"), reader: "model" }, context)).rejects.toMatchObject({
      kind: "SetupError",
      hint: expect.stringContaining("ollama pull"),
    });
  });
});
