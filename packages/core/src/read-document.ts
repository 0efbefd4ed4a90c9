import { InputError, isCancellation, isSightlineError } from "./errors.ts";
import { sizeTurned } from "./page.ts";
import type { Box, Line, Page } from "./page.ts";
import type { DocumentReader, EncodedImage, ImageCodec, InputFile, OpenDocument, TextRecognizer } from "./ports.ts";

/** Where a page may be read from: the text layer that a PDF brings with it, or with OCR from its picture. */
export type ReadingSource = "text" | "ocr";

/**
 * Resolution in dots per inch at which a page of a PDF is drawn for OCR: scans are made at 200 to 300, and letters of 8 points have 22 pixels then. Boxes come back in
 * pixels at `PAGE_DPI` all the same.
 */
export const OCR_DPI = 200;

/** The part of a task's context that reading needs. */
export interface ReadingContext {
  readonly documents: DocumentReader;
  readonly text: TextRecognizer;
  readonly images: ImageCodec;
  readonly signal: AbortSignal;
  progress(message: string, done?: number, total?: number): void;
}

export interface ReadOptions {
  /** The pages wanted, as people write them: "1-3,7". Default: all. */
  readonly pages?: string | undefined;
  /** Sources that may be used, the text layer first where both may. Default: both. */
  readonly sources?: readonly ReadingSource[] | undefined;
  /** BCP 47 tag of the text's language, where it is known: for OCR. */
  readonly language?: string | undefined;
}

/** One page of a document, read or not. */
export interface PageRead {
  /** From 1. */
  readonly number: number;
  /** Pages of the whole document. */
  readonly pageCount: number;
  /** Undefined when it could not be read: a warning says why. No line where nothing stands on it. */
  readonly page: Page | undefined;
  /** News since the page before, those of the document itself with the first: which page they are about is said where there are several. */
  readonly warnings: readonly string[];
  /** The page as a picture, turned as it was read; works until the document is closed. */
  image(size?: { readonly longSide?: number; readonly dpi?: number }): Promise<EncodedImage>;
}

/** Opens `file`, reads it page by page as `readOpenPages` does, and closes it, whatever happens. */
export async function* readPages(
  file: InputFile,
  options: ReadOptions & { readonly password?: string | undefined },
  context: ReadingContext,
): AsyncGenerator<PageRead> {
  const document = await context.documents.open(file, { signal: context.signal, name: file.name, password: options.password });
  try {
    yield* readOpenPages(document, file, options, context);
  } finally {
    await document.close();
  }
}

/**
 * The wanted pages of an open document in ascending order, one at a time in memory: from the text layer where it is legible, else with OCR. A page that cannot be read is
 * yielded without its `page`, and a warning; InputError after the last one when none could be read, or when the range names no page of the document.
 */
export async function* readOpenPages(
  document: OpenDocument,
  file: InputFile,
  { pages, sources = ["text", "ocr"], language }: ReadOptions,
  context: ReadingContext,
): AsyncGenerator<PageRead> {
  const { signal } = context;
  const { pageCount } = document;
  const numbers = wantedPages(pages, pageCount, file.name);
  const told = new Set<string>();
  const problems: Error[] = [];

  for (const [index, number] of numbers.entries()) {
    signal.throwIfAborted();
    context.progress(
      pageCount === 1 ? `Reading the text of ${file.name}` : `Reading page ${number} of ${pageCount}`,
      index,
      numbers.length,
    );
    const name = pageCount === 1 ? file.name : `${file.name}, page ${number}`;
    const warnings: string[] = [];
    let page: Page | undefined;
    try {
      const read = await readPage(document, file, { number, name, sources, language }, context);
      ({ page } = read);
      warnings.push(...read.warnings.map((warning) => (pageCount === 1 ? warning : `Page ${number}: ${warning}`)));
    } catch (error) {
      if (!isSightlineError(error) || error.kind !== "InputError" || isCancellation(error, signal)) throw error;
      problems.push(error);
      if (pageCount > 1) warnings.push(`Page ${number} could not be read: ${error.message}`);
    }
    const news = [...document.warnings, ...warnings].filter((warning) => !told.has(warning));
    for (const warning of news) told.add(warning);
    yield {
      number,
      pageCount,
      page,
      warnings: [...new Set(news)],
      image: async (size) => {
        const image = await document.image(number, { ...size, signal, name });
        return page?.turned === undefined ? image : context.images.prepare(image.bytes, { turn: page.turned, name, signal });
      },
    };
  }

  const [first] = problems;
  if (first === undefined || problems.length < numbers.length) return;
  if (numbers.length === 1) throw first;
  throw new InputError(`None of the ${numbers.length} pages of ${file.name} could be read. The first: ${first.message}`, {
    hint: "Open the file in a viewer and save it anew, or print it to a new PDF.",
    cause: first,
  });
}

