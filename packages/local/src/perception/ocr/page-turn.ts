import type { Turn } from "@sightline/core";
import type { Reading } from "./line-reader.ts";
import type { RotatedRect } from "./rotated-rect.ts";

/**
 * Which way a page has to be turned to be read. Lines that stand upright tell that it lies on its side; how surely some of its lines are read, which way it was turned.
 * The recogniser reads the widest lines of a receipt at a confidence of 0.87 to 0.98, upside down at 0.30 to 0.69 (fifty receipts): no classifier has to be loaded for that.
 */

/** Print that is read with this confidence lies the right way round, and what is read with less may not. Midway between the two. */
const SURE = 0.78;
/** So much surer a page has to be read before it is turned. */
const SURER = 0.1;
/** So many letters and digits have to be read as surely before a page is turned for them. */
const FEWEST_CHARACTERS = 5;
/** Lines that are read to tell. */
const LINES = 8;
/** A region that is this much longer than high is a line; shorter ones, single characters among them, may stand as they like. */
const LINE_SHAPE = 2;
/** Of the print, in heights of its lines, this share has to stand upright: pages have stamps, charts have axes, and stay as they are. */
const STANDING = 0.8;

/** Reads lines of the page, each cut out as its rectangle says. */
export type ReadRects = (rects: readonly RotatedRect[]) => Promise<readonly Reading[]>;

/** By how much a page whose lines stand upright has to be turned; undefined where they do not, or are read neither way. */
export async function turnFromSide(rects: readonly RotatedRect[], read: ReadRects): Promise<Turn | undefined> {
  const lines = rects.filter((rect) => lengthOf(rect) >= LINE_SHAPE);
  const standing = lines.filter(isStanding);
  if (standing.length === 0 || printOf(standing) < STANDING * printOf(lines)) return undefined;
  // The largest: shadows along the edge of a page are long and thin.
  const shown = standing.toSorted((a, b) => b.width * b.height - a.width * a.height).slice(0, LINES);
  const upwards = await read(shown.map((rect) => lying(rect, -Math.PI / 2)));
  const downwards = await read(shown.map((rect) => lying(rect, Math.PI / 2)));
  if (isSurer(upwards, downwards)) return 90;
  return isSurer(downwards, upwards) ? 270 : undefined;
}

/** Whether lines that were read as they lie, the widest first, are upside down: read again only where they were not read surely. */
export async function isUpsideDown(rects: readonly RotatedRect[], readings: readonly Reading[], read: ReadRects): Promise<boolean> {
  const asTheyLie = readings.slice(0, LINES);
  if (confidenceOf(asTheyLie) >= SURE) return false;
  const turned = await read(rects.slice(0, LINES).map((rect) => ({ ...rect, angle: rect.angle + Math.PI })));
  return isSurer(turned, asTheyLie);
}

const isStanding = ({ width, height }: RotatedRect): boolean => height > width;

const lengthOf = ({ width, height }: RotatedRect): number => Math.max(width, height) / Math.min(width, height);

const printOf = (rects: readonly RotatedRect[]): number => rects.reduce((sum, rect) => sum + lengthOf(rect), 0);

/** A line that stands upright, to be read at that angle to its own. */
function lying({ width, height, angle, ...rect }: RotatedRect, by: number): RotatedRect {
  return { ...rect, width: height, height: width, angle: angle + by };
}

/** Over all characters of the lines. */
function confidenceOf(readings: readonly Reading[]): number {
  const characters = readings.reduce((sum, { plain }) => sum + plain.length, 0);
  return characters === 0 ? 0 : readings.reduce((sum, { plain, confidence }) => sum + confidence * plain.length, 0) / characters;
}

/** Whether lines are read surely one way and not the other. */
function isSurer(one: readonly Reading[], other: readonly Reading[]): boolean {
  const printed = one.reduce((sum, { plain }) => sum + plain.replace(/[^\p{L}\p{N}]/gu, "").length, 0);
  const [sure, doubtful] = [confidenceOf(one), confidenceOf(other)];
  return printed >= FEWEST_CHARACTERS && sure >= SURE && doubtful < SURE && sure - doubtful >= SURER;
}
