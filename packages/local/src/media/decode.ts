import type { ImageSize } from "@sightline/core";
import { InputError } from "@sightline/core/errors";
import { clampBox, type Box, type Turn } from "@sightline/core/page";
import type { Sharp } from "sharp";
import { sharp } from "./libvips.ts";
import { withPicture, type OpenPicture } from "./open-picture.ts";

/** Decoded pixels: RGB, 3 bytes a pixel, rows from the top, upright, alpha flattened on white. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** The upright original's size: multiply by `original.width / width` to return to its pixels. */
  readonly original: ImageSize;
  /** What is wrong with a picture that could still be decoded. */
  readonly warnings: readonly string[];
}

export interface DecodeOptions {
  /** Longest side of the result; a smaller picture is never enlarged. */
  readonly longSide?: number | undefined;
  /** Only this part, in full-resolution upright pixels. */
  readonly crop?: Box | undefined;
}

/** Decodes an untrusted picture. For workers only: nothing in here can be stopped but by ending the process. */
export async function decodePixels(image: Uint8Array, options: DecodeOptions = {}): Promise<Pixels> {
  const { result, warnings } = await withPicture(image, async (picture) => {
    const { data, info } = await toRgb(fitted(picture, options));
    return { data, width: info.width, height: info.height, original: picture.original };
  });
  return { ...result, warnings };
}

/** The picture's pipeline, cropped and fitted as asked. sharp decodes JPEG and WebP straight at the smaller size where it can. */
export function fitted(picture: OpenPicture, { longSide, crop }: DecodeOptions): Sharp {
  let pipeline = picture.pipeline();
  if (crop !== undefined) {
    const { width, height } = picture.original;
    const part = clampBox(crop, width, height);
    if (part === undefined) {
      throw new InputError(`The part at ${crop.x}, ${crop.y} of ${crop.width} x ${crop.height} pixels is not inside the picture.`, {
        hint: `The picture has ${width} x ${height} pixels; x and y count from its top left corner.`,
      });
    }
    pipeline = pipeline.extract({ left: part.x, top: part.y, width: part.width, height: part.height });
  }
  return longSide === undefined
    ? pipeline
    : pipeline.resize({ width: longSide, height: longSide, fit: "inside", withoutEnlargement: true });
}

interface Rgb {
  readonly data: Uint8Array;
  readonly info: { readonly width: number; readonly height: number };
}

/** Runs a pipeline to RGB bytes. */
export function toRgb(pipeline: Sharp): Promise<Rgb> {
  return pipeline.removeAlpha().raw().toBuffer({ resolveWithObject: true });
}

/** RGB bytes turned clockwise: the same pixels in other places. */
export function turnRgb({ data, info: { width, height } }: Rgb, turn: Turn): Promise<Rgb> {
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .rotate(turn)
    .raw()
    .toBuffer({ resolveWithObject: true });
}
