import { labOf } from "./raster.ts";

/**
 * True for colours human skin has in photographs, dark to light: Cb 77 to 127, Cr 133 to 173 (Chai and Ngan,
 * "Face segmentation using skin-color map", 1999). Wood, sand and beige cloth have them too, so this alone
 * proves nothing: see `skinLike`.
 */
export function mayBeSkin(red: number, green: number, blue: number): boolean {
  const cb = 128 - 0.168736 * red - 0.331264 * green + 0.5 * blue;
  const cr = 128 + 0.5 * red - 0.418688 * green - 0.081312 * blue;
  return cb >= 77 && cb <= 127 && cr >= 133 && cr <= 173 && red > 40;
}

/** The share of a face region that must look like skin to take it for a face. */
const FACE_SHARE = 0.2;
/** Hands and arms lie in other light than the face: lightness may differ more than hue. */
const HUE_REACH = 0.035;
const LIGHTNESS_REACH = 0.28;

/**
 * From the pixels where the face would be: a test for this person's own skin. Without a face to see, nothing is
 * taken for skin, so that a beige coat seen from behind stays a coat.
 */
export function skinLike(face: Uint8Array): (red: number, green: number, blue: number) => boolean {
  const lightnesses: number[] = [];
  let [sumA, sumB] = [0, 0];
  for (let at = 0; at + 2 < face.length; at += 3) {
    const [red = 0, green = 0, blue = 0] = [face[at], face[at + 1], face[at + 2]];
    if (!mayBeSkin(red, green, blue)) continue;
    const [lightness, a, b] = labOf(red, green, blue);
    lightnesses.push(lightness);
    sumA += a;
    sumB += b;
  }
  const count = lightnesses.length;
  if (count === 0 || count * 3 < FACE_SHARE * face.length) return () => false;
  const lightness = lightnesses.sort((x, y) => x - y)[count >> 1] ?? 0;
  const [meanA, meanB] = [sumA / count, sumB / count];
  return (red, green, blue) => {
    if (!mayBeSkin(red, green, blue)) return false;
    const [l, a, b] = labOf(red, green, blue);
    return Math.abs(l - lightness) < LIGHTNESS_REACH && Math.hypot(a - meanA, b - meanB) < HUE_REACH;
  };
}
