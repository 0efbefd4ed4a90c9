import type { ModelFamily } from "./model-family.ts";

/** GLM-4.1V to GLM-4.6V and GLM-5V: `<|begin_of_box|>[[x1,y1,x2,y2]]<|end_of_box|>` (README of zai-org/GLM-V); patches as Qwen2-VL's. */
export const glmV: ModelFamily = {
  name: "GLM-V",
  longSide: 1540,
  maxImages: 8,
  imageTokens: ({ width, height }) => Math.ceil(width / 28) * Math.ceil(height / 28) + 2,
  boxes: {
    scale: 1000,
    order: "xyxy",
    ask: (what) =>
      `Please provide the bounding box coordinates of every instance of: ${what}\nWrite them as [[x1,y1,x2,y2], …], x and y normalized to 0-1000. Write [] when it is not in the picture.`,
  },
  matches: (modelId) => /glm-?\d(?:\.\d+)?-?v/i.test(modelId),
};
