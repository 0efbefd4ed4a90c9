import { claude } from "./claude.ts";
import { gemma3, gemma4 } from "./gemma.ts";
import { llamaVision } from "./llama-vision.ts";
import type { ModelFamily } from "./model-family.ts";
import { qwen2Vl, qwen3Vl } from "./qwen-vl.ts";
import { unknownFamily } from "./unknown.ts";

export type { ModelFamily, PictureSize } from "./model-family.ts";

/** Asked in this order; the last one takes every model. */
const families: readonly ModelFamily[] = [llamaVision, qwen2Vl, qwen3Vl, gemma4, gemma3, claude, unknownFamily];

/** The family of a model by its id, as servers spell it: `llama3.2-vision:11b`, `meta/llama-3.2-90b-vision-instruct`, … */
export function familyOf(modelId: string): ModelFamily {
  return families.find((family) => family.matches(modelId)) ?? unknownFamily;
}
