import type { ModelFamily } from "./model-family.ts";

/**
 * Llama 3.2 Vision, 11B and 90B. It cuts a picture into at most four tiles of 560 pixels, so 1120 is the longest side it
 * sees in full, and it was trained on one picture a request (NVIDIA NIM 1.1 notes; some servers take more, the operator may say so).
 * Its chat template refuses a system message beside a picture and wants the picture before the text; backends send neither
 * a system message nor text first for any model.
 */
export const llamaVision: ModelFamily = {
  name: "Llama 3.2 Vision",
  longSide: 1120,
  maxImages: 1,
  matches: (modelId) => /llama-?3[.-]2.*vision/i.test(modelId),
};
