import type { ModelFamily } from "./model-family.ts";

/** Moondream: one crop of 378 pixels and up to 12 more, 729 tokens together; `{"x_min": 0.2, …}` in 0 to 1 (docs.moondream.ai, "Detect"). */
export const moondream: ModelFamily = {
  name: "Moondream",
  longSide: 1134,
  maxImages: 1,
  englishOnly: true,
  imageTokens: () => 729,
  boxes: {
    scale: 1,
    order: "xyxy",
    ask: (what) =>
      `Detect: ${what}. Answer with JSON: {"objects": [{"x_min": 0.1, "y_min": 0.1, "x_max": 0.2, "y_max": 0.2}]}, or {"objects": []} when there is none.`,
  },
  matches: (modelId) => /moondream/i.test(modelId),
};
