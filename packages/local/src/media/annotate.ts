import type { BoxColor, EncodedImage, ImageSize, LabelledBox } from "@sightline/core";
import { clampBox, type Box } from "@sightline/core/page";
import type { JobContext } from "../worker/define-job.ts";
import { decodePixels } from "./decode.ts";
import { paste, strokeRectangle, type Color } from "./draw.ts";
import { drawLabel } from "./label.ts";
import { sharp } from "./libvips.ts";

interface Paint {
  readonly rgb: Color;
  /** Colour of letters on it. */
  readonly text: string;
}

/** Told apart at a glance, by the colour-blind too (Okabe and Ito, 2008), and each against photographs. */
const NAMED: Readonly<Record<BoxColor, Paint>> = {
  orange: { rgb: [230, 159, 0], text: "#000" },
  blue: { rgb: [0, 114, 178], text: "#fff" },
  green: { rgb: [0, 158, 115], text: "#000" },
  red: { rgb: [213, 94, 0], text: "#000" },
};

/** One colour for each label, in turn. */
const COLORS: readonly Paint[] = [
  NAMED.orange,
  NAMED.blue,
  NAMED.green,
  NAMED.red,
  { rgb: [204, 121, 167], text: "#000" },
  { rgb: [86, 180, 233], text: "#000" },
  { rgb: [240, 228, 66], text: "#000" },
];

/** Shares of the longer side: read with ease when the whole picture is shown on a screen, whatever its resolution. */
const LETTERS = 1 / 50;
const STROKE = 1 / 400;

/**
 * Thin coloured lines fray at a lower quality, and blur where colour is stored at half the resolution. Optimised coding
 * would hold the whole picture's coefficients (300 MB for 50 megapixels) to save a few percent of the bytes.
 */
const JPEG = { quality: 88, chromaSubsampling: "4:4:4", optimiseCoding: false };

/** Letters below this height cannot be read at all, pixels. */
const SMALLEST_LETTERS = 11;

export interface AnnotateInput {
  readonly image: Uint8Array;
  readonly boxes: readonly LabelledBox[];
  /** Where labels stand: default on top of their boxes. */
  readonly labels?: "outside" | "inside" | undefined;
  /** Height of the labels' em, pixels. Default: by the picture's size. */
  readonly letters?: number | undefined;
}

/** The picture at full size with boxes and labels drawn on it. Boxes that lie outside are left out. */
export async function annotateImage({ image, boxes, labels, letters }: AnnotateInput, job: JobContext): Promise<EncodedImage> {
  const pixels = await decodePixels(image);
  job.decoded();
  const { width, height } = pixels;
  const longSide = Math.max(width, height);
  const size = Math.max(SMALLEST_LETTERS, Math.round(letters ?? longSide * LETTERS));
  const stroke = Math.max(2, Math.round(letters === undefined ? longSide * STROKE : letters / 8));

  // One colour for each label, so that all of a kind look alike.
  const kinds = [...new Set(boxes.map(({ label }) => label))];
  const drawn = boxes.flatMap(({ label, box, color }) => {
    const inside = clampBox(box, width, height);
    const paint = color === undefined ? COLORS[kinds.indexOf(label) % COLORS.length]! : NAMED[color];
    return inside === undefined ? [] : [{ label, box: inside, color: paint }];
  });
  for (const { box, color } of drawn) strokeRectangle(pixels, box, stroke, color.rgb);
  // Labels come last: no frame may run through a word.
  const taken: Box[] = [];
  for (const { label, box, color } of drawn) {
    if (label.trim() === "") continue;
    const text = await drawLabel(label, { size, color: color.text, background: `rgb(${color.rgb.join()})`, maxWidth: width });
    const corner = { x: box.x, y: box.y, width: text.width, height: text.height };
    const fits = labels === "inside" && leavesRoom(box, corner) && !taken.some((other) => overlaps(corner, other));
    const place = fits ? corner : labelPlace(box, text, { width, height }, taken);
    taken.push(place);
    paste(pixels, text, place.x, place.y);
  }
  const jpeg = await sharp(pixels.data, { raw: { width, height, channels: 3 } })
    .jpeg(JPEG)
    .toBuffer();
  return { bytes: jpeg, mediaType: "image/jpeg", width, height };
}

/** True where a label leaves most of what it marks to be seen. */
function leavesRoom(box: Box, label: ImageSize): boolean {
  return box.width >= 2 * label.width && box.height >= 2 * label.height;
}

/** On top of the box, below it, or inside it: the first place in the picture where no other label stands, or on top. */
export function labelPlace(box: Box, label: ImageSize, picture: ImageSize, taken: readonly Box[]): Box {
  const x = Math.max(0, Math.min(box.x, picture.width - label.width));
  const inside = (y: number): number => Math.max(0, Math.min(y, picture.height - label.height));
  const places = [box.y - label.height, box.y, box.y + box.height, box.y + box.height - label.height].map((y) => ({
    x,
    y: inside(y),
    width: label.width,
    height: label.height,
  }));
  return places.find((place) => !taken.some((other) => overlaps(place, other))) ?? places[0]!;
}

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
