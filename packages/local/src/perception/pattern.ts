import type { Pattern } from "@sightline/core";
import { labOf, type Raster } from "./raster.ts";
import { mayBeSkin } from "./skin.ts";

/** Fewer pixels across cannot tell stripes from folds. */
const LEAST_SIDE = 24;
/** The share of the part that must be cloth: outlines and gaps look like patterns. */
const MOSTLY_CLOTH = 0.75;
/** OKLab distance between the two colours of a pattern: nearer ones are light and shadow on one cloth. */
const TWO_COLORS = 0.16;
/** The same for colours that differ in lightness alone, as folds do. */
const TWO_LIGHTNESSES = 0.24;
/** A pattern's second colour covers at least this share; less is a logo, a button, a strap. */
const SECOND_SHARE = 0.16;
/** Changes of colour along a line that make a pattern: two whole stripes. */
const CHANGES = 4;
/** Stripes change this many times as often across as along. */
const ONE_WAY = 2.5;
/** Stripes and checks repeat: the widths of one line's runs differ by no more than this coefficient of variation. */
const REGULAR = 0.75;
/** Nothing in cloth is finer: more changes on this share of the length are noise. */
const NOISE = 0.45;

/**
 * What is on the cloth in `cloth`. Undefined when the part is too small, or neither one colour nor any clear pattern.
 * `counts` says which pixels are cloth, `clothPixels` how many they are.
 */
export function patternOf({ width, height, rgb }: Raster, counts: (pixel: number) => boolean, clothPixels: number): Pattern | undefined {
  if (width < LEAST_SIDE || height < LEAST_SIDE || clothPixels < MOSTLY_CLOTH * width * height) return undefined;
  const lab = new Float32Array(width * height * 3);
  const cloth: number[] = [];
  for (let pixel = 0; pixel < width * height; pixel++) {
    lab.set(labOf(rgb[pixel * 3] ?? 0, rgb[pixel * 3 + 1] ?? 0, rgb[pixel * 3 + 2] ?? 0), pixel * 3);
    if (counts(pixel)) cloth.push(pixel);
  }
  const colors = twoColors(lab, cloth);
  if (colors === undefined) return "plain";
  // Arms before a shirt, necklines and straps make lines as well.
  if (looksLikeSkin(rgb, colors)) return undefined;

  const across = changes(colors, width, height, "rows");
  const down = changes(colors, width, height, "columns");
  const most = Math.max(across.mean, down.mean);
  if (most > NOISE * Math.max(width, height)) return undefined;
  if (most < CHANGES) return most < CHANGES / 2 ? "plain" : undefined;
  if (down.mean >= ONE_WAY * across.mean) return down.variation <= REGULAR ? "striped" : "patterned";
  if (across.mean >= ONE_WAY * down.mean) return across.variation <= REGULAR ? "striped" : "patterned";
  if (slanted(colors, width, height)) return "striped";
  return across.mean >= CHANGES &&
    down.mean >= CHANGES &&
    Math.max(across.variation, down.variation) <= REGULAR &&
    squared(lab, width, height)
    ? "checked"
    : "patterned";
}

/** Which of the cloth's two main colours each pixel has (1 or 2; 0 is no cloth); undefined when it has but one. */
function twoColors(lab: Float32Array, cloth: readonly number[]): Uint8Array | undefined {
  const colorOf = (pixel: number): readonly [number, number, number] => [
    lab[pixel * 3] ?? 0,
    lab[pixel * 3 + 1] ?? 0,
    lab[pixel * 3 + 2] ?? 0,
  ];
  const distance = (p: readonly number[], q: readonly number[]): number =>
    Math.hypot((p[0] ?? 0) - (q[0] ?? 0), (p[1] ?? 0) - (q[1] ?? 0), (p[2] ?? 0) - (q[2] ?? 0));
  const meanOf = (pixels: readonly number[]): [number, number, number] => {
    const sum: [number, number, number] = [0, 0, 0];
    for (const pixel of pixels) colorOf(pixel).forEach((value, axis) => (sum[axis as 0 | 1 | 2] += value));
    return sum.map((value) => value / Math.max(1, pixels.length)) as [number, number, number];
  };
  const mean = meanOf(cloth);
  const farthestFrom = (from: readonly number[]): number =>
    cloth.reduce((far, pixel) => (distance(colorOf(pixel), from) > distance(colorOf(far), from) ? pixel : far), cloth[0] ?? 0);
  let first: readonly [number, number, number] = colorOf(farthestFrom(mean));
  let second: readonly [number, number, number] = colorOf(farthestFrom(first));
  let [ones, twos]: [number[], number[]] = [[], []];
  for (let round = 0; round < 6; round++) {
    [ones, twos] = [[], []];
    for (const pixel of cloth) (distance(colorOf(pixel), first) <= distance(colorOf(pixel), second) ? ones : twos).push(pixel);
    [first, second] = [meanOf(ones), meanOf(twos)];
  }
  const apart = distance(first, second);
  const hues = Math.hypot(first[1] - second[1], first[2] - second[2]);
  if (apart < (hues > 0.06 ? TWO_COLORS : TWO_LIGHTNESSES)) return undefined;
  if (Math.min(ones.length, twos.length) < SECOND_SHARE * cloth.length) return undefined;
  const colors = new Uint8Array(lab.length / 3);
  for (const pixel of ones) colors[pixel] = 1;
  for (const pixel of twos) colors[pixel] = 2;
  return colors;
}

