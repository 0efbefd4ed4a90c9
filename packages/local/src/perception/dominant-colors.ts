import type { ColorName } from "@sightline/core";
import { colorWords, nameColor, type NamedColor } from "./color-name.ts";
import { labOf } from "./raster.ts";

/** Names by colour at six bits a channel, which no border of a name is finer than. */
const names = new Map<number, NamedColor>();

function named(red: number, green: number, blue: number): NamedColor {
  const key = ((red >> 2) << 12) | ((green >> 2) << 6) | (blue >> 2);
  let found = names.get(key);
  if (found === undefined) names.set(key, (found = nameColor((red & ~3) | 2, (green & ~3) | 2, (blue & ~3) | 2)));
  return found;
}

export interface ColorShare {
  readonly name: ColorName;
  /** The name with "light" or "dark" where its lit pixels are so. */
  readonly words: string;
  /** 0 to 1. */
  readonly share: number;
  /** OKLab mean of its pixels. */
  readonly mean: readonly [lightness: number, a: number, b: number];
}

/** From the darkest to the lightest pixel, the one that shows what colour a thing is: the lit side tells it better than the shadow. */
const LIT = 0.6;

/** How the pixels `counts` speaks for (every one by default) share in the plain colour names, largest first. */
export function colorShares(rgb: Uint8Array, counts: (pixel: number) => boolean = () => true): ColorShare[] {
  const totals = new Map<ColorName, { count: number; sum: [number, number, number]; dark: number; light: number }>();
  let all = 0;
  for (let pixel = 0; pixel * 3 < rgb.length; pixel++) {
    if (!counts(pixel)) continue;
    all++;
    const [red = 0, green = 0, blue = 0] = rgb.subarray(pixel * 3, pixel * 3 + 3);
    const { name, shade } = named(red, green, blue);
    let total = totals.get(name);
    if (total === undefined) totals.set(name, (total = { count: 0, sum: [0, 0, 0], dark: 0, light: 0 }));
    total.count++;
    labOf(red, green, blue).forEach((value, axis) => (total.sum[axis as 0 | 1 | 2] += value));
    if (shade !== undefined) total[shade]++;
  }
  return [...totals]
    .map(
      ([
        name,
        {
          count,
          sum: [lightness, a, b],
          dark,
          light,
        },
      ]) => {
        const words = colorWords(
          dark > LIT * count ? { name, shade: "dark" } : light > (1 - LIT) * count ? { name, shade: "light" } : { name },
        );
        return { name, words, share: count / all, mean: [lightness / count, a / count, b / count] as const };
      },
    )
    .sort((a, b) => b.share - a.share);
}

/** Colours nearer than this (OKLab) lie on two sides of a name's border, or are one colour in light and shade. */
const ONE_COLOR = 0.14;

/** White against the grey it is joined with: less may be reflections. */
const WHITE_SEEN = 0.25;

/** Joins the shares whose colours are nearly the same under the name of the larger. */
export function joinNear(shares: readonly ColorShare[]): ColorShare[] {
  const joined: ColorShare[] = [];
  for (const each of shares) {
    const near = joined.findIndex(
      ({ mean }) => Math.hypot(mean[0] - each.mean[0], mean[1] - each.mean[1], mean[2] - each.mean[2]) < ONE_COLOR,
    );
    const home = joined[near];
    if (home === undefined) joined.push(each);
    // White is grey wherever a fold shades it, grey is never white.
    else
      joined[near] = {
        ...(home.name === "gray" && each.name === "white" && each.share > WHITE_SEEN * home.share ? each : home),
        share: home.share + each.share,
      };
  }
  return joined.sort((a, b) => b.share - a.share);
}
