import { jsonQuestion, NORMALIZED } from "./box-convention.ts";
import type { ModelFamily } from "./model-family.ts";

/** Qwen2-VL: patches of 14 pixels, merged two by two: one token for 28 x 28 pixels (model card). */
export const qwen2Vl: ModelFamily = {
  name: "Qwen2-VL",
  longSide: 1540,
  maxImages: 8,
  imageTokens: ({ width, height }) => Math.ceil(width / 28) * Math.ceil(height / 28) + 2,
  boxes: { scale: 1000, order: "xyxy", ask: (what) => jsonQuestion(what, "bbox_2d", "x1, y1, x2, y2", NORMALIZED) },
  matches: (modelId) => /qwen2-?vl/i.test(modelId),
};

/** Qwen2.5-VL: the same patches, but boxes in pixels of the picture as it was resized to multiples of 28 (cookbook "Spatial understanding"). */
export const qwen25Vl: ModelFamily = {
  ...qwen2Vl,
  name: "Qwen2.5-VL",
  boxes: {
    scale: "pixels",
    step: 28,
    order: "xyxy",
    ask: (what, { width, height }) =>
      jsonQuestion(what, "bbox_2d", "x1, y1, x2, y2", `absolute pixel coordinates of this picture of ${width} x ${height} pixels`),
  },
  matches: (modelId) => /qwen2[.-]5-?vl/i.test(modelId),
};

/** Qwen3-VL and the Qwen 3.5 models, which all see: patches of 16 pixels, merged two by two: one token for 32 x 32 pixels (model card). */
export const qwen3Vl: ModelFamily = {
  name: "Qwen3-VL",
  longSide: 1536,
  maxImages: 8,
  imageTokens: ({ width, height }) => Math.ceil(width / 32) * Math.ceil(height / 32) + 2,
  boxes: { scale: 1000, order: "xyxy", ask: (what) => jsonQuestion(what, "bbox_2d", "x1, y1, x2, y2", NORMALIZED) },
  matches: (modelId) => /qwen-?3(?:-?vl|[.-]5)/i.test(modelId),
};
