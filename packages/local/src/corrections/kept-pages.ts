import { type DocumentReader, type EncodedImage, InputError, type OpenDocument } from "@sightline/core";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CorrectedFile, KeptCorrection } from "./correction.ts";

/**
 * Opens the documents of a correction as if they had been scanned: their pages are the pictures that were kept, and no text layer is read. So a model that is taught from them sees
 * each page, and an encrypted document needs no password. What is no document of the correction is opened by `others`.
 */
export function keptPages({ folder, files }: KeptCorrection, others: DocumentReader): DocumentReader {
  return {
    async open(file, options) {
      const kept = files.find((each) => each.file === file.name && each.pages !== undefined);
      return kept === undefined ? others.open(file, options) : scanned(folder, kept, others);
    },
  };
}

function scanned(folder: string, document: CorrectedFile, pictures: DocumentReader): OpenDocument {
  const { pages = [], page_count: pageCount = pages.length, name } = document;
  const pageAt = (number: number) => {
    const page = pages.find((each) => each.page === number);
    if (page !== undefined) return page;
    throw new InputError(`Page ${number} of ${name} was not kept: it was not asked about.`);
  };
  return {
    pageCount,
    attachments: [],
    warnings: [],
    async textLayer(number) {
      const { width, height } = pageAt(number);
      return { number, width, height, source: "text-layer", lines: [], legible: false };
    },
    async image(number, { longSide, signal } = {}): Promise<EncodedImage> {
      const { file, width, height } = pageAt(number);
      const bytes = await readFile(join(folder, file), { signal });
      const mediaType = file.endsWith(".png") ? "image/png" : "image/jpeg";
      if (longSide === undefined) return { bytes, mediaType, width, height };
      // As a scan of that page would be shown.
      const picture = await pictures.open({ name: file, kind: "image", mediaType, bytes }, { signal, name: `${name}, page ${number}` });
      try {
        return await picture.image(1, { longSide, signal });
      } finally {
        await picture.close();
      }
    },
    async close() {},
  };
}
