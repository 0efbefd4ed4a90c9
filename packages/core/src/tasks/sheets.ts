import { InputError } from "../errors.ts";
import type { ShownPage } from "../model-pages.ts";
import type { InputFile, OpenDocument } from "../ports.ts";
import { readOpenPages } from "../read-document.ts";
import type { TaskContext } from "../task.ts";

/** A page of one of several files. */
export interface Sheet extends ShownPage {
  /** Which file it is of, from 1. */
  readonly file: number;
  /** False for a picture, which has no other pages. */
  readonly inDocument: boolean;
}

/** Pictures and documents, read when they are first needed, and once. */
export interface Sheets {
  readonly files: readonly InputFile[];
  /** True when one of them has pages: a PDF, a TIFF of several. */
  readonly hasDocuments: boolean;
  /** What was lost so far. */
  readonly warnings: readonly string[];
  /** The wanted pages of all files with their text. */
  read(): Promise<readonly Sheet[]>;
  close(): Promise<void>;
}

export interface SheetsWish {
  readonly pages?: string | undefined;
  readonly password?: string | undefined;
}

/** Pictures that may be of several pages. */
const PAGED = "image/tiff";

/** Reads the files' bytes; what is on them is read later. InputError when one cannot be read, or when pages of pictures are asked for. */
export async function openSheets(references: readonly string[], { pages, password }: SheetsWish, context: TaskContext): Promise<Sheets> {
  const { signal } = context;
  const files: InputFile[] = [];
  for (const reference of references) files.push(await context.input.read(reference, { accept: ["image", "pdf"], signal }));
  const isDocument = ({ kind, mediaType }: InputFile): boolean => kind === "pdf" || mediaType === PAGED;
  const hasDocuments = files.some(isDocument);
  if (pages !== undefined && !hasDocuments) throw new InputError("A picture has no pages to choose from.", { hint: "Leave pages out." });
  const open: OpenDocument[] = [];
  const warnings: string[] = [];
  let sheets: Promise<readonly Sheet[]> | undefined;

  async function readAll(): Promise<readonly Sheet[]> {
    const read: Sheet[] = [];
    // Documents first: a host that cannot read pages says so of them, and not of a picture beside them.
    const order = [...files.entries()].toSorted(([, one], [, other]) => Number(isDocument(other)) - Number(isDocument(one)));
    for (const [index, file] of order) {
      const inDocument = isDocument(file);
      const document = await context.documents.open(file, { signal, name: file.name, password });
      open.push(document);
      for await (const { number, page, image, warnings: news } of readOpenPages(
        document,
        file,
        { pages: inDocument ? pages : undefined },
        context,
      )) {
        warnings.push(...news.map((warning) => (files.length === 1 ? warning : `${file.name}: ${warning}`)));
        if (page === undefined) continue;
        const name = `${files.length === 1 ? "" : `File ${index + 1}, `}${inDocument ? `page ${number}` : "a picture"}`;
        read.push({
          name: `${name[0]?.toUpperCase()}${name.slice(1)}`,
          file: index + 1,
          inDocument,
          page,
          image,
        });
      }
    }
    return read.toSorted((one, other) => one.file - other.file);
  }

  return {
    files,
    hasDocuments,
    warnings,
    read() {
      sheets ??= readAll();
      return sheets;
    },
    async close() {
      for (const document of open) await document.close();
    },
  };
}
