import type { EncodedImage } from "@sightline/core";
import { crc32, deflateSync } from "node:zlib";

/** Pixels a side: above the least that vision models take, and one tile of most. */
const SIDE = 224;

const RED = [220, 30, 30];
const BLUE = [30, 60, 220];

/** A tiny picture to ask about: its left half red, its right half blue. A PNG (RFC 2083), made here so that nothing has to be loaded for it. */
export function probePicture(): EncodedImage {
  const row = Buffer.from([0, ...Array.from({ length: SIDE }, (_, x) => (x < SIDE / 2 ? RED : BLUE)).flat()]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  // Eight bits a channel, RGB.
  header.set([8, 2], 8);
  const bytes = Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(Array.from({ length: SIDE }, () => row)))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
  return { bytes, mediaType: "image/png", width: SIDE, height: SIDE };
}

/** Length, type, data, and the check sum over the last two. */
function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, sum]);
}
