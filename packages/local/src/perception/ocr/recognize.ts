import { clampBox, type ImageSize, type Line, type RecognizedText } from "@sightline/core";
import type { ReadCharacter } from "./ctc.ts";
import { joinRegions } from "./join-regions.ts";
import { cropLine, type RgbImage } from "./line-crop.ts";
import { LINE_HEIGHT, readLines, type LineImage } from "./line-reader.ts";
import { mergeReadings } from "./merge-readings.ts";
import { printLanguageOf } from "./print-language.ts";
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
  const readings = (await readLines(await loadRecognizer(), crops)).map(toReading);
  const texts = readings.map(({ text }) => text);
  const print = printLanguageOf(texts, options.language);
  if (print !== undefined) {
    tell(`Reading the letters of ${texts.length} lines again (${print})`);
    const read = await loadPrintReader(print);
    crops.forEach((crop, i) => (texts[i] = mergeReadings(texts[i]!, read(crop))));
  }
  const lines: Line[] = [];
  rects.forEach((rect, i) => {
    const text = texts[i]!;
    const confidence = readings[i]!.confidence;
    const box = clampBox(scaled(boundsOf(rect), width / image.width, height / image.height), width, height);
    if (box === undefined || !/[\p{L}\p{N}\p{Sc}]/u.test(text) || (confidence < MIN_CONFIDENCE && texts[i] === readings[i]!.text)) return;
    lines.push({ text, box, confidence });
  });
  return { width, height, lines: inReadingOrder(lines), warnings: [] };
}

function straighten(image: RgbImage, rect: RotatedRect): LineImage {
  const width = Math.min(MAX_LINE_WIDTH, Math.max(16, Math.round((LINE_HEIGHT * rect.width) / rect.height)));
  return { data: cropLine(image, rect, width, LINE_HEIGHT), width };
}

function toReading(characters: readonly ReadCharacter[]): { text: string; confidence: number } {
  const sum = characters.reduce((total, { confidence }) => total + confidence, 0);
  return { text: characters.map(({ text }) => text).join("").replace(/ {2,}/g, " ").trim(), confidence: characters.length === 0 ? 0 : sum / characters.length };
}

function scaled(box: { x: number; y: number; width: number; height: number }, x: number, y: number): typeof box {
  return { x: box.x * x, y: box.y * y, width: box.width * x, height: box.height * y };
}
