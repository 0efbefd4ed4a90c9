import type { ModelFamily } from "./model-family.ts";

/** DeepSeek-VL2: tiles of 384 pixels, 210 tokens each (its paper); `<|ref|>text<|/ref|><|det|>[[120, 68, 270, 82]]<|/det|>` in 0 to 999. */
export const deepseekVl2: ModelFamily = {
  name: "DeepSeek-VL2",
  longSide: 1152,
  maxImages: 2,
  imageTokens: ({ width, height }) => 210 * (Math.min(9, Math.max(1, Math.ceil(width / 384) * Math.ceil(height / 384))) + 1),
  boxes: { scale: 999, order: "xyxy", ask: (what) => `<|ref|>${what}<|/ref|>.` },
  matches: (modelId) => /deepseek-?vl-?2/i.test(modelId),
};
