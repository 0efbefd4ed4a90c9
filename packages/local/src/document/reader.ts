import type { DocumentReader, OpenDocument } from "@sightline/core";
import { InputError } from "@sightline/core/errors";
import { randomUUID } from "node:crypto";
import type { SightlinePool } from "../worker-jobs.ts";
import type { DocumentStart } from "./worker-document.ts";

/**
 * Documents, each open in a worker where its untrusted bytes are parsed behind a kill: once, not once a page. When that worker is ended (it idles, a page broke
 * it, others needed the room) the next page opens the document again.
 */
export function createDocumentReader(
  pool: SightlinePool,
  {
    password: usual,
  }: {
    /** Tried where a call gives none. */
    readonly password?: string | undefined;
  } = {},
): DocumentReader {
  return {
    async open({ name: fileName, kind, bytes }, { signal, name = fileName, password = usual } = {}): Promise<OpenDocument> {
      if (kind !== "pdf" && kind !== "image") {
        throw new InputError(`${name} has no pages: it is ${kind === "xml" ? "XML" : "a video"}.`, {
          hint: "Documents with pages are PDFs and pictures.",
        });
      }
      const session = { key: randomUUID(), start: { kind, bytes, password } satisfies DocumentStart };
      const { pageCount, attachments, warnings: found } = await pool.run("open-document", {}, { signal, subject: name, session });
      const warnings = [...found];
      let closed = false;

      function check(page: number): void {
        if (closed) throw new Error(`${name} was closed`);
        if (Number.isInteger(page) && page >= 1 && page <= pageCount) return;
        throw new InputError(`${name} has no page ${page}.`, {
          hint: pageCount === 1 ? "It has one page." : `Its pages are 1 to ${pageCount}.`,
        });
      }
      function warn(page: number, news: readonly string[]): void {
        for (const each of news) {
          const warning = pageCount === 1 ? each : `Page ${page}: ${each}`;
          if (!warnings.includes(warning)) warnings.push(warning);
        }
      }

      return {
        pageCount,
        attachments,
        warnings,
        async textLayer(page, options = {}) {
          check(page);
          const subject = options.name ?? (pageCount === 1 ? name : `${name}, page ${page}`);
          const { warnings: news, ...layer } = await pool.run("document-text", { page }, { signal: options.signal, subject, session });
          warn(page, news);
          return { number: page, source: "text-layer", ...layer };
        },
        async image(page, { longSide, dpi, ...options } = {}) {
          check(page);
          const subject = options.name ?? (pageCount === 1 ? name : `${name}, page ${page}`);
          const { image, warnings: news } = await pool.run(
            "document-image",
            { page, longSide, dpi },
            { signal: options.signal, subject, session },
          );
          warn(page, news);
          return image;
        },
        async close() {
          closed = true;
          pool.endSession(session.key);
        },
      };
    },
  };
}
