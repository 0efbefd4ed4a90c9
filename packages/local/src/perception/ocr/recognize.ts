import { clampBox, type ImageSize, type Line, type RecognizedText } from "@sightline/core";
import { signIn, withSigns } from "./currency-signs.ts";
import { joinRegions } from "./join-regions.ts";
import { cropLine, type RgbImage } from "./line-crop.ts";
import { LINE_HEIGHT, type LineImage } from "./line-image.ts";
import { readLines, type Reading, type Recognizer } from "./line-reader.ts";
import { mergeReadings } from "./merge-readings.ts";
import { printLanguageOf } from "./print-language.ts";
import { startPrintLines } from "./print-lines.ts";
import { inReadingOrder } from "./reading-order.ts";
import { boundsOf, type RotatedRect } from "./rotated-rect.ts";
import { loadPrintReader } from "./tesseract.ts";
import { detectText } from "./text-detector.ts";
import { loadDetector, loadRecognizer } from "./weights.ts";

/** Decoded pixels and the upright original's size (media/decode.ts). */
export interface PageImage extends RgbImage {
  readonly original: ImageSize;
}

export interface RecognizeOptions {
  /** BCP 47 tag of the text's language, when the caller knows it. */
  readonly language?: string;
  readonly onProgress?: (message: string) => void;
}

/** Lines read with less confidence are drawings, stains and cut letters (PaddleOCR's `drop_score`). */
const MIN_CONFIDENCE = 0.5;
/** Clean print is read a second time in crops of this share of the height: what helps on worn receipts, room around the line, costs detail here. */
const TIGHT = 0.92;
/** A line's width at the recogniser's height; longer ones are squeezed. Bounds the memory of one run. */
const MAX_LINE_WIDTH = 3200;

/** Reads all print on a page: lines in reading order, boxes in pixels of the original. */
export async function recognizeText(image: PageImage, options: RecognizeOptions = {}): Promise<RecognizedText> {
  const { width, height } = image.original;
  const tell = options.onProgress ?? ((): void => undefined);
  tell("Looking for lines of text");
  const rects = joinRegions(await detectText(await loadDetector(), image)).map(({ rect }) => rect);
  if (rects.length === 0) return { width, height, lines: [], warnings: [] };
  tell(`Reading ${rects.length} lines`);
  const crops = rects.map((rect) => straighten(image, rect));
  const tightCrops = (): LineImage[] => rects.map((rect) => straighten(image, { ...rect, height: rect.height * TIGHT }));
  const recognizer = await loadRecognizer();
  const sample = new Set(options.language === undefined ? widestLines(crops) : []);
  const early = await readSome(recognizer, crops, (index) => sample.has(index));
  const guess = printLanguageOf([...early.values()].map(textOf), options.language);
  const beside = guess === undefined ? undefined : startPrintLines(guess, tightCrops());
  const late = await readSome(guess === undefined ? recognizer : await loadRecognizer(1), crops, (index) => !sample.has(index));
  const first = crops.map((_, index) => (early.get(index) ?? late.get(index))!);
  // The whole page decides; the sample only lets the second reader begin early.
  const language = printLanguageOf(first.map(textOf), options.language);
  if (language !== guess) beside?.drop();
  let readings: readonly Pick<Reading, "text" | "confidence">[] = first;
  if (language !== undefined) {
    tell(`Reading the letters of ${first.length} lines again (${language})`);
    const print = beside !== undefined && language === guess ? beside : startPrintLines(language, tightCrops());
    readings = await mergePrint(recognizer, await print.finish(), first, tightCrops);
  } else {
    readings = await readCurrencySigns(first);
  }
  const lines: Line[] = [];
  rects.forEach((rect, i) => {
    const { text, confidence } = readings[i]!;
    const box = clampBox(scaled(boundsOf(rect), width / image.width, height / image.height), width, height);
    if (box !== undefined && /[\p{L}\p{N}\p{Sc}]/u.test(text) && confidence >= MIN_CONFIDENCE)
      lines.push({ text, box, confidence: Math.round(confidence * 1000) / 1000 });
  });
  return { width, height, lines: inReadingOrder(lines), warnings: [] };
}

