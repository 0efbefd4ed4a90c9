import { familyOf } from "../families/index.ts";
import type { VisionModel } from "../model.ts";
import type { ModelOptions } from "./backend.ts";
import type { Preset } from "./presets.ts";

/** What is known of a model before it is asked anything: all of a VisionModel but the asking. The operator's word goes before the server's, that before the family's. */
export function modelIdentity(
  preset: Preset,
  server: string,
  { model, maxImages, contextTokens, parameters }: ModelOptions,
): Omit<VisionModel, "ask"> {
  const family = familyOf(model);
  return {
    id: model,
    backend: preset.name,
    server,
    family,
    abilities: {
      vision: true,
      maxImages: maxImages ?? Math.min(family.maxImages, preset.maxImages ?? Infinity),
      longSide: family.longSide,
      ...(preset.maxImageBytes === undefined ? {} : { maxImageBytes: preset.maxImageBytes }),
      ...(contextTokens === undefined ? {} : { contextTokens }),
    },
    parameters: parameters ?? {},
  };
}
