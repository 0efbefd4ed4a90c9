import decodeHeic from "heic-decode";

export interface DecodedPicture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

/**
 * The main picture of a HEIC file as RGBA. libheif applies the file's own rotation and mirroring (`irot`, `imir`), and
 * by the HEIF standard an EXIF orientation beside them does not count: the result is upright.
 */
export async function readHeic(bytes: Uint8Array): Promise<DecodedPicture> {
  const { data, width, height } = await decodeHeic({ buffer: bytes });
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), width, height, channels: 4 };
}
