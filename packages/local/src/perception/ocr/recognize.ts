import { clampBox, type ImageSize, type Line, type RecognizedText, sizeTurned, type Turn } from "@sightline/core";
import { turnRgb } from "../../media/decode.ts";
import { signIn, withSigns } from "./currency-signs.ts";
import { joinRegions } from "./join-regions.ts";
import { cropLine, type RgbImage } from "./line-crop.ts";
import { LINE_HEIGHT, type LineImage } from "./line-image.ts";
import { readLines, type Reading, type Recognizer } from "./line-reader.ts";
import { mergeReadings } from "./merge-readings.ts";
import { isUpsideDown, turnFromSide } from "./page-turn.ts";
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

/** Reads all print on a page, whichever way it lies: lines in reading order, boxes in pixels of the original, turned as the answer says. */
export async function recognizeText(image: PageImage, options: RecognizeOptions = {}): Promise<RecognizedText> {
  const given = await findLines(image, options);
  if (given.rects.length === 0) return { ...image.original, lines: [], warnings: [] };
  const recognizer = await loadRecognizer();
  const begun = await begin(recognizer, given);
  const turned = await turnOf(recognizer, begun);
  if (turned === undefined) return { ...image.original, lines: await finish(recognizer, begun, options), warnings: [] };
  const page = await begin(recognizer, await findLines(await turnPage(image, turned), options));
  return { ...page.image.original, turned, lines: await finish(recognizer, page, options), warnings: [TURNED[turned]] };
}

const TURNED: Readonly<Record<Turn, string>> = {
  90: "The text lies on its side: it was read turned by 90 degrees clockwise.",
  180: "The text is upside down: it was read turned by 180 degrees.",
  270: "The text lies on its side: it was read turned by 270 degrees clockwise.",
};

interface FoundLines {
  readonly image: PageImage;
  readonly rects: readonly RotatedRect[];
}

async function findLines(image: PageImage, { onProgress }: RecognizeOptions): Promise<FoundLines> {
  onProgress?.("Looking for lines of text");
  const rects = joinRegions(await detectText(await loadDetector(), image)).map(({ rect }) => rect);
  if (rects.length > 0) onProgress?.(`Reading ${rects.length} lines`);
  return { image, rects };
}

/** A page of which a sample was read. */
interface BegunPage extends FoundLines {
  readonly crops: readonly LineImage[];
  /** The widest lines by their index. */
  readonly early: ReadonlyMap<number, Reading>;
}

async function begin(recognizer: Recognizer, { image, rects }: FoundLines): Promise<BegunPage> {
  const crops = rects.map((rect) => straighten(image, rect));
  const sample = widestLines(crops).toSorted((a, b) => a - b);
  return { image, rects, crops, early: await readSome(recognizer, crops, sample) };
}

/** How the page has to be turned; undefined where it lies the right way round, or nobody can tell. */
async function turnOf(recognizer: Recognizer, { image, rects, crops, early }: BegunPage): Promise<Turn | undefined> {
  const read = (wanted: readonly RotatedRect[]): Promise<readonly Reading[]> =>
    readLines(
      recognizer,
      wanted.map((rect) => straighten(image, rect)),
    );
  const side = await turnFromSide(rects, read);
  if (side !== undefined) return side;
  const widest = [...early].toSorted(([a], [b]) => crops[b]!.width - crops[a]!.width);
  const isTurned = await isUpsideDown(
    widest.map(([index]) => rects[index]!),
    widest.map(([, reading]) => reading),
    read,
  );
  return isTurned ? 180 : undefined;
}

async function turnPage({ original, ...image }: PageImage, turn: Turn): Promise<PageImage> {
  const { data, info } = await turnRgb({ data: image.data, info: image }, turn);
  return { data, width: info.width, height: info.height, original: sizeTurned(original, turn) };
}

/** Reads the lines that `begin` has left. */
async function finish(recognizer: Recognizer, { image, rects, crops, early }: BegunPage, options: RecognizeOptions): Promise<Line[]> {
  const { width, height } = image.original;
  const tightCrops = (): LineImage[] => rects.map((rect) => straighten(image, { ...rect, height: rect.height * TIGHT }));
  const guess = printLanguageOf([...early.values()].map(textOf), options.language);
  const beside = guess === undefined ? undefined : startPrintLines(guess, tightCrops());
  const rest = [...crops.keys()].filter((index) => !early.has(index));
  const late = await readSome(guess === undefined ? recognizer : await loadRecognizer(1), crops, rest);
  const first = crops.map((_, index) => (early.get(index) ?? late.get(index))!);
  // The whole page decides; the sample only lets the second reader begin early.
  const language = printLanguageOf(first.map(textOf), options.language);
  if (language !== guess) beside?.drop();
  let readings: readonly Pick<Reading, "text" | "confidence">[] = first;
  if (language !== undefined) {
    options.onProgress?.(`Reading the letters of ${first.length} lines again (${language})`);
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
  return inReadingOrder(lines);
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
async function readSome(recognizer: Recognizer, crops: readonly LineImage[], wanted: readonly number[]): Promise<Map<number, Reading>> {
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
  const again = doubtful.size === 0 ? new Map<number, Reading>() : await readSome(recognizer, tightCrops(), [...doubtful]);
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
