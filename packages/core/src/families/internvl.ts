import type { ModelFamily } from "./model-family.ts";

/** InternVL: tiles of 448 pixels, 256 tokens each, at most 12 and a thumbnail (model card); `<ref>bus</ref><box>[[290, 202, 835, 851]]</box>` in 0 to 1000. */
export const internVl: ModelFamily = {
  name: "InternVL",
  longSide: 1344,
  maxImages: 8,
  imageTokens: ({ width, height }) => 256 * (Math.min(12, Math.max(1, Math.ceil(width / 448) * Math.ceil(height / 448))) + 1),
  boxes: {
    scale: 1000,
    order: "xyxy",
    ask: (what) => `Please provide the bounding box coordinate of the region this sentence describes: <ref>${what}</ref>`,
  },
  matches: (modelId) => /intern-?vl/i.test(modelId),
};
