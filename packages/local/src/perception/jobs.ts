import type { Box, DetectedObject, DetectedObjects, Line, PictureLook, RecognizedText } from "@sightline/core";
import { decodePixels } from "../media/decode.ts";
import type { JobContext } from "../worker/define-job.ts";
import { detectObjects } from "./detect-objects.ts";
import { lookAtPicture } from "./look.ts";
import { recognizeText } from "./ocr/recognize.ts";

/** The perception jobs, on the worker's side: bytes to pixels, then to what the ports promise. */

/** An A4 page has 340 dpi at this side, above what print needs to be read; a 12 megapixel photo keeps all it has. */
const READING_SIDE = 4000;

/** Detectors look at a few hundred pixels a side, colours need fewer. */
const LOOKING_SIDE = 1280;

export async function recognize(input: { image: Uint8Array; language?: string | undefined }, job: JobContext): Promise<RecognizedText> {
  const pixels = await decodePixels(input.image, { longSide: READING_SIDE });
  job.decoded();
  const onProgress = (message: string): void => job.progress(message);
  const text = await recognizeText(pixels, input.language === undefined ? { onProgress } : { language: input.language, onProgress });
  return { ...text, warnings: [...pixels.warnings, ...text.warnings] };
}

export async function detect({ image }: { image: Uint8Array }, job: JobContext): Promise<DetectedObjects> {
  const pixels = await decodePixels(image, { longSide: LOOKING_SIDE });
  job.decoded();
  return detectObjects(pixels);
}

export interface LookInput {
  readonly image: Uint8Array;
  readonly evidence: { readonly people: readonly Box[]; readonly objects: readonly DetectedObject[]; readonly lines: readonly Line[] };
}

export async function look({ image, evidence }: LookInput, job: JobContext): Promise<PictureLook> {
  const pixels = await decodePixels(image, { longSide: LOOKING_SIDE });
  job.decoded();
  return lookAtPicture(pixels, evidence);
}
