import { type Box, clampBox, iou } from "../page.ts";
import { type BoxConvention, countedSize } from "./box-convention.ts";
import type { PictureSize } from "./model-family.ts";

export interface ReadBoxes {
  /** Full-resolution pixels of the original. */
  readonly boxes: readonly Box[];
  /** Where the family only points. Full-resolution pixels. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Boxes that were written and cannot be: corners exchanged, outside the picture. */
  readonly refused: number;
}

const NUMBER = String.raw`(-?\d+(?:\.\d+)?)`;
const BETWEEN = String.raw`\s*,\s*`;
/** `[1, 2, 3, 4]`, in a list of them or alone, also where the list around it was cut off. */
const FOUR = new RegExp(String.raw`[[(]\s*${[NUMBER, NUMBER, NUMBER, NUMBER].join(BETWEEN)}\s*[\])]`, "g");
/** `<loc0256><loc0512>…` and `<loc_52><loc_332>…`. */
const LOCATIONS = /<loc_?(\d+)><loc_?(\d+)><loc_?(\d+)><loc_?(\d+)>/g;
/** `"x_min": 0.1, "y_min": 0.2, "x_max": 0.5, "y_max": 0.6`, in any usual spelling. */
const NAMED = new RegExp(
  ["x_?(?:min|1)", "y_?(?:min|1)", "x_?(?:max|2)", "y_?(?:max|2)"]
    .map((key) => String.raw`"?${key}"?\s*[:=]\s*${NUMBER}`)
    .join(String.raw`[\s,]*`),
  "gi",
);
/** `<point x="43.0" y="58.0" …>` and `<points x1="…" y1="…" x2=…>`. */
const POINT = new RegExp(String.raw`x\d*\s*=\s*"\s*${NUMBER}\s*"\s*y\d*\s*=\s*"\s*${NUMBER}\s*"`, "g");

/** What a model says where there is nothing to box. */
const NOTHING =
  /\[\s*\]|\bnone\b|\bnot (?:in|found|visible|present|there)\b|\bno (?:such|instances?|matching)\b|\bthere (?:is|are) no\b|\bdoes(?:n't| not) (?:contain|show|appear)\b/i;

/** Beyond the picture's edge by this share of its side, a box is clipped; further out it is refused. */
const OVERSHOOT = 0.02;
/** Two boxes this alike are one that was said twice. */
const SAME = 0.9;

/**
 * The boxes in a model's answer, lenient about what stands around them and strict about the numbers. Undefined when the answer neither holds numbers nor says
 * that there is nothing.
 */
export function readBoxes(text: string, convention: BoxConvention, sent: PictureSize, original: PictureSize): ReadBoxes | undefined {
  const numbers = (pattern: RegExp): number[][] => [...text.matchAll(pattern)].map((match) => match.slice(1).map(Number));
  if (convention.order === "point") {
    const points = numbers(POINT).map(([x = 0, y = 0]) => ({ x, y }));
    if (points.length === 0 && !NOTHING.test(text)) return undefined;
    const scale = typeof convention.scale === "number" ? convention.scale : Math.max(sent.width, sent.height);
    const inside = points.filter(({ x, y }) => x >= 0 && y >= 0 && x <= scale && y <= scale);
    return {
      boxes: [],
      points: inside.map(({ x, y }) => ({ x: (x / scale) * original.width, y: (y / scale) * original.height })),
      refused: points.length - inside.length,
    };
  }
  const written = [LOCATIONS, FOUR, NAMED].map(numbers).find((found) => found.length > 0) ?? [];
  if (written.length === 0) return NOTHING.test(text) ? { boxes: [], points: [], refused: 0 } : undefined;
  const boxes: Box[] = [];
  let refused = 0;
  for (const four of written) {
    const box = toBox(four, convention, sent, original);
    if (box === undefined) refused++;
    else if (!boxes.some((other) => iou(other, box) >= SAME)) boxes.push(box);
  }
  return { boxes, points: [], refused };
}

function toBox(four: readonly number[], convention: BoxConvention, sent: PictureSize, original: PictureSize): Box | undefined {
  if (!four.every(Number.isFinite)) return undefined;
  const scale = scaleOf(four, convention, countedSize(convention, sent));
  if (scale === undefined) return undefined;
  const middle = convention.bins === true && scale.width === convention.scale ? 0.5 : 0;
  const [first = 0, second = 0, third = 0, fourth = 0] = four.map((number) => number + middle);
  const [x1, y1, x2, y2] = convention.order === "yxyx" ? [second, first, fourth, third] : [first, second, third, fourth];
  if (x1 >= x2 || y1 >= y2) return undefined;
  const [left, right] = [x1 / scale.width, x2 / scale.width];
  const [top, bottom] = [y1 / scale.height, y2 / scale.height];
  if (Math.min(left, top) < -OVERSHOOT || Math.max(right, bottom) > 1 + OVERSHOOT) return undefined;
  // The nearest whole pixels, and at least one.
  const [x, y] = [Math.round(left * original.width), Math.round(top * original.height)];
  const [endX, endY] = [Math.round(right * original.width), Math.round(bottom * original.height)];
  return clampBox({ x, y, width: Math.max(1, endX - x), height: Math.max(1, endY - y) }, original.width, original.height);
}

/** What the numbers are of: the family's own scale, but pixels where they exceed it, and shares where all lie between 0 and 1. */
function scaleOf(four: readonly number[], { scale }: BoxConvention, counted: PictureSize): PictureSize | undefined {
  if (four.every((number) => number >= 0 && number <= 1) && four.some((number) => !Number.isInteger(number)))
    return { width: 1, height: 1 };
  if (scale === "pixels") return counted;
  if (four.every((number) => number <= scale)) return { width: scale, height: scale };
  return scale === 1 ? undefined : counted;
}
