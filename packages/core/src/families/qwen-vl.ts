import type { ModelFamily } from "./model-family.ts";

/** Qwen2-VL, Qwen2.5-VL: patches of 14 pixels, merged two by two: one token for 28 x 28 pixels (model card). */
export const qwen2Vl: ModelFamily = {
  name: "Qwen2-VL",
  longSide: 1540,
  maxImages: 8,
  imageTokens: ({ width, height }) => Math.ceil(width / 28) * Math.ceil(height / 28) + 2,
  matches: (modelId) => /qwen2(?:[.-]5)?-?vl/i.test(modelId),
};

/** Qwen3-VL and the Qwen 3.5 models, which all see: patches of 16 pixels, merged two by two: one token for 32 x 32 pixels (model card). */
export const qwen3Vl: ModelFamily = {
  name: "Qwen3-VL",
  longSide: 1536,
  maxImages: 8,
  imageTokens: ({ width, height }) => Math.ceil(width / 32) * Math.ceil(height / 32) + 2,
  matches: (modelId) => /qwen-?3(?:-?vl|[.-]5)/i.test(modelId),
};
