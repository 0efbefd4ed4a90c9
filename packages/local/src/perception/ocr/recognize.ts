import { clampBox, type ImageSize, type Line, type RecognizedText } from "@sightline/core";
import { joinRegions } from "./join-regions.ts";
import { cropLine, type RgbImage } from "./line-crop.ts";
import { LINE_HEIGHT, type LineImage } from "./line-image.ts";
import { readLines, type Reading, type Recognizer } from "./line-reader.ts";
import { mergeReadings } from "./merge-readings.ts";
import { printLanguageOf } from "./print-language.ts";
import { inReadingOrder } from "./reading-order.ts";
import { boundsOf, type RotatedRect } from "./rotated-rect.ts";
import { loadPrintReader, type PrintReader } from "./tesseract.ts";
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
  const recognizer = await loadRecognizer();
  const first = await readLines(
    recognizer,
    rects.map((rect) => straighten(image, rect)),
  );
  const language = printLanguageOf(
    first.map(({ text }) => text),
    options.language,
  );
  let readings: readonly Pick<Reading, "text" | "confidence">[] = first;
  if (language !== undefined) {
    tell(`Reading the letters of ${first.length} lines again (${language})`);
    readings = await readPrint(
      recognizer,
      await loadPrintReader(language),
      first,
      rects.map((rect) => straighten(image, { ...rect, height: rect.height * TIGHT })),
    );
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

/**
 * Reads clean print with the second reader and merges. Where the two see different digits the first one reads again, closer
 * up: it drops a digit now and then when the print is small in its crop. Clean print needs no faint evidence: the second reader sees its spaces and marks.
 */
async function readPrint(
  recognizer: Recognizer,
  readLetters: PrintReader,
  first: readonly Reading[],
  crops: readonly LineImage[],
): Promise<Pick<Reading, "text" | "confidence">[]> {
  const prints = crops.map(readLetters);
  const doubtful = first.flatMap(({ plain }, i) => (digitsOf(plain) === digitsOf(prints[i]!) ? [] : [i]));
  const again = new Map(
    (
      await readLines(
        recognizer,
        doubtful.map((i) => crops[i]!),
      )
    ).map((reading, at) => [doubtful[at]!, reading]),
  );
  return first.map((reading, i) => {
    const { plain, confidence } = again.get(i) ?? reading;
    const merged = mergeReadings(plain, prints[i]!);
    // What only the second reader saw, a "€" that stands alone, comes without a confidence of its own.
    return { text: merged, confidence: plain === "" ? MIN_CONFIDENCE : confidence };
  });
}

const digitsOf = (text: string): string => text.replace(/[^0-9]/g, "");

function scaled(box: { x: number; y: number; width: number; height: number }, x: number, y: number): typeof box {
  return { x: box.x * x, y: box.y * y, width: box.width * x, height: box.height * y };
}
