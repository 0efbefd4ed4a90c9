import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "../../packages/core/src/page.ts";
import type { InputFile } from "../../packages/core/src/ports.ts";
import { readOpenPages } from "../../packages/core/src/read-document.ts";
import { createDocumentReader } from "../../packages/local/src/document/reader.ts";
import { createImageCodec } from "../../packages/local/src/media/images.ts";
import { jobs } from "../../packages/local/src/worker-jobs.ts";
import { createRecognizers } from "../../packages/local/src/perception/recognizer.ts";
import { createPool } from "../../packages/local/src/worker/pool.ts";

/** How the pages of a file are read: its text layer, OCR as the tasks do it, or drawn at `SCAN_DPI` first and recognised from that picture alone. */
export type Via = "text" | "ocr" | "scan";

/** Dots per inch of a plain office scan. */
export const SCAN_DPI = 150;

/** Pages of one file as one reader saw them. */
export interface PagesRead {
  readonly pages: readonly Page[];
  /** Milliseconds that reading took, page by page. */
  readonly ms: readonly number[];
}

/** Reads files of the corpora; what was read once is kept in `cache`, where one is given, and not read again. */
export interface Readings {
  read(file: InputFile, via: Via): Promise<PagesRead>;
  /** The pictures that `via` "scan" recognises. */
  scans(file: InputFile): Promise<readonly Uint8Array[]>;
  attachments(file: InputFile): Promise<readonly { readonly name: string; readonly bytes: Uint8Array }[]>;
  close(): Promise<void>;
}

export function openReadings(cache: string | undefined): Readings {
  const pool = createPool({ jobs, maxWorkers: 1 });
  const documents = createDocumentReader(pool);
  const { text } = createRecognizers(pool);
  const context = { documents, text, images: createImageCodec(pool), signal: new AbortController().signal, progress: () => {} };

  async function readAnew(file: InputFile, via: Via): Promise<PagesRead> {
    const document = await documents.open(file);
    const pages: Page[] = [];
    const ms: number[] = [];
    let start = performance.now();
    const keep = (page: Page): void => {
      pages.push(page);
      ms.push(performance.now() - start);
      start = performance.now();
    };
    try {
      if (via === "scan") {
        for (let number = 1; number <= document.pageCount; number += 1) {
          const { bytes } = await document.image(number, { dpi: SCAN_DPI });
          start = performance.now();
          const { warnings: _, ...picture } = await text.recognize(bytes);
          keep({ number, source: "ocr", ...picture });
        }
      } else {
        for await (const { page } of readOpenPages(document, file, { sources: [via] }, context)) if (page !== undefined) keep(page);
      }
    } finally {
      await document.close();
    }
    return { pages, ms };
  }

  return {
    async read(file, via) {
      // A text layer is read in milliseconds, and its time is measured.
      if (cache === undefined || via === "text") return readAnew(file, via);
      const kept = path.join(cache, `${via}-${createHash("sha256").update(file.bytes).digest("hex").slice(0, 24)}.json`);
      const found = await readFile(kept, "utf8").catch(() => undefined);
      if (found !== undefined) return JSON.parse(found) as PagesRead;
      const read = await readAnew(file, via);
      await mkdir(cache, { recursive: true });
      // Whole or not at all: a run that is stopped leaves no half a reading.
      await writeFile(`${kept}.part`, JSON.stringify(read));
      await rename(`${kept}.part`, kept);
      return read;
    },
    async scans(file) {
      const document = await documents.open(file);
      try {
        const images: Uint8Array[] = [];
        for (let number = 1; number <= document.pageCount; number += 1)
          images.push((await document.image(number, { dpi: SCAN_DPI })).bytes);
        return images;
      } finally {
        await document.close();
      }
    },
    async attachments(file) {
      const document = await documents.open(file);
      await document.close();
      return document.attachments;
    },
    close: () => pool.close(),
  };
}
