import type { EncodedImage, ImageSize, Turn } from "@sightline/core";
import type { JobContext } from "../worker/define-job.ts";
import { fitted, toRgb, turnRgb, type DecodeOptions } from "./decode.ts";
import { fitBytes } from "./fit-bytes.ts";
import { sharp } from "./libvips.ts";
import { withPicture } from "./open-picture.ts";

/** The picture jobs, on the worker's side. */

/** Of JPEGs sent to a model or saved: no difference to the eye, a tenth of the bytes. */
const QUALITY = 80;

/** Of pictures that are to be sent unshrunk and cannot go as they are. */
const ORIGINAL_QUALITY = 95;

/** Decoded at a few pixels: a header alone does not show that the rest is a picture. */
const PROBE_SIDE = 64;

export async function imageSize({ image }: { image: Uint8Array }): Promise<ImageSize> {
  const { result } = await withPicture(image, async (picture) => {
    await toRgb(fitted(picture, { longSide: PROBE_SIDE }));
    return picture.original;
  });
  return result;
}

export interface PrepareInput extends DecodeOptions {
  readonly image: Uint8Array;
  readonly maxBytes?: number | undefined;
  readonly turn?: Turn | undefined;
}

export interface PrepareOutput extends EncodedImage {
  readonly original: ImageSize;
  readonly warnings: readonly string[];
}

export async function prepareImage(input: PrepareInput, job: JobContext): Promise<PrepareOutput> {
  const { image, maxBytes, turn, ...options } = input;
  const { result, warnings } = await withPicture(image, async (picture) => {
    const { original } = picture;
    if (maxBytes === undefined && turn === undefined) {
      // Optimised coding saves a few percent of the bytes and holds the whole result's coefficients: not at full size.
      const jpeg = { quality: QUALITY, optimiseCoding: options.longSide !== undefined };
      const { data, info } = await fitted(picture, options).jpeg(jpeg).toBuffer({ resolveWithObject: true });
      return { bytes: data, width: info.width, height: info.height, original };
    }
    const decoded = await toRgb(fitted(picture, options));
    job.decoded();
    const { data, info } = turn === undefined ? decoded : await turnRgb(decoded, turn);
    const encoded = await fitBytes({ width: info.width, height: info.height }, maxBytes ?? Infinity, QUALITY, async (quality, width) => {
      const raw = sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } });
      const jpeg = await (width === info.width ? raw : raw.resize({ width })).jpeg({ quality }).toBuffer({ resolveWithObject: true });
      return { bytes: jpeg.data, width: jpeg.info.width, height: jpeg.info.height };
    });
    return { ...encoded, original };
  });
  return { ...result, mediaType: "image/jpeg", warnings };
}

/** `bytes` is absent where the file's own may be sent as they are. */
export type OriginalOutput = Omit<PrepareOutput, "bytes"> & { readonly bytes?: Uint8Array };

/** Shows whether bytes are sound and plain by decoding them; encodes at full size those that are not. */
export async function originalImage({ image }: { image: Uint8Array }): Promise<OriginalOutput> {
  const { result, warnings } = await withPicture(image, async (picture) => {
    const { original, plain, sound } = picture;
    if (plain !== undefined && sound) {
      await toRgb(fitted(picture, { longSide: PROBE_SIDE }));
      return { ...original, mediaType: plain, original };
    }
    const { data, info } = await picture.pipeline().jpeg({ quality: ORIGINAL_QUALITY }).toBuffer({ resolveWithObject: true });
    return { bytes: data, width: info.width, height: info.height, mediaType: "image/jpeg" as const, original };
  });
  return { ...result, warnings };
}

/** Of video frames: what is looked at closely is not to be blurred once more. */
const FRAME_QUALITY = 90;

/** A decoded video frame, 3 bytes a pixel, as a JPEG. */
export async function encodeFrame(
  { pixels, width, height }: { pixels: Uint8Array; width: number; height: number },
  job: JobContext,
): Promise<EncodedImage> {
  job.decoded();
  const raw = { width, height, channels: 3 as const };
  return { bytes: await sharp(pixels, { raw }).jpeg({ quality: FRAME_QUALITY }).toBuffer(), mediaType: "image/jpeg", width, height };
}
