import type { Attachment } from "@sightline/core";
import { readUtf16, withMemory, type Pdfium } from "./pdfium.ts";

/** E-invoices carry a few hundred kilobytes. */
const MAX_BYTES = 20_000_000;
const MAX_TOTAL_BYTES = 50_000_000;
const MAX_FILES = 100;

/** The files inside a PDF (its EmbeddedFiles name tree); what is left out is said in a warning. */
export function readAttachments(lib: Pdfium, document: number): { attachments: Attachment[]; warnings: string[] } {
  const attachments: Attachment[] = [];
  const warnings: string[] = [];
  const count = lib.FPDFDoc_GetAttachmentCount(document);
  if (count > MAX_FILES) warnings.push(`It has ${count} attachments; the first ${MAX_FILES} are looked at.`);
  let total = 0;
  for (let index = 0; index < Math.min(count, MAX_FILES); index += 1) {
    const handle = lib.FPDFDoc_GetAttachment(document, index);
    if (handle === 0) continue;
    const name = readUtf16(lib, (at, bytes) => lib.FPDFAttachment_GetName(handle, at, bytes)) || `attachment ${index + 1}`;
    const bytes = readFile(lib, handle, Math.min(MAX_BYTES, MAX_TOTAL_BYTES - total));
    if (typeof bytes === "string") warnings.push(`The attachment ${JSON.stringify(name)} ${bytes}.`);
    else {
      total += bytes.length;
      attachments.push({ name, bytes });
    }
  }
  return { attachments, warnings };
}

/** Its bytes, or why not. */
function readFile(lib: Pdfium, handle: number, most: number): Uint8Array | string {
  return withMemory(lib, 4, (length) => {
    // The length is garbage where the return value is not true.
    if (!lib.FPDFAttachment_GetFile(handle, 0, 0, length)) return "cannot be read";
    const bytes = lib.pdfium.HEAPU32[length >> 2] ?? 0;
    if (bytes > most) return `is too large (${bytes} bytes) and was left out`;
    if (bytes === 0) return "is empty";
    return withMemory(lib, bytes, (at) =>
      lib.FPDFAttachment_GetFile(handle, at, bytes, length) ? lib.pdfium.HEAPU8.slice(at, at + bytes) : "cannot be read",
    );
  });
}
