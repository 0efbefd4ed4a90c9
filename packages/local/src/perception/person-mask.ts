import type { Box } from "@sightline/core";
import { labOf, type Raster } from "./raster.ts";

/** How likely each pixel of a raster belongs to the person, 0 to 1, row by row. */
export type PersonMask = Float32Array;

/** OKLab is counted in cells of this size; a little above the differences that shadow and noise make. */
const CELL = 0.06;
const L_CELLS = 18;
const AB_CELLS = 15;
/** Every colour may occur anywhere: keeps a likelihood from being zero. */
const FLOOR = 1e-4;
const ROUNDS = 2;
const BANDS = 5;
/** A colour this many times rarer on the person than around is not the person's; at the feet, where ground shows between and below, any rarer colour. */
const FAR_LESS = 0.4;
const GROUND_FROM = 0.9;
/** The person's share of a box: likely on its axis, less towards its sides. */
const ON_AXIS = 0.9;
const AT_SIDES = 0.3;

/**
 * Tells the person in `person` (pixels of the raster) from what surrounds the box: colours that are common around it
 * and rare along its axis are background. Two histograms and Bayes' rule, repeated: the idea of GrabCut
 * (Rother, Kolmogorov, Blake 2004) without its graph. `blocked` marks pixels that belong to somebody else.
 */
export function personMask(raster: Raster, person: Box, blocked: (x: number, y: number) => boolean): PersonMask {
  const { width, height, rgb } = raster;
  const cells = new Uint16Array(width * height);
  for (let pixel = 0; pixel < cells.length; pixel++)
    cells[pixel] = cellOf(rgb[pixel * 3] ?? 0, rgb[pixel * 3 + 1] ?? 0, rgb[pixel * 3 + 2] ?? 0);

  const prior = new Float32Array(width * height);
  const around = new Float32Array(width * height);
  const axis = person.x + person.width / 2;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (blocked(x + 0.5, y + 0.5)) continue;
      const insideBox =
        x + 0.5 >= person.x && x + 0.5 <= person.x + person.width && y + 0.5 >= person.y && y + 0.5 <= person.y + person.height;
      if (!insideBox) around[at] = 1;
      else {
        const off = Math.min(1, Math.abs(x + 0.5 - axis) / (person.width / 2));
        prior[at] = ON_AXIS + (AT_SIDES - ON_AXIS) * off * off;
      }
    }
  }

  // A box that fills the picture has no surroundings to learn from: its own shape must do.
  if (around.every((weight) => weight === 0)) return prior;
  // What is behind the head is not what is behind the feet: each row is held against its own height of the surroundings.
  const bands = Array.from({ length: BANDS }, (_, band) =>
    histogram(
      cells,
      around.map((weight, at) => {
        const off = Math.abs(Math.floor(at / width) / height - (band + 0.5) / BANDS);
        return off > 1 / BANDS ? 0 : weight;
      }),
    ),
  );
  let mask = prior.map((value) => (value > 0.7 ? value : 0));
  for (let round = 0; round < ROUNDS; round++) {
    const foreground = histogram(cells, mask);
    mask = prior.map((value, at) => {
      if (value === 0) return 0;
      const cell = cells[at] ?? 0;
      const own = (foreground[cell] ?? 0) + FLOOR;
      const other = (bands[Math.min(BANDS - 1, Math.floor((Math.floor(at / width) / height) * BANDS))]?.[cell] ?? 0) + FLOOR;
      // However near the axis, a colour that is far more common around than on the person is the ground between the feet.
      const rarer = Math.floor(at / width) > person.y + GROUND_FROM * person.height ? 1 : FAR_LESS;
      return own < rarer * other ? 0 : (value * own) / (value * own + (1 - value) * other);
    });
  }
  return mask;
}

function cellOf(red: number, green: number, blue: number): number {
  const [l, a, b] = labOf(red, green, blue);
  const clamp = (value: number, limit: number): number => Math.min(limit - 1, Math.max(0, Math.floor(value)));
  const middle = (AB_CELLS * CELL) / 2;
  return (clamp(l / CELL, L_CELLS) * AB_CELLS + clamp((a + middle) / CELL, AB_CELLS)) * AB_CELLS + clamp((b + middle) / CELL, AB_CELLS);
}

/** Shares of the cells, each spread a little over its neighbours in lightness, where shadows move colours. */
function histogram(cells: Uint16Array, weights: Float32Array): Float32Array {
  const counts = new Float32Array(L_CELLS * AB_CELLS * AB_CELLS);
  let total = 0;
  cells.forEach((cell, at) => {
    const weight = weights[at] ?? 0;
    counts[cell] = (counts[cell] ?? 0) + weight;
    total += weight;
  });
  const step = AB_CELLS * AB_CELLS;
  return counts.map((count, cell) =>
    total === 0 ? 0 : (0.5 * count + 0.25 * (counts[cell - step] ?? 0) + 0.25 * (counts[cell + step] ?? 0)) / total,
  );
}
