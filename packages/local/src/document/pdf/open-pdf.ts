import { InputError } from "@sightline/core/errors";
import type { PageImage, PageSize, PageText, WorkerDocument } from "../worker-document.ts";
import { readAttachments } from "./attachments.ts";
import { withPage } from "./page.ts";
import { pageText } from "./page-text.ts";
import { loadPdfium } from "./pdfium.ts";
import { renderPage } from "./render.ts";

/** `FPDF_GetLastError`, fpdfview.h. */
const FORMAT_ERROR = 3;
const PASSWORD_ERROR = 4;
const SECURITY_ERROR = 5;

/** Opens a PDF; its bytes stay in pdfium's memory until it is closed. InputError when it is damaged, encrypted or without pages. */
export async function openPdf(bytes: Uint8Array, password: string | undefined): Promise<WorkerDocument> {
  if (bytes.length === 0) throw new InputError("It is empty (0 bytes).", { hint: "Send the document's own bytes." });
  const lib = await loadPdfium();
  const { malloc, free } = lib.pdfium.wasmExports;
  const at = malloc(bytes.length);
  if (at === 0) throw new InputError(`It is too large to be opened (${bytes.length} bytes).`, { hint: "Split it, and send the parts." });
  lib.pdfium.HEAPU8.set(bytes, at);
  const handle = lib.FPDF_LoadMemDocument(at, bytes.length, password ?? "");
  if (handle === 0) {
    free(at);
    throw refusal(lib.FPDF_GetLastError(), password);
  }
  // Form fields show what was filled in only with this.
  const formInfo = lib.PDFiumExt_OpenFormFillInfo();
  const form = lib.PDFiumExt_InitFormFillEnvironment(handle, formInfo);
  const close = (): void => {
    lib.PDFiumExt_ExitFormFillEnvironment(form);
    lib.PDFiumExt_CloseFormFillInfo(formInfo);
    lib.FPDF_CloseDocument(handle);
    free(at);
  };
  try {
    const pageCount = lib.FPDF_GetPageCount(handle);
    if (pageCount <= 0) {
      throw new InputError("It is a PDF without pages.", { hint: "It is damaged, or holds other files only. Export it again." });
    }
    const { attachments, warnings } = readAttachments(lib, handle);
    return {
      pageCount,
      attachments,
      warnings,
      text: async (page): Promise<PageText> => withPage(lib, { handle, form }, page, (open) => pageText(lib, open)),
      image: async (page, size: PageSize): Promise<PageImage> =>
        withPage(lib, { handle, form }, page, (open) => renderPage(lib, open, size)).encode(),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function refusal(error: number, password: string | undefined): InputError {
  switch (error) {
    case PASSWORD_ERROR:
      return password === undefined || password === ""
        ? new InputError("It is encrypted, and no password was given.", {
            hint: "Give its password (SIGHTLINE_DOCUMENT_PASSWORD sets one for every document), or save a copy without one.",
          })
        : new InputError("It is encrypted, and the password that was given is wrong.", {
            hint: "Capital letters count. Give the password that opens it, or save a copy without one.",
          });
    case SECURITY_ERROR:
      return new InputError("It is encrypted in a way that cannot be read.", { hint: "Save a copy without encryption." });
    case FORMAT_ERROR:
    default:
      return new InputError("It is damaged, or no PDF.", {
        hint: "Fetch or export it again; if other programs open it, print it to a new PDF and use that.",
      });
  }
}
