import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fromWeights, weightPath } from "./weights.ts";
import { LINE_HEIGHT, type LineImage } from "./line-image.ts";
import { findInk } from "./line-ink.ts";
import type { PrintLanguage } from "./print-language.ts";

/** The part of Tesseract's WebAssembly build (tesseract.js-core 7) that reading single lines needs. */
interface TesseractModule {
  readonly FS: { writeFile(path: string, data: Uint8Array): void };
  readonly TessBaseAPI: new () => TesseractApi;
}

interface TesseractApi {
  Init(dataPath: string | null, languages: string, engine: number): number;
  SetVariable(name: string, value: string): boolean;
  /** Reads `/input`; 1 when it cannot. */
  SetImageFile(exifOrientation: number, angle: number): number;
  Recognize(monitor: null): number;
  GetUTF8Text(): string;
}

type CreateModule = (options: Readonly<Record<string, unknown>>) => Promise<TesseractModule>;

/** Tesseract's OEM_LSTM_ONLY. */
const LSTM_ONLY = 1;
/** Tesseract's PSM_SINGLE_LINE. */
const SINGLE_LINE = "7";
/** Lines are brought to `LINE_HEIGHT` pixels: what Tesseract sees is a scan of about this resolution. */
const DPI = "300";
/** White around the line, in pixels: Tesseract loses characters that touch the border. */
const MARGIN = 8;

/** Reads one line of print in one language. */
export type PrintReader = (line: LineImage) => string;

const readers = new Map<PrintLanguage, Promise<PrintReader>>();

/** Tesseract for `language`; loaded once. */
export function loadPrintReader(language: PrintLanguage): Promise<PrintReader> {
  let reader = readers.get(language);
  if (reader === undefined) {
    reader = fromWeights(() => createReader(language));
    readers.set(language, reader);
    reader.catch(() => readers.delete(language));
  }
  return reader;
}

async function createReader(language: PrintLanguage): Promise<PrintReader> {
  const createModule = createRequire(import.meta.url)(weightPath("tesseract.cjs")) as CreateModule;
  const ignore = (): void => undefined;
  const tesseract = await createModule({
    wasmBinary: await readFile(weightPath("tesseract.wasm")),
    print: ignore,
    printErr: ignore,
    TesseractProgress: ignore,
  });
  tesseract.FS.writeFile(`${language}.traineddata`, await readFile(weightPath(`${language}.traineddata`)));
  const api = new tesseract.TessBaseAPI();
  if (api.Init(null, language, LSTM_ONLY) !== 0) throw new Error(`Tesseract does not take its ${language} data.`);
  api.SetVariable("tessedit_pageseg_mode", SINGLE_LINE);
  api.SetVariable("user_defined_dpi", DPI);
  // A line is given dark on light; Tesseract would read each one that it is not sure of a second time, inverted.
  api.SetVariable("tessedit_do_invert", "0");
  return (line) => {
    tesseract.FS.writeFile("/input", toPgm(line));
    if (api.SetImageFile(1, 0) === 1) throw new Error("Tesseract cannot read the line's pixels.");
    api.Recognize(null);
    return api.GetUTF8Text().trim();
  };
}

/** The line in gray on white, dark on light, as a binary PGM file. */
function toPgm(line: LineImage): Uint8Array {
  const { gray, isLightOnDark } = findInk(line);
  const { width } = line;
  const fullWidth = width + 2 * MARGIN;
  const header = new TextEncoder().encode(`P5\n${fullWidth} ${LINE_HEIGHT + 2 * MARGIN}\n255\n`);
  const file = new Uint8Array(header.length + fullWidth * (LINE_HEIGHT + 2 * MARGIN)).fill(255);
  file.set(header);
  const pixels = isLightOnDark ? gray.map((value) => 255 - value) : gray;
  for (let y = 0; y < LINE_HEIGHT; y += 1)
    file.set(pixels.subarray(y * width, (y + 1) * width), header.length + (y + MARGIN) * fullWidth + MARGIN);
  return file;
}
