import type { ModelFamily } from "./model-family.ts";

/** Molmo points and draws no boxes: `<point x="43.0" y="58.0" alt="gripper">` in percent of each side (allenai.org/blog/molmo). */
export const molmo: ModelFamily = {
  name: "Molmo",
  longSide: 1344,
  maxImages: 1,
  imageTokens: ({ width, height }) => 144 * (Math.min(12, Math.max(1, Math.ceil(width / 336) * Math.ceil(height / 336))) + 1),
  boxes: { scale: 100, order: "point", ask: (what) => `Point to: ${what}. If there is none, say that there are none.` },
  matches: (modelId) => /molmo/i.test(modelId),
};
