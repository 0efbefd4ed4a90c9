import type { Box, Clothing, Garment } from "@sightline/core";
import type { Pixels } from "../media/decode.ts";
import { bodyParts } from "./body-parts.ts";
import { colorShares, joinNear, type ColorShare } from "./dominant-colors.ts";
import { patternOf } from "./pattern.ts";
import { personMask, type PersonMask } from "./person-mask.ts";
import { rasterOf, type Raster } from "./raster.ts";
import { skinLike } from "./skin.ts";

/** Persons lower than this (pixels) are too small to tell their clothes, and lower than the other to tell their shoes. */
const LEAST_HEIGHT = 48;
const LEAST_HEIGHT_FOR_FEET = 160;
/** Pixels of the longer side of the copy that is looked at. */
const LONG_SIDE = 320;
/** Around the box, in shares of its width and height: the background to compare with. */
const MARGIN = { x: 0.3, y: 0.08 };
/** From this likelihood on a pixel is the person's. */
const PERSON = 0.5;
/** A colour of a garment covers at least this share of it. */
const GARMENT_COLOR = 0.2;
/** Black that takes less than this of a coloured garment is its folds, not its colour. */
const FOLDS = 0.4;
/** White stripes before a white wall: gaps in the chest up to this share of the person's height are cloth. */
const HOLE = 0.06;
/** Colours as near as this but for lightness (OKLab a and b) are one plain cloth in light and shade. */
const ONE_HUE = 0.05;
/** The share of a part that must be seen as cloth, and the least count of pixels. */
const SEEN = 0.25;
const LEAST_PIXELS = 20;
/** A sleeve's colour covers this share of it; of both sleeves, when both are seen. */
const SLEEVE_COLOR = 0.6;
const MOST_COLORS = 3;

/** What a person wears, from the pixels of their box; `others` are the boxes of the other people. All boxes in pixels of `pixels`. */
export function clothingOf(pixels: Pixels, person: Box, others: readonly Box[]): Clothing {
  if (person.height < LEAST_HEIGHT) return {};
  const parts = bodyParts(person, pixels.width, pixels.height);
  const frame = grown(person, pixels);
  const raster = rasterOf(pixels, frame, LONG_SIDE);
  const scale = raster.width / frame.width;
  const toRaster = (box: Box): Box => ({
    x: (box.x - frame.x) * scale,
    y: (box.y - frame.y) * scale,
    width: box.width * scale,
    height: box.height * scale,
  });
  const nearer = others.filter((other) => isNearer(other, person)).map(toRaster);
  const mask = personMask(raster, toRaster(person), (x, y) => nearer.some((box) => isInside(x, y, box)));
  const isSkin = skinLike(rasterOf(pixels, parts.head, 32).rgb);
  const look = (box: Box | undefined, seen = mask): Part | undefined =>
    box === undefined ? undefined : partOf(raster, toRaster(box), seen, isSkin);

  const upper = garment(look(parts.upper, withoutHoles(mask, raster, HOLE * person.height * scale)));
  const sleeves = upper === undefined ? undefined : sleeveColors(upper, look(parts.leftSleeve), look(parts.rightSleeve));
  const lower = garment(look(parts.lower));
  const feet = person.height < LEAST_HEIGHT_FOR_FEET ? undefined : garment(look(parts.feet));
  return {
    ...(upper === undefined ? {} : { upper: sleeves === undefined ? upper : { ...upper, sleeves } }),
    ...(lower === undefined ? {} : { lower }),
    // Shoes are too small to have a pattern that could be seen.
    ...(feet === undefined ? {} : { feet: { colors: feet.colors } }),
  };
}

interface Part {
  readonly raster: Raster;
  readonly isCloth: (pixel: number) => boolean;
  readonly cloth: number;
  readonly shares: readonly ColorShare[];
}

