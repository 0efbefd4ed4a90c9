import { InputError } from "@sightline/core/errors";
import bmp from "bmp-js";
import type { DecodedPicture } from "./heic.ts";

/** Sizes of the headers in use: OS/2, Windows 3, with masks (V2, V3), V4, V5. */
const HEADER_SIZES = new Set([12, 40, 52, 56, 108, 124]);

const COMPRESSION = { none: 0, rle8: 1, rle4: 2, bitfields: 3, alphaBitfields: 6 } as const;

/**
 * A BMP as RGB. bmp-js unpacks the pixels; it allocates by the header unseen, expects the pixels straight after a
 * 40-byte header and knows one order of channels only, so every file is checked and brought into that form first.
 * Alpha is left out: most programs write 0 there in pictures that are meant to be opaque.
 */
export function readBmp(file: Buffer, maxPixels: number): DecodedPicture {
  let decoded: { width: number; height: number; data: Buffer };
  try {
    decoded = bmp.decode(toPlainForm(file, maxPixels));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw unusable(`the file ends before its pixels or points outside itself (${error instanceof Error ? error.message : String(error)})`);
  }
  const { width, height, data: abgr } = decoded;
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    data[to] = abgr[from + 3]!;
    data[to + 1] = abgr[from + 2]!;
    data[to + 2] = abgr[from + 1]!;
  }
  return { data, width, height, channels: 3 };
}

function unusable(why: string): InputError {
  return new InputError(`It is a BMP picture that cannot be decoded: ${why}.`, { hint: "Save it as PNG and use that copy." });
}

/** The same picture with a 40-byte header, its masks, its palette and its pixels right behind each other. */
function toPlainForm(file: Buffer, maxPixels: number): Buffer {
  const headerSize = file.readUInt32LE(14);
  if (!HEADER_SIZES.has(headerSize)) throw unusable(`its header has ${headerSize} bytes`);
  const os2 = headerSize === 12;
  const width = os2 ? file.readUInt16LE(18) : file.readInt32LE(18);
  const height = os2 ? file.readUInt16LE(20) : file.readInt32LE(22);
  const bits = file.readUInt16LE(os2 ? 24 : 28);
  const compression = os2 ? COMPRESSION.none : file.readUInt32LE(30);
  const pixels = width * Math.abs(height);
  if (width <= 0 || height === 0) throw unusable(`its size is ${width} x ${height}`);
  if (pixels > maxPixels)
    throw unusable(`it has ${width} x ${Math.abs(height)} pixels, more than the ${maxPixels / 1e6} megapixels that are decoded`);

  const runLength = (compression === COMPRESSION.rle8 && bits === 8) || (compression === COMPRESSION.rle4 && bits === 4);
  const masked = (compression === COMPRESSION.bitfields || compression === COMPRESSION.alphaBitfields) && (bits === 16 || bits === 32);
  if (![1, 4, 8, 16, 24, 32].includes(bits) || (compression !== COMPRESSION.none && !runLength && !masked)) {
    throw unusable(`${bits} bits a pixel with compression ${compression} is not known`);
  }

  const pixelsAt = file.readUInt32LE(10);
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (!runLength && pixelsAt + rowBytes * Math.abs(height) > file.length) throw unusable("the file ends before its pixels do");

  const colors = bits <= 8 ? Math.min((os2 ? 0 : file.readUInt32LE(46)) || 1 << bits, 1 << bits) : 0;
  const palette = Buffer.alloc(colors * 4);
  const entryBytes = os2 ? 3 : 4;
  for (let i = 0; i < colors; i++) file.copy(palette, i * 4, 14 + headerSize + i * entryBytes, 14 + headerSize + i * entryBytes + 3);

  // Three masks stand behind 40 bytes, whether they count as part of the header or not.
  const masks = Buffer.alloc(masked ? 16 : 0);
  if (masked) file.copy(masks, 0, 54, 66);
  let plainCompression: number = runLength ? compression : COMPRESSION.none;
  if (masked && bits === 16) plainCompression = COMPRESSION.bitfields;
  if (masked && bits === 32) {
    const order = [masks.readUInt32LE(0), masks.readUInt32LE(4), masks.readUInt32LE(8)].map((mask) => mask.toString(16)).join();
    // bmp-js reads 32-bit pixels as B G R x without masks, and as x B G R with them.
    if (order === "ff000000,ff0000,ff00") plainCompression = COMPRESSION.bitfields;
    else if (order !== "ff0000,ff00,ff") throw unusable("its channels are in an unusual order");
  }

  const header = Buffer.alloc(54);
  header.write("BM");
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(plainCompression, 30);
  header.writeUInt32LE(colors, 46);
  return Buffer.concat([header, plainCompression === COMPRESSION.bitfields ? masks : Buffer.alloc(0), palette, file.subarray(pixelsAt)]);
}
