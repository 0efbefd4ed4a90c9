import { jsonQuestion } from "./box-convention.ts";
import type { BoxConvention } from "./box-convention.ts";
import type { ModelFamily } from "./model-family.ts";

/** y first (ai.google.dev, "Image understanding"; the same in the model card of Gemma 4). */
export const box2d: BoxConvention = {
  scale: 1000,
  order: "yxyx",
  ask: (what) => jsonQuestion(what, "box_2d", "ymin, xmin, ymax, xmax", "normalized to 0-1000"),
};

/** Gemini: a picture over 384 pixels is cut into tiles of 768, 258 tokens each (ai.google.dev, "Image understanding"). */
export const gemini: ModelFamily = {
  name: "Gemini",
  longSide: 1536,
  maxImages: 16,
  imageTokens: ({ width, height }) => 258 * Math.max(1, Math.ceil(width / 768) * Math.ceil(height / 768)),
  boxes: box2d,
  matches: (modelId) => /gemini/i.test(modelId),
};
