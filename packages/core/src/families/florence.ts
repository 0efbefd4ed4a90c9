import type { ModelFamily } from "./model-family.ts";

/** Florence-2: every picture becomes 768 x 768 pixels and 577 tokens; `<loc_53>` is the 54th of 1000 bins (its processor). */
export const florence2: ModelFamily = {
  name: "Florence-2",
  longSide: 768,
  maxImages: 1,
  englishOnly: true,
  imageTokens: () => 577,
  boxes: { scale: 1000, order: "xyxy", bins: true, ask: (what) => `<OPEN_VOCABULARY_DETECTION>${what}` },
  matches: (modelId) => /florence-?2/i.test(modelId),
};
