import { SetupError } from "../errors.ts";
import type { VisionModel } from "../model.ts";
import type { CallOptions } from "../ports.ts";
import type { Backend, ModelOptions, ServerOptions, ServerReport } from "./backend.ts";
import { nvidia } from "./nvidia.ts";
import { ollama } from "./ollama.ts";
import { openAiCompatible } from "./openai-compatible.ts";
import { presets, type Preset } from "./presets.ts";

const dialects: Readonly<Record<Preset["dialect"], Backend>> = { ollama, nvidia, "openai-compatible": openAiCompatible };

/** The preset of this name. SetupError when there is none. */
export function presetNamed(name: string): Preset {
  const preset = presets.find((each) => each.name === name);
  if (preset !== undefined) return preset;
  throw new SetupError(`There is no backend "${name}".`, { hint: `Backends: ${presets.map((each) => each.name).join(", ")}.` });
}

/** A model behind the server that `backend` names. Nothing is sent before the first question. SetupError when the options lead to none. */
export function openModel(backend: string, options: ModelOptions): VisionModel {
  const preset = presetNamed(backend);
  return dialects[preset.dialect].open(preset, options);
}

/** What the server that `backend` names says of itself and its models. SetupError, ModelError when it does not answer or refuses. */
export function inspectServer(backend: string, options: ServerOptions & CallOptions): Promise<ServerReport> {
  const preset = presetNamed(backend);
  return dialects[preset.dialect].inspect(preset, options);
}
