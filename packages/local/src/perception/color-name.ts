import type { ColorName } from "@sightline/core";
import { modeOklch, modeRgb, useMode } from "culori/fn";

/**
 * Names colours as people do when they describe clothes: the eleven basic colour terms of Berlin and Kay
 * (Basic Color Terms, 1969) with turquoise and beige. The borders lie in OKLCH (Björn Ottosson, "A perceptual
 * color space for image processing", 2020), half way between the CSS named colours and garment swatches that
 * carry the neighbouring names; `color-name.test.ts` lists them.
 */

export type Shade = "light" | "dark";

export interface NamedColor {
  readonly name: ColorName;
  readonly shade?: Shade;
}

useMode(modeRgb);
const oklch = useMode(modeOklch);

/** Lightness borders of the greys. */
const BLACK_BELOW = 0.3;
const DARK_GRAY_BELOW = 0.48;
const GRAY_BELOW = 0.72;
const LIGHT_GRAY_BELOW = 0.9;

/** Lightness below which a colour is called dark and from which it is called light. Names that are never used so are left out. */
const SHADES: Partial<Record<ColorName, { readonly dark?: number; readonly light?: number }>> = {
  red: { dark: 0.47 },
  yellow: { light: 0.96 },
  green: { dark: 0.42, light: 0.8 },
  turquoise: { dark: 0.45, light: 0.88 },
  blue: { dark: 0.37, light: 0.7 },
  purple: { dark: 0.36, light: 0.72 },
  pink: { light: 0.85 },
  brown: { dark: 0.38, light: 0.62 },
};

/** The name of an sRGB colour, channels 0 to 255. Every colour has exactly one. */
export function nameColor(red: number, green: number, blue: number): NamedColor {
  const { l: lightness, c: chroma, h = 0 } = oklch({ mode: "rgb", r: red / 255, g: green / 255, b: blue / 255 });
  const hue = ((h % 360) + 360) % 360;
  if (chroma < leastChroma(lightness, hue)) return nameGray(lightness);
  const name = nameHue(lightness, chroma, hue);
  const { dark = 0, light = Number.POSITIVE_INFINITY } = SHADES[name] ?? {};
  if (lightness < dark) return { name, shade: "dark" };
  // Full colours such as #ffff00 are as light as pastels, but nobody calls them light.
  return lightness >= light && chroma < 0.17 ? { name, shade: "light" } : { name };
}

/** "dark red", "beige". */
export function colorWords({ name, shade }: NamedColor): string {
  return shade === undefined ? name : `${shade} ${name}`;
}

/**
 * Chroma from which a colour is more than a grey. The eye and the camera see little of it in the dark; and
 * daylight in the shade tints white and grey things blue.
 */
function leastChroma(lightness: number, hue: number): number {
  if (lightness < 0.18) return 0.055;
  if (lightness < BLACK_BELOW) return 0.032;
  if (hue > 215 && hue < 300) return lightness > 0.6 ? 0.038 : 0.03;
  // Dark leather and wood are called brown although they are nearly grey.
  if (hue > 35 && hue < 90 && lightness < 0.5) return 0.022;
  return lightness > 0.85 ? 0.022 : 0.03;
}

function nameGray(lightness: number): NamedColor {
  if (lightness < BLACK_BELOW) return { name: "black" };
  if (lightness < DARK_GRAY_BELOW) return { name: "gray", shade: "dark" };
  if (lightness < GRAY_BELOW) return { name: "gray" };
  return lightness < LIGHT_GRAY_BELOW ? { name: "gray", shade: "light" } : { name: "white" };
}

function nameHue(lightness: number, chroma: number, hue: number): ColorName {
  if (hue < 34 || hue >= 345) return nameRed(lightness, chroma, hue);
  if (hue < 82) return nameOrange(lightness, chroma, hue);
  if (hue < 113) return nameYellow(lightness, chroma, hue);
  if (hue < 170) return "green";
  if (hue < 215) return "turquoise";
  if (hue < 287) return "blue";
  if (hue < 315) return "purple";
  return lightness < 0.62 ? "purple" : "pink";
}

function nameRed(lightness: number, chroma: number, hue: number): ColorName {
  if (lightness >= 0.68) return chroma < 0.045 && hue > 15 && hue < 345 ? "beige" : "pink";
  if (chroma < 0.09 && hue < 345) return hue > 15 ? "brown" : lightness < 0.55 ? "red" : "pink";
  return "red";
}

/** Between red and yellow: orange when bright and full, brown when dark, beige when pale. */
function nameOrange(lightness: number, chroma: number, hue: number): ColorName {
  if (chroma >= 0.12 && lightness >= 0.6) return "orange";
  if (hue < 42 && chroma >= 0.12) return "red";
  if (chroma >= 0.14 && lightness >= 0.54) return "orange";
  if (lightness >= 0.74) return chroma < 0.1 ? "beige" : "orange";
  return "brown";
}

function nameYellow(lightness: number, chroma: number, hue: number): ColorName {
  if (lightness >= 0.74) return chroma < 0.08 ? "beige" : "yellow";
  if (hue >= 100) return "green";
  return lightness >= 0.68 && chroma >= 0.12 ? "yellow" : "brown";
}
