import type { ImageSize } from "@sightline/core";
import { InputError } from "@sightline/core/errors";
import type { Sharp, SharpInput } from "sharp";
import { READABLE_PICTURES, sniff } from "../input/sniff.ts";
import { readBmp } from "./bmp.ts";
import { readHeic } from "./heic.ts";
import { sharp } from "./libvips.ts";

/**
 * Pixels a picture may have. A 16000 x 16000 PNG fits into 31 KB; 100 megapixels is above what cameras and scanners give,
 * and RGB of that size (300 MB) stays below the memory bound of an image job.
 */
export const MAX_PIXELS = 100_000_000;

/** An untrusted picture, header read, pixels not yet decoded. */
export interface OpenPicture {
  /** Upright, full resolution. */
  readonly original: ImageSize;
  /** The media type where the bytes are themselves an upright JPEG or PNG, as every model server reads them. */
  readonly plain?: "image/jpeg" | "image/png";
  /** True while nothing wrong with the bytes has been found. */
  readonly sound: boolean;
  /** A fresh pipeline: upright, 8-bit sRGB, first frame, alpha flattened on white. */
  pipeline(): Sharp;
}

/**
 * Opens untrusted bytes and hands them to `use`, whose decoding is tried strictly first. A picture that decodes only
 * leniently (bad checksums, stray bytes) gives its pixels and a warning; one that is cut off or cannot be decoded is an InputError.
 */
export async function withPicture<Result>(
  bytes: Uint8Array,
  use: (picture: OpenPicture) => Promise<Result>,
  /** Which page of a TIFF or frame of an animation, from 0. */
  page = 0,
): Promise<{ readonly result: Result; readonly warnings: readonly string[] }> {
  const { source, original, plain } = await readHeader(bytes, page);
  const open = (failOn: "warning" | "error"): OpenPicture => ({
    original,
    ...(plain === undefined ? {} : { plain }),
    sound: failOn === "warning",
    pipeline: () =>
      sharp(source.input, { ...source.options, page, limitInputPixels: MAX_PIXELS, failOn, autoOrient: true })
        .flatten({ background: "#ffffff" })
        .toColourspace("srgb"),
  });
  try {
    return { result: await use(open("warning")), warnings: [] };
  } catch (strict) {
    if (strict instanceof InputError) throw strict;
    try {
      const result = await use(open("error"));
      return { result, warnings: [`The picture is damaged (${reason(strict)}); parts of it may look wrong.`] };
    } catch (lenient) {
      throw damaged(lenient);
    }
  }
}

interface Source {
  readonly input: SharpInput;
  readonly options?: { readonly raw: { readonly width: number; readonly height: number; readonly channels: 3 | 4 } };
}

interface Header {
  readonly source: Source;
  readonly original: ImageSize;
  readonly plain?: "image/jpeg" | "image/png";
}

async function readHeader(bytes: Uint8Array, page: number): Promise<Header> {
  // Bytes only, never a path: libvips would let an SVG that it opened by path load other local files.
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (input.length >= 2 && input[0] === 0x42 && input[1] === 0x4d) return decoded(readBmp(input, MAX_PIXELS));
  if (input.length === 0) throw new InputError("It is empty (0 bytes).", { hint: "Send the picture's own bytes." });
  let metadata: Awaited<ReturnType<Sharp["metadata"]>>;
  try {
    metadata = await sharp(input, { page, limitInputPixels: false, failOn: "error" }).metadata();
  } catch (error) {
    const found = await sniff(input);
    if (found.kind === "image" || found.kind === "unreadable-image") throw damaged(error);
    throw new InputError(`It is no picture: its content is ${found.words}.`, {
      hint: `A file's content counts, not its name. This reads pictures (${READABLE_PICTURES}).`,
      cause: error,
    });
  }
  const original = { width: metadata.autoOrient.width, height: metadata.autoOrient.height };
  checkSize(original);
  // sharp reads the header of HEVC pictures and cannot decode them (patents).
  if (metadata.format === "heif" && metadata.compression === "hevc") return decoded(await readHeic(input));
  const { format, orientation = 1 } = metadata;
  const plain = orientation === 1 && (format === "jpeg" || format === "png") ? (`image/${format}` as const) : undefined;
  return { source: { input }, original, ...(plain === undefined ? {} : { plain }) };
}

/** Pages of a TIFF, frames of an animated GIF or WebP; 1 for other pictures, and where the header cannot be read. */
export async function countPages(bytes: Uint8Array): Promise<number> {
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { format, pages = 1 } = await sharp(input, { limitInputPixels: false })
    .metadata()
    .catch(() => ({ format: "unknown", pages: 1 }));
  return format === "tiff" || format === "gif" || format === "webp" ? pages : 1;
}

function decoded(picture: { data: Uint8Array; width: number; height: number; channels: 3 | 4 }): Header {
  const { data, width, height, channels } = picture;
  return { source: { input: data, options: { raw: { width, height, channels } } }, original: { width, height } };
}

export function checkSize({ width, height }: ImageSize): void {
  if (width * height <= MAX_PIXELS) return;
  throw new InputError(`It has ${width} x ${height} pixels, more than the ${MAX_PIXELS / 1e6} megapixels that are decoded.`, {
    hint: "Scale it down, or crop it to the part that matters, and use that copy.",
  });
}

function damaged(error: unknown): InputError {
  return new InputError(`It cannot be decoded: ${reason(error)}.`, {
    hint: "It is damaged or cut off. Fetch or export it again; if other programs open it, save it as PNG or JPEG and use that copy.",
    cause: error,
  });
}

/** The decoder's own words. libvips lists its warnings first and what broke the decoding last. */
function reason(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split("\n").map((line) => line.trim());
  const last = lines.filter((line) => line !== "").at(-1) ?? "";
  const plain = last
    .replace(/^Input buffer has corrupt header:\s*/, "")
    // Who says it is of no use to the reader; where in the file it stands is.
    .replace(/^(?:Vips\w+|glib|\w+load_buffer):\s*/, "")
    .replace(/^XML parse error: Error domain \d+ code \d+ on (line \d+ column \d+) of data:/, "$1:")
    .replace(/, see xml\w+/, "")
    .replace(/[.:]$/, "");
  return plain || "its header is damaged";
}
