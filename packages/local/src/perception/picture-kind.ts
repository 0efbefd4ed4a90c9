import type { DetectedObject, PictureKind } from "@sightline/core";
import { isDrawn, type PictureFeatures } from "./picture-features.ts";
import type { TextSigns } from "./text-signs.ts";

/** Till rolls are 24 to 48 characters wide, A4 pages 70 and more. */
const TILL_ROLL = 60;

/**
 * The kind of a picture, from its pixels, its text and what was detected in it. Each kind has to be spoken for;
 * "other" is the answer when none is. The borders were set on synthetic pictures and photographs
 * (`picture-kind.test.ts`), well away from both sides.
 */
export function pictureKind(
  pixels: PictureFeatures,
  text: TextSigns,
  objects: readonly DetectedObject[],
  shape: { readonly width: number; readonly height: number },
): PictureKind {
  const paper = paperKind(text);
  if (paper !== undefined) return paper;
  const printed = isPrinted(pixels);
  if (printed && isChart(pixels, text)) return "chart";
  if (printed && isScreen(pixels, text, shape)) return "screenshot";
  if (isPage(pixels, text)) return "document";
  if (isPhoto(pixels, objects)) return "photo";
  // A ground and something on it, with next to no text.
  if ((isDrawn(pixels) || isLineArt(pixels)) && pixels.edges > 0.001 && text.coverage < 0.08) return "drawing";
  return "other";
}

/** A drawing all over, or paper with print or writing on it. */
function isPrinted(pixels: PictureFeatures): boolean {
  return isDrawn(pixels) || (pixels.flat >= 0.8 && pixels.fewColors >= 0.9 && pixels.ground >= 0.6);
}

/** Pen and ink: hardly any tones on one ground. */
function isLineArt({ flat, ground, fewElsewhere }: PictureFeatures): boolean {
  return flat >= 0.85 && ground >= 0.6 && fewElsewhere >= 0.8;
}

/** Cameras have noise and many tones, and no colour that covers half of the picture. */
function isPhoto({ exact, ground, cleanEdges, flatElsewhere, fewElsewhere }: PictureFeatures, objects: readonly DetectedObject[]): boolean {
  const noisy = exact < 0.5 && ground < 0.4 && cleanEdges < 0.7;
  // Before a white wall the thing itself has to look photographed.
  const seen = objects.some(({ confidence }) => confidence >= 0.6) && flatElsewhere < 0.45 && fewElsewhere < 0.75;
  return noisy || seen;
}

/** Bills and slips, by their words and amounts; a photograph of one counts as well. */
function paperKind({ lines, amounts, columns, receiptWords, invoiceWords, saysInvoice, saysReceipt }: TextSigns): PictureKind | undefined {
  if (lines < 6 || amounts < 1) return undefined;
  const narrow = columns <= TILL_ROLL;
  // Tills print "tax invoice" on their slips; an invoice has a customer, a number to pay by and a date to pay until.
  if (narrow && invoiceWords < 3 && (saysReceipt || receiptWords >= 2 || (receiptWords >= 1 && amounts >= 3))) return "receipt";
  if (saysInvoice && (invoiceWords >= 1 || !narrow) && amounts >= 2) return "invoice";
  if (saysReceipt && receiptWords >= 1) return "receipt";
  return saysInvoice && narrow ? "invoice" : undefined;
}

/** Little text, much of it numbers, beside bars, lines or sectors. */
function isChart({ colored, straightLines, edges }: PictureFeatures, { lines, numbers, coverage }: TextSigns): boolean {
  return lines >= 3 && numbers >= 0.35 && coverage < 0.15 && edges > 0.001 && (colored >= 0.008 || straightLines >= 3);
}

/** Text in panels, on a surface that is no page: dark, or wide or tall as screens are. */
function isScreen(
  { groundLightness, straightLines, ground }: PictureFeatures,
  { lines }: TextSigns,
  { width, height }: { readonly width: number; readonly height: number },
): boolean {
  if (lines < 4) return false;
  const dark = groundLightness < 0.4 && ground > 0.3;
  const screenShaped = width / height > 1.2 || height / width > 1.6;
  return dark || (screenShaped && straightLines >= 3);
}

/** Running text on paper. */
function isPage({ paper, flat }: PictureFeatures, { lines, characters, coverage }: TextSigns): boolean {
  return lines >= 3 && characters >= 60 && ((coverage >= 0.06 && paper >= 0.55) || (coverage >= 0.2 && flat >= 0.4));
}
