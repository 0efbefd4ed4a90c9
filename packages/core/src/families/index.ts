import { claude } from "./claude.ts";
import { deepseekVl2 } from "./deepseek-vl.ts";
import { florence2 } from "./florence.ts";
import { gemini } from "./gemini.ts";
import { gemma3, gemma4, paliGemma } from "./gemma.ts";
import { glmV } from "./glm-v.ts";
import { internVl } from "./internvl.ts";
import { llamaVision } from "./llama-vision.ts";
import type { ModelFamily } from "./model-family.ts";
import { molmo } from "./molmo.ts";
import { moondream } from "./moondream.ts";
import { qwen25Vl, qwen2Vl, qwen3Vl } from "./qwen-vl.ts";
import { unknownFamily } from "./unknown.ts";

export { countedSize } from "./box-convention.ts";
export { readBoxes } from "./read-boxes.ts";
export type { ReadBoxes } from "./read-boxes.ts";
export type { BoxConvention } from "./box-convention.ts";
export type { ModelFamily, PictureSize } from "./model-family.ts";

/** Asked in this order; the last one takes every model. */
const families: readonly ModelFamily[] = [
  llamaVision,
  qwen2Vl,
  qwen25Vl,
  qwen3Vl,
  paliGemma,
  gemma4,
  gemma3,
  gemini,
  claude,
  glmV,
  internVl,
  deepseekVl2,
  florence2,
  molmo,
  moondream,
  unknownFamily,
];

/** The family of a model by its id, as servers spell it: `llama3.2-vision:11b`, `meta/llama-3.2-90b-vision-instruct`, … */
export function familyOf(modelId: string): ModelFamily {
  return families.find((family) => family.matches(modelId)) ?? unknownFamily;
}
