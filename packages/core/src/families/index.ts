import { llamaVision } from "./llama-vision.ts";
import type { ModelFamily } from "./model-family.ts";
import { unknownFamily } from "./unknown.ts";

export type { ModelFamily } from "./model-family.ts";

/** Asked in this order; the last one takes every model. */
const families: readonly ModelFamily[] = [llamaVision, unknownFamily];

/** The family of a model by its id, as servers spell it: `llama3.2-vision:11b`, `meta/llama-3.2-90b-vision-instruct`, … */
export function familyOf(modelId: string): ModelFamily {
  return families.find((family) => family.matches(modelId)) ?? unknownFamily;
}
