import { InputError } from "@sightline/core/errors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readBmp } from "./bmp.ts";

const RED = [255, 0, 0];
const GREEN = [0, 255, 0];
const BLUE = [0, 0, 255];
const WHITE = [255, 255, 255];
/** 3 x 2, so that rows need padding at 24 bits. */
const PICTURE = [RED, GREEN, BLUE, WHITE, RED, GREEN];

interface Form {
  readonly bits: 1 | 4 | 8 | 16 | 24 | 32;
  readonly headerSize?: 12 | 40 | 108 | 124;
  readonly topDown?: boolean;
  readonly masks?: readonly [number, number, number];
  readonly gap?: number;
}

/** Writes PICTURE as the format's description says (Microsoft, "Bitmap Storage"), by hand. */
function bmp({ bits, headerSize = 40, topDown = false, masks, gap = 0 }: Form): Buffer {
  const palette = bits <= 8 ? (bits === 1 ? [RED, GREEN] : [RED, GREEN, BLUE, WHITE]) : [];
  const colors = bits === 1 ? PICTURE.map((color) => (color === GREEN ? GREEN : RED)) : PICTURE;
  const rowBytes = Math.ceil((3 * bits) / 32) * 4;
  const rows = [colors.slice(0, 3), colors.slice(3)].map((row) => {
    const bytes = Buffer.alloc(rowBytes);
    row.forEach((color, x) => {
      const [red = 0, green = 0, blue = 0] = color;
      const index = palette.indexOf(color);
      if (bits === 1) bytes[0]! |= index << (7 - x);
      else if (bits === 4) bytes[x >> 1]! |= index << (x % 2 === 0 ? 4 : 0);
      else if (bits === 8) bytes[x] = index;
      else if (bits === 16)
        bytes.writeUInt16LE(
          masks === undefined
            ? ((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3)
            : ((red >> 3) << 11) | ((green >> 2) << 5) | (blue >> 3),
          x * 2,
        );
      else if (bits === 24) bytes.set([blue, green, red], x * 3);
      else if (masks?.[0] === 0xff000000) bytes.set([0, blue, green, red], x * 4);
      else bytes.set([blue, green, red, 0], x * 4);
    });
    return bytes;
  });
  const header = Buffer.alloc(14 + headerSize + (masks !== undefined && headerSize === 40 ? 12 : 0));
  header.write("BM");
  header.writeUInt32LE(headerSize, 14);
  if (headerSize === 12) {
    header.writeUInt16LE(3, 18);
    header.writeUInt16LE(2, 20);
    header.writeUInt16LE(1, 22);
    header.writeUInt16LE(bits, 24);
  } else {
    header.writeInt32LE(3, 18);
    header.writeInt32LE(topDown ? -2 : 2, 22);
    header.writeUInt16LE(1, 26);
    header.writeUInt16LE(bits, 28);
    header.writeUInt32LE(masks === undefined ? 0 : 3, 30);
    header.writeUInt32LE(palette.length, 46);
    masks?.forEach((mask, index) => header.writeUInt32LE(mask, 54 + index * 4));
  }
  const entries = headerSize === 12 ? 1 << bits : palette.length;
  const table =
    bits <= 8
      ? Buffer.concat(
          Array.from({ length: entries }, (_, index) => {
            const [red = 0, green = 0, blue = 0] = palette[index] ?? [];
            return Buffer.from(headerSize === 12 ? [blue, green, red] : [blue, green, red, 0]);
          }),
        )
      : Buffer.alloc(0);
  const before = Buffer.concat([header, table, Buffer.alloc(gap)]);
  before.writeUInt32LE(before.length, 10);
  return Buffer.concat([before, ...(topDown ? rows : rows.toReversed())]);
}

describe("readBmp", () => {
  test.each<[string, Form]>([
    ["24 bits, bottom-up", { bits: 24 }],
    ["24 bits, top-down", { bits: 24, topDown: true }],
    ["24 bits behind a V5 header, as GIMP and ImageMagick write it", { bits: 24, headerSize: 124 }],
    ["24 bits of OS/2", { bits: 24, headerSize: 12 }],
    ["24 bits with a gap before the pixels", { bits: 24, gap: 10 }],
    ["32 bits, alpha 0 throughout", { bits: 32 }],
    ["32 bits with masks in a V4 header", { bits: 32, headerSize: 108, masks: [0xff0000, 0xff00, 0xff] }],
    ["32 bits with masks in the other order", { bits: 32, masks: [0xff000000, 0xff0000, 0xff00] }],
    ["8 bits with a palette", { bits: 8 }],
    ["8 bits with a palette of OS/2", { bits: 8, headerSize: 12 }],
    ["4 bits with a palette", { bits: 4 }],
    ["4 bits with a palette, V4 header", { bits: 4, headerSize: 108 }],
  ])("%s", (_name, form) => {
    const { data, width, height } = readBmp(bmp(form), 1000);
    expect([width, height]).toEqual([3, 2]);
    expect([...data]).toEqual(PICTURE.flat());
  });

  test("1 bit with a palette", () => {
    expect([...readBmp(bmp({ bits: 1 }), 1000).data]).toEqual([RED, GREEN, RED, RED, RED, GREEN].flat());
  });

  test.each<[string, Form]>([
    ["16 bits, 5-5-5", { bits: 16 }],
    ["16 bits, 5-6-5 masks", { bits: 16, masks: [0xf800, 0x7e0, 0x1f] }],
  ])("%s", (_name, form) => {
    const { data } = readBmp(bmp(form), 1000);
    // Five bits cannot hold 255 exactly.
    expect([...data].map((value) => (value > 240 ? 255 : value))).toEqual(PICTURE.flat());
  });

  test.each<[string, (file: Buffer) => Buffer, RegExp]>([
    ["more pixels than the bound, before anything is allocated", (file) => (file.writeInt32LE(2_000_000, 18), file), /2000000 x 2 pixels/],
    ["width 0", (file) => (file.writeInt32LE(0, 18), file), /size is 0 x 2/],
    ["a cut file", (file) => file.subarray(0, -4), /ends before/],
    ["ten bytes", (file) => file.subarray(0, 10), /cannot be decoded/],
    ["an unknown header", (file) => (file.writeUInt32LE(99, 14), file), /header has 99 bytes/],
    ["3 bits a pixel", (file) => (file.writeUInt16LE(3, 28), file), /3 bits a pixel/],
  ])("refuses %s", (_name, spoil, message) => {
    const attempt = (): unknown => readBmp(spoil(bmp({ bits: 24 })), 1_000_000);
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(message);
  });

  test("whatever bytes come, gives pixels or an InputError", () => {
    const sound = bmp({ bits: 24 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 6 }), fc.nat(sound.length), (changes, length) => {
        const file = Buffer.from(sound);
        for (const [at, value] of changes) if (at > 1) file[at] = value;
        try {
          const { data, width, height } = readBmp(file.subarray(0, Math.max(2, length)), 10_000);
          expect(data.length).toBe(width * height * 3);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
    );
  });
});
