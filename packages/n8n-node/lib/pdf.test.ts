import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { InputError, SetupError } from "../bridge/core.ts";
import { openPdf } from "./pdf.ts";

const CORPORA = process.env["SIGHTLINE_CORPORA"] ?? fileURLToPath(new URL("../../../../shared/corpora", import.meta.url));

const pdf = (name: string, bytes: Uint8Array) => ({ name, kind: "pdf" as const, mediaType: "application/pdf", bytes });
const open = (name: string, bytes: Uint8Array) => openPdf(pdf(name, bytes), undefined, (what) => new SetupError(what));

describe("PDFs inside n8n", () => {
  it("that are damaged are an error of the file, not of the node", async () => {
    const pieces = [
      "%PDF-1.7\n",
      "%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>",
      "%PDF-1.7\ntrailer << /Root 9 0 R >>\n%%EOF",
    ];
    for (const piece of pieces) await expect(open("a.pdf", Buffer.from(piece)), piece).rejects.toBeInstanceOf(InputError);
  });

  it.skipIf(!existsSync(path.join(CORPORA, "pdfs")))("odd, encrypted and fuzzed ones open or are such an error", async () => {
    for (const name of readdirSync(path.join(CORPORA, "pdfs")).filter((each) => each.endsWith(".pdf"))) {
      const bytes = readFileSync(path.join(CORPORA, "pdfs", name));
      const opened = await open(name, bytes).catch((error: unknown) => error);
      if (opened instanceof Error) expect(opened, `${name}: ${opened.message}`).toBeInstanceOf(InputError);
    }
  });

  it.skipIf(!existsSync(path.join(CORPORA, "zugferd")))("hand over the invoices in them", async () => {
    const names = readdirSync(path.join(CORPORA, "zugferd")).filter((each) => each.endsWith(".pdf"));
    const documents = await Promise.all(names.map((name) => open(name, readFileSync(path.join(CORPORA, "zugferd", name)))));
    // One of them has none.
    expect(documents.filter(({ attachments }) => attachments.some(({ name }) => /\.xml$/i.test(name)))).toHaveLength(names.length - 1);
  });
});
