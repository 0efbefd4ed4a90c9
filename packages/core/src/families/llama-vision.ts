import type { ModelFamily } from "./model-family.ts";

/** Side of a tile in pixels, and the most of them (Llama 3.2 model card; `image_processing_mllama.py` of transformers). */
const TILE = 560;
const MAX_TILES = 4;

/**
 * Llama 3.2 Vision, 11B and 90B. It cuts a picture into at most four tiles of 560 pixels, so 1120 is the longest side it
 * sees in full (2240 for a panorama, whose tiles lie in a row), and it was trained on one picture a request (NVIDIA NIM 1.1 notes; some servers take
 * more, the operator may say so). About pictures it speaks English alone (model card). Its chat template refuses a system message beside a picture
 * and wants the picture before the text; backends send neither a system message nor text first for any model.
 */
export const llamaVision: ModelFamily = {
  name: "Llama 3.2 Vision",
  longSide: 2 * TILE,
  longSideOf({ width, height }) {
    const ratio = Math.max(width, height) / Math.min(width, height);
    // Four tiles in a row show more of it than two by two do once it is longer than three to one.
    return ratio >= MAX_TILES ? MAX_TILES * TILE : ratio >= 3 ? 3 * TILE : 2 * TILE;
  },
  maxImages: 1,
  englishOnly: true,
  // NVIDIA's API reference for the two.
  maxOutputTokens: (modelId) => (/90b/i.test(modelId) ? 8192 : 4096),
  // Cross-attention: the picture is looked at beside the text and takes one token of it.
  imageTokens: () => 1,
  matches: (modelId) => /llama-?3[.-]2.*vision/i.test(modelId),
};