/** A part's cloth; undefined when too little of it is seen. */
function partOf(
  raster: Raster,
  box: Box,
  mask: PersonMask,
  isSkin: (red: number, green: number, blue: number) => boolean,
): Part | undefined {
  const left = Math.max(0, Math.round(box.x));
  const top = Math.max(0, Math.round(box.y));
  const width = Math.min(raster.width - left, Math.round(box.width));
  const height = Math.min(raster.height - top, Math.round(box.height));
  if (width < 2 || height < 2) return undefined;
  const rgb = new Uint8Array(width * height * 3);
  const cloth = new Uint8Array(width * height);
  let count = 0;
  for (let y = 0; y < height; y++) {
    const from = (top + y) * raster.width + left;
    rgb.set(raster.rgb.subarray(from * 3, (from + width) * 3), y * width * 3);
    for (let x = 0; x < width; x++) {
      const at = (from + x) * 3;
      if ((mask[from + x] ?? 0) < PERSON || isSkin(raster.rgb[at] ?? 0, raster.rgb[at + 1] ?? 0, raster.rgb[at + 2] ?? 0)) continue;
      cloth[y * width + x] = 1;
      count++;
    }
  }
  if (count < LEAST_PIXELS || count < SEEN * width * height) return undefined;
  const isCloth = (pixel: number): boolean => cloth[pixel] === 1;
  return { raster: { width, height, rgb }, isCloth, cloth: count, shares: joinNear(colorShares(rgb, isCloth)) };
}

function garment(part: Part | undefined): Garment | undefined {
  if (part === undefined) return undefined;
  const pattern = patternOf(part.raster, part.isCloth, part.cloth);
  const main = mainColors(pattern === "plain" ? lit(part.shares) : part.shares);
  // White stripes are dimmed by the dark ones they blur into; light grey ones are rare.
  const dimmed = (pattern === "striped" || pattern === "checked") && main.length > 1;
  const colors = main.map(({ words }) => (dimmed && words === "light gray" ? "white" : words));
  if (colors.length === 0) return undefined;
  return pattern === undefined ? { colors } : { colors, pattern };
}

function mainColors(shares: readonly ColorShare[]): readonly ColorShare[] {
  const [first] = shares;
  const colored = first !== undefined && !isGray(first);
  return shares.filter(({ name, share }) => share >= (colored && name === "black" ? FOLDS : GARMENT_COLOR)).slice(0, MOST_COLORS);
}

/** Of greys on one plain cloth the lightest that covers a real part: the others are its shade. */
function lit(shares: readonly ColorShare[]): readonly ColorShare[] {
  const main = mainColors(shares);
  const [first] = main;
  if (first === undefined || !main.every(({ mean }) => Math.hypot(mean[1] - first.mean[1], mean[2] - first.mean[2]) < ONE_HUE))
    return shares;
  return [isGray(first) ? main.reduce((light, each) => (each.mean[0] > light.mean[0] ? each : light)) : first];
}

function isGray({ name }: ColorShare): boolean {
  return name === "black" || name === "gray" || name === "white";
}

/** The mask with gaps of at most `reach` pixels between two of the person's pixels of a row or a column filled. */
function withoutHoles(mask: PersonMask, { width, height }: Raster, reach: number): PersonMask {
  const filled = mask.slice();
  const fill = (lines: number, length: number, at: (line: number, step: number) => number): void => {
    for (let line = 0; line < lines; line++) {
      let last = -1;
      for (let step = 0; step < length; step++) {
        if ((mask[at(line, step)] ?? 0) < PERSON) continue;
        if (last >= 0 && step - last <= reach) for (let gap = last + 1; gap < step; gap++) filled[at(line, gap)] = 1;
        last = step;
      }
    }
  };
  fill(height, width, (row, step) => row * width + step);
  fill(width, height, (column, step) => step * width + column);
  return filled;
}

/** The sleeves' colour where it is another than the body's; undefined where it is the same or cannot be told. */
function sleeveColors(upper: Garment, left: Part | undefined, right: Part | undefined): string[] | undefined {
  const seen = [left, right].filter((part) => part !== undefined);
  if (seen.length === 0) return undefined;
  const firsts = seen.map(({ shares }) => shares[0]);
  const [first] = firsts;
  if (first === undefined || !firsts.every((each) => each !== undefined && each.name === first.name && each.share >= SLEEVE_COLOR))
    return undefined;
  // A single sleeve may be an arm before another thing; two that agree are sleeves.
  if (seen.length < 2) return undefined;
  const names = upper.colors.map((words) => words.split(" ").at(-1));
  return names.includes(first.name) ? undefined : [first.words];
}

function grown(person: Box, { width, height }: Pixels): Box {
  const left = Math.max(0, person.x - MARGIN.x * person.width);
  const top = Math.max(0, person.y - MARGIN.y * person.height);
  const right = Math.min(width, person.x + (1 + MARGIN.x) * person.width);
  const bottom = Math.min(height, person.y + (1 + MARGIN.y) * person.height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Who stands lower in the picture stands nearer and covers the other, as long as both stand on one ground. */
function isNearer(other: Box, person: Box): boolean {
  return other.y + other.height > person.y + person.height;
}

function isInside(x: number, y: number, box: Box): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}
