import { box2d } from "./gemini.ts";
import type { ModelFamily } from "./model-family.ts";

/** Gemma 3: every picture becomes 896 x 896 pixels and 256 tokens (model card). */
export const gemma3: ModelFamily = {
  name: "Gemma 3",
  longSide: 896,
  maxImages: 8,
  imageTokens: () => 258,
  matches: (modelId) => /gemma-?3(?!n)/i.test(modelId),
};

/** Gemma 4: a budget of 70 to 1120 tokens a picture, chosen by the server (model card); the most is counted. */
export const gemma4: ModelFamily = {
  name: "Gemma 4",
  longSide: 1536,
  maxImages: 8,
  imageTokens: () => 1120,
  boxes: box2d,
  matches: (modelId) => /gemma-?4/i.test(modelId),
};

/** PaliGemma 1 and 2: every picture becomes 224, 448 or 896 pixels square; `<loc0256>` counts 1024 bins, y first (model card). */
export const paliGemma: ModelFamily = {
  name: "PaliGemma",
  longSide: 896,
  maxImages: 1,
  imageTokens: () => 1024,
  boxes: { scale: 1024, order: "yxyx", ask: (what) => `detect ${what}` },
  matches: (modelId) => /paligemma/i.test(modelId),
};