interface Wanted {
  readonly number: number;
  readonly name: string;
  readonly sources: readonly ReadingSource[];
  readonly language: string | undefined;
}

async function readPage(
  document: OpenDocument,
  file: InputFile,
  { number, name, sources, language }: Wanted,
  context: ReadingContext,
): Promise<{ page: Page; warnings: readonly string[] }> {
  const { signal } = context;
  // A picture has no text layer, and its boxes are its own pixels.
  const layer = file.kind === "image" ? undefined : await document.textLayer(number, { signal, name });
  if (layer?.legible === true && sources.includes("text")) {
    const { width, height, source, lines } = layer;
    return { page: { number, width, height, source, lines }, warnings: [] };
  }
  if (!sources.includes("ocr")) {
    const { width, height } = layer ?? (await document.image(number, { signal, name }));
    return {
      page: { number, width, height, source: "text-layer", lines: [] },
      warnings: ["It has no text layer that can be read, and OCR was not asked for."],
    };
  }
  // The only picture of a file needs no copy.
  const bytes =
    layer === undefined && document.pageCount === 1
      ? file.bytes
      : (await document.image(number, { signal, name, ...(layer === undefined ? {} : { dpi: OCR_DPI }) })).bytes;
  const read = await context.text.recognize(bytes, {
    signal,
    name,
    ...(language === undefined ? {} : { language }),
    onProgress: (message) => context.progress(message),
  });
  const { warnings, ...picture } = read;
  if (layer === undefined) return { page: { number, source: "ocr", ...picture }, warnings };
  const size = sizeTurned(layer, read.turned);
  const scale = { x: size.width / read.width, y: size.height / read.height };
  const lines = read.lines.map((line): Line => ({ ...line, box: scaled(line.box, scale) }));
  return { page: { number, source: "ocr", ...picture, ...size, lines }, warnings };
}

/** In whole pixels, as all boxes of lines are. */
function scaled({ x, y, width, height }: Box, scale: { readonly x: number; readonly y: number }): Box {
  const left = Math.round(x * scale.x);
  const top = Math.round(y * scale.y);
  return {
    x: left,
    y: top,
    width: Math.max(1, Math.round((x + width) * scale.x) - left),
    height: Math.max(1, Math.round((y + height) * scale.y) - top),
  };
}

/** "1-3,7" as ascending page numbers, each once; what lies past the end is left out. InputError when it is no range, or none of it is in the document. */
export function wantedPages(pages: string | undefined, pageCount: number, name: string): number[] {
  const all = Array.from({ length: pageCount }, (_, index) => index + 1);
  if (pages === undefined) return all;
  const ranges = pages.split(",").map((part) => {
    const [, first, dash, last] = /^\s*(\d+)\s*(?:(-)\s*(\d*))?\s*$/.exec(part) ?? [];
    const from = Number(first);
    const to = dash === undefined ? from : last === "" ? pageCount : Number(last);
    if (first === undefined || from < 1 || to < from)
      throw new InputError(`"${pages}" names no pages.`, { hint: 'Pages are written like "1-3,7"; "5-" means from page 5 on.' });
    return { from, to };
  });
  const wanted = all.filter((page) => ranges.some(({ from, to }) => page >= from && page <= to));
  if (wanted.length === 0) {
    throw new InputError(`${name} has no page ${pages}.`, {
      hint: pageCount === 1 ? "It has one page." : `Its pages are 1 to ${pageCount}.`,
    });
  }
  return wanted;
}
