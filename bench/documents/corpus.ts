import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { readInvoiceXml, invoiceAttachments } from "../../packages/core/src/invoice/embedded-xml.ts";
import type { Invoice } from "../../packages/core/src/invoice/schema.ts";
import type { InputFile } from "../../packages/core/src/ports.ts";
import { CORPORA, readReceipt, receiptNames } from "../receipts.ts";
import { heldOut } from "./held-out.ts";
import type { Readings } from "./readings.ts";

/** A document with what is known of it. */
export interface Sample<Truth> {
  readonly name: string;
  readonly file: InputFile;
  readonly truth: Truth;
  /** Nobody looked at it while rules were written. */
  readonly isHeldOut: boolean;
}

/** PDFs of `zugferd/` with the invoice embedded in them; those without one are no truth and left out. */
export async function invoiceSamples(readings: Readings): Promise<Sample<Invoice>[]> {
  const folder = path.join(CORPORA, "zugferd");
  const names = (await readdir(folder).catch(() => [] as string[])).filter((name) => name.endsWith(".pdf")).sort();
  const held = heldOut(names.map((name) => path.basename(name, ".pdf")));
  const samples: Sample<Invoice>[] = [];
  for (const fileName of names) {
    const name = path.basename(fileName, ".pdf");
    const file: InputFile = {
      name: fileName,
      kind: "pdf",
      mediaType: "application/pdf",
      bytes: await readFile(path.join(folder, fileName)),
    };
    const [xml] = invoiceAttachments(await readings.attachments(file));
    if (xml === undefined) continue;
    const { invoice } = await readInvoiceXml(xml.bytes, fileName);
    samples.push({ name, file, truth: invoice, isHeldOut: held.has(name) });
  }
  return samples;
}

/** What SROIE says of a receipt; an empty string where it says nothing. */
export interface ReceiptTruth {
  readonly company: string;
  readonly date: string;
  readonly address: string;
  readonly total: string;
}

export async function receiptSamples(): Promise<Sample<ReceiptTruth>[]> {
  const names = await receiptNames();
  const held = heldOut(names);
  return Promise.all(
    names.map(async (name) => {
      const { image, fields } = await readReceipt(name);
      const file: InputFile = { name: `${name}.jpg`, kind: "image", mediaType: "image/jpeg", bytes: image };
      return { name, file, truth: { address: "", ...fields }, isHeldOut: held.has(name) };
    }),
  );
}
