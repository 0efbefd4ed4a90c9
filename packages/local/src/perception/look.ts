import type { Box, DetectedObject, Line, PictureLook } from "@sightline/core";
import type { Pixels } from "../media/decode.ts";
import { clothingOf } from "./clothing.ts";
import { colorShares } from "./dominant-colors.ts";
import { pictureFeatures } from "./picture-features.ts";
import { pictureKind } from "./picture-kind.ts";
import { rasterOf } from "./raster.ts";
import { textSigns } from "./text-signs.ts";

/** Scene colours are counted on a copy of this longer side. */
const SCENE_SIDE = 200;
/** A main colour covers at least this share of the picture. */
const SCENE_COLOR = 0.08;
const MOST_SCENE_COLORS = 5;

/** All that can be told from pixels alone. Boxes of the evidence in full-resolution pixels, as everywhere. */
export function lookAtPicture(
  pixels: Pixels,
  evidence: { readonly people: readonly Box[]; readonly objects: readonly DetectedObject[]; readonly lines: readonly Line[] },
): PictureLook {
  const { width, height } = pixels.original;
  const scale = { x: pixels.width / width, y: pixels.height / height };
  const people = evidence.people.map((box) => ({
    x: box.x * scale.x,
    y: box.y * scale.y,
    width: box.width * scale.x,
    height: box.height * scale.y,
  }));
  const scene = colorShares(rasterOf(pixels, { x: 0, y: 0, width: pixels.width, height: pixels.height }, SCENE_SIDE).rgb);
  return {
    colors: scene
      .filter(({ share }) => share >= SCENE_COLOR)
      .slice(0, MOST_SCENE_COLORS)
      .map(({ words }) => words),
    kind: pictureKind(pictureFeatures(pixels), textSigns(evidence.lines, width, height), evidence.objects, { width, height }),
    clothing: people.map((person, index) =>
      clothingOf(
        pixels,
        person,
        people.filter((_, other) => other !== index),
      ),
    ),
  };
}