function straighten(image: RgbImage, rect: RotatedRect): LineImage {
  const width = Math.min(MAX_LINE_WIDTH, Math.max(16, Math.round((LINE_HEIGHT * rect.width) / rect.height)));
  return { data: cropLine(image, rect, width, LINE_HEIGHT), width };
}

/** The share of a page, in columns, whose words tell its language early. */
const SAMPLE = 0.25;

/** The widest lines, which have the most words. */
function widestLines(crops: readonly LineImage[]): number[] {
  const total = crops.reduce((sum, { width }) => sum + width, 0);
  let columns = 0;
  return [...crops.keys()]
    .sort((a, b) => crops[b]!.width - crops[a]!.width)
    .filter((index) => (columns += crops[index]!.width) - crops[index]!.width < SAMPLE * total);
}

const textOf = ({ text }: Reading): string => text;

/** Readings of the lines that are wanted, by their index. */
async function readSome(
  recognizer: Recognizer,
  crops: readonly LineImage[],
  isWanted: (index: number) => boolean,
): Promise<Map<number, Reading>> {
  const wanted = [...crops.keys()].filter(isWanted);
  const read = await readLines(
    recognizer,
    wanted.map((index) => crops[index]!),
  );
  return new Map(wanted.map((index, at) => [index, read[at]!]));
}

/**
 * Merges clean print with what the second reader saw. Where the two see different digits the first one reads again, closer
 * up: it drops a digit now and then when the print is small in its crop. Clean print needs no faint evidence: the second reader sees its spaces and marks.
 */
async function mergePrint(
  recognizer: Recognizer,
  prints: readonly string[],
  first: readonly Reading[],
  tightCrops: () => readonly LineImage[],
): Promise<Pick<Reading, "text" | "confidence">[]> {
  const doubtful = new Set(first.flatMap(({ plain }, i) => (digitsOf(plain) === digitsOf(prints[i]!) ? [] : [i])));
  const again = doubtful.size === 0 ? new Map<number, Reading>() : await readSome(recognizer, tightCrops(), (i) => doubtful.has(i));
  return first.map((reading, i) => {
    const { plain, confidence } = again.get(i) ?? reading;
    const merged = mergeReadings(plain, prints[i]!);
    // What only the second reader saw, a "€" that stands alone, comes without a confidence of its own.
    return { text: merged, confidence: plain === "" ? MIN_CONFIDENCE : confidence };
  });
}

/** Of Tesseract's languages here the one that reads most signs: 454 of 480 drawn ones, French 433. */
const SIGN_LANGUAGE = "deu";
/** A page on which none of the first so many doubtful places is a sign has drawings beside its numbers: the rest is not looked at. */
const MOST_IN_VAIN = 8;

/** Reads "£" and "€" where the network may have missed one. Most pages have no such place, and Tesseract is not loaded for them. */
async function readCurrencySigns(readings: readonly Reading[]): Promise<Pick<Reading, "text" | "confidence">[]> {
  if (readings.every(({ doubtful }) => doubtful === undefined)) return [...readings];
  const read = await loadPrintReader(SIGN_LANGUAGE);
  let [seen, inVain] = [0, 0];
  return readings.map(({ text, confidence, doubtful }) => {
    if (doubtful === undefined) return { text, confidence };
    const found = doubtful.signs.map(({ image, digits }) => {
      if (seen === 0 && inVain >= MOST_IN_VAIN) return undefined;
      const sign = signIn(read(image), digits);
      if (sign === undefined) inVain += 1;
      else seen += 1;
      return sign;
    });
    return { text: found.every((sign) => sign === undefined) ? text : withSigns(doubtful, found), confidence };
  });
}

const digitsOf = (text: string): string => text.replace(/[^0-9]/g, "");

function scaled(box: { x: number; y: number; width: number; height: number }, x: number, y: number): typeof box {
  return { x: box.x * x, y: box.y * y, width: box.width * x, height: box.height * y };
}
