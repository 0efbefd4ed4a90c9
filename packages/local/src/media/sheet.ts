import type { EncodedImage } from "@sightline/core";
import { InputError, isSightlineError } from "@sightline/core/errors";
import type { JobContext } from "../worker/define-job.ts";
import { decodePixels, type Pixels } from "./decode.ts";
import { fillRectangle, paste } from "./draw.ts";
import { drawLabel, type Rgb } from "./label.ts";
import { sharp } from "./libvips.ts";

export interface SheetInput {
  readonly images: readonly { readonly image: Uint8Array; readonly label: string }[];
  /** Longest side of the sheet, pixels. */
  readonly longSide: number;
}

/** Letters of the labels, as a share of the sheet's longest side, and their smallest height in pixels. */
const LETTERS = 1 / 56;
const SMALLEST_LETTERS = 12;

/** Between the tiles, pixels. */
const GAP = 4;

const QUALITY = 80;

/** Pictures in rows of equal cells, each whole and never enlarged, its label in a band above it. */
export async function sheetOfImages({ images, longSide }: SheetInput, job: JobContext): Promise<EncodedImage> {
  if (images.length === 0) throw new InputError("A sheet needs at least one picture.");
  const columns = Math.ceil(Math.sqrt(images.length));
  const rows = Math.ceil(images.length / columns);
  const size = Math.max(SMALLEST_LETTERS, Math.round(longSide * LETTERS));
  const band = Math.round(size * 1.35);
  // Not so small that a tile would vanish: a long sheet of many pictures then exceeds `longSide`.
  const cellWidth = Math.max(32, Math.floor((longSide - (columns - 1) * GAP) / columns));
  const cellHeight = Math.max(32, Math.floor((longSide - (rows - 1) * GAP) / rows) - band);

  const tiles: { readonly pixels: Pixels; readonly label: Rgb }[] = [];
  for (const { image, label } of images) {
    const pixels = await decodePixels(image, { longSide: Math.max(cellWidth, cellHeight) }).catch((error: unknown) => {
      throw isSightlineError(error) ? new InputError(`${label}: ${error.message}`, { hint: error.hint, cause: error }) : error;
    });
    tiles.push({
      pixels: await shrunk(pixels, cellWidth, cellHeight),
      label: await drawLabel(label, { size, color: "#000", background: "#fff", maxWidth: cellWidth }),
    });
  }
  job.decoded();

  // Rows are as high as their highest tile, columns as wide as their widest: no empty paper around small pictures.
  const heights = Array.from({ length: rows }, (_, row) =>
    Math.max(...tiles.slice(row * columns, (row + 1) * columns).map(({ pixels }) => pixels.height)),
  );
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...tiles.filter((_tile, index) => index % columns === column).map(({ pixels, label }) => Math.max(pixels.width, label.width))),
  );
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const width = sum(widths) + (columns - 1) * GAP;
  const height = sum(heights) + rows * band + (rows - 1) * GAP;
  const sheet: Rgb = { data: new Uint8Array(width * height * 3), width, height };
  fillRectangle(sheet, { x: 0, y: 0, width, height }, [255, 255, 255]);
  tiles.forEach(({ pixels, label }, index) => {
    const row = Math.floor(index / columns);
    const column = index % columns;
    const x = sum(widths.slice(0, column)) + column * GAP;
    const y = sum(heights.slice(0, row)) + row * (band + GAP);
    paste(sheet, label, x, y);
    paste(sheet, pixels, x, y + band);
  });
  const jpeg = await sharp(sheet.data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: QUALITY })
    .toBuffer();
  return { bytes: jpeg, mediaType: "image/jpeg", width, height };
}

async function shrunk(pixels: Pixels, width: number, height: number): Promise<Pixels> {
  if (pixels.width <= width && pixels.height <= height) return pixels;
  const raw = sharp(pixels.data, { raw: { width: pixels.width, height: pixels.height, channels: 3 } });
  const { data, info } = await raw.resize({ width, height, fit: "inside" }).raw().toBuffer({ resolveWithObject: true });
  return { ...pixels, data, width: info.width, height: info.height };
}