/** True where most of one of the two colours could be skin. */
function looksLikeSkin(rgb: Uint8Array, colors: Uint8Array): boolean {
  return [1, 2].some((color) => {
    let [skin, all] = [0, 0];
    colors.forEach((each, pixel) => {
      if (each !== color) return;
      all++;
      if (mayBeSkin(rgb[pixel * 3] ?? 0, rgb[pixel * 3 + 1] ?? 0, rgb[pixel * 3 + 2] ?? 0)) skin++;
    });
    return skin > 0.5 * all;
  });
}

/** How often the colour changes along the rows or columns (mean of a line, scaled to a whole line of cloth), and how uneven the runs are. */
function changes(colors: Uint8Array, width: number, height: number, along: "rows" | "columns"): { mean: number; variation: number } {
  const [lines, length] = along === "rows" ? [height, width] : [width, height];
  const at = (line: number, step: number): number => colors[along === "rows" ? line * width + step : step * width + line] ?? 0;
  let [sum, counted] = [0, 0];
  const variations: number[] = [];
  for (let line = 0; line < lines; line++) {
    const runs: number[] = [];
    let [run, last, cloth] = [0, 0, 0];
    for (let step = 0; step < length; step++) {
      const color = at(line, step);
      if (color === 0) continue;
      cloth++;
      if (color === last) run++;
      else {
        if (last !== 0) runs.push(run);
        [run, last] = [1, color];
      }
    }
    if (cloth < length / 2) continue;
    counted++;
    sum += (runs.length * length) / cloth;
    // The first run may be cut by the part's edge.
    const whole = runs.slice(1);
    if (whole.length >= 3) variations.push(variation(whole));
  }
  variations.sort((a, b) => a - b);
  return { mean: counted === 0 ? 0 : sum / counted, variation: variations[variations.length >> 1] ?? 0 };
}

/** Runs of the two colours alternate and may differ in width: each kind is held against its own mean. */
function variation(runs: readonly number[]): number {
  const of = (values: readonly number[]): number => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) / mean;
  };
  const odd = runs.filter((_, index) => index % 2 === 0);
  const even = runs.filter((_, index) => index % 2 === 1);
  return even.length === 0 ? of(odd) : (of(odd) + of(even)) / 2;
}

/** Slanted stripes change as often along rows as along columns, but a line moved the right way meets the same colours. */
function slanted(colors: Uint8Array, width: number, height: number): boolean {
  let best = 0;
  for (const slope of [-2, -1, -0.5, 0.5, 1, 2]) {
    let [same, all] = [0, 0];
    for (let y = 0; y + 8 < height; y += 2) {
      for (let x = 0; x < width; x += 2) {
        const color = colors[y * width + x] ?? 0;
        for (const down of [2, 4, 6, 8]) {
          const toX = Math.round(x + slope * down);
          if (toX < 0 || toX >= width) continue;
          const other = colors[(y + down) * width + toX] ?? 0;
          if (color === 0 || other === 0) continue;
          all++;
          if (color === other) same++;
        }
      }
    }
    if (all > 0) best = Math.max(best, same / all);
  }
  return best > 0.86;
}

/** Checks have edges upright and level; blossoms and prints have them in all directions. */
function squared(lab: Float32Array, width: number, height: number): boolean {
  const bins = new Float64Array(8);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const light = (dx: number, dy: number): number => lab[((y + dy) * width + x + dx) * 3] ?? 0;
      const dx = light(1, 0) - light(-1, 0);
      const dy = light(0, 1) - light(0, -1);
      const strength = Math.hypot(dx, dy);
      if (strength < 0.04) continue;
      const angle = (Math.atan2(dy, dx) + Math.PI) % Math.PI;
      const bin = Math.round((angle / Math.PI) * 8) % 8;
      bins[bin] = (bins[bin] ?? 0) + strength;
    }
  }
  const total = bins.reduce((sum, value) => sum + value, 0);
  // Checks may hang askew: any two directions at right angles.
  const crossed = [0, 1, 2, 3].map((bin) => ({
    both: (bins[bin] ?? 0) + (bins[bin + 4] ?? 0),
    less: Math.min(bins[bin] ?? 0, bins[bin + 4] ?? 0),
  }));
  const best = crossed.reduce((most, each) => (each.both > most.both ? each : most));
  return best.both > 0.6 * total && best.less > 0.15 * total;
}
