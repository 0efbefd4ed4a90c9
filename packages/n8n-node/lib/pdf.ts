import { PDFDocument } from "@cantoo/pdf-lib";
import { InputError, type InputFile, type OpenDocument, type SetupError } from "../bridge/core.ts";

/** Longest PDF that is parsed inside n8n, in bytes: its objects take several times that in memory. */
const LONGEST = 50_000_000;

/**
 * A PDF's attachments and its number of pages. What stands on the pages is not read here: `needsServer` makes the error that says so.
 * InputError when the file is damaged, encrypted or too large.
 */
export async function openPdf(
  { name, kind, bytes }: InputFile,
  password: string | undefined,
  needsServer: (what: string) => SetupError,
): Promise<OpenDocument> {
  if (kind !== "pdf") throw needsServer(`Reading the text of ${name}`);
  if (bytes.length > LONGEST)
    throw new InputError(`${name} is too large: ${Math.ceil(bytes.length / 1e6)} MB, ${LONGEST / 1e6} MB at most.`);
  const { pageCount, attachments } = await parsed(name, bytes, password);
  const onThePage = (): Promise<never> => Promise.reject(needsServer(`Reading the pages of ${name}`));
  return {
    pageCount,
    attachments,
    warnings: [],
    textLayer: onThePage,
    image: onThePage,
    close: async () => {},
  };
}

async function parsed(
  name: string,
  bytes: Uint8Array,
  password: string | undefined,
): Promise<Pick<OpenDocument, "pageCount" | "attachments">> {
  try {
    const document = await PDFDocument.load(bytes, { updateMetadata: false, ...(password === undefined ? {} : { password }) });
    // What is damaged shows only when it is looked at.
    return {
      pageCount: document.getPageCount(),
      attachments: document.getAttachments().map(({ name: file, data }) => ({ name: file, bytes: data })),
    };
  } catch (error) {
    // The library has no class for it that survives bundling.
    if (error instanceof Error && /encrypted/i.test(error.message)) {
      throw new InputError(`${name} is encrypted and cannot be opened without its password.`, {
        hint: "Remove the password before this node.",
      });
    }
    throw new InputError(`${name} cannot be read as a PDF: it is damaged.`, { hint: "Ask the sender for it once more." });
  }
}
