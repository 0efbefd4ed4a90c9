import { imageSize } from "image-size";

/** What can be told of a picture from its header alone: nothing is decoded. */

export interface PictureHeader {
  /** IANA media type. */
  readonly mediaType: string;
  /** Pixels, upright. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1 to 8; 1 is upright. */
  readonly orientation: number;
}

/** The library's names of formats, and their media types. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  gif: "image/gif",
  bmp: "image/bmp",
  tiff: "image/tiff",
  heif: "image/heic",
  heic: "image/heic",
  avif: "image/avif",
  svg: "image/svg+xml",
};

/** From this orientation on, width and height change places. */
const ON_ITS_SIDE = 5;

/** Undefined for what is no picture, or one of a kind that nobody reads. */
export function pictureHeader(bytes: Uint8Array): PictureHeader | undefined {
  try {
    const { type = "", width, height, orientation = 1 } = imageSize(bytes);
    const mediaType = MEDIA_TYPES[type];
    if (mediaType === undefined) return undefined;
    const size = orientation >= ON_ITS_SIDE ? { width: height, height: width } : { width, height };
    return { mediaType, ...size, orientation };
  } catch {
    // The library throws for every other kind of file.
    return undefined;
  }
}
