import { openAiCompatible, SetupError, type ModelTransport, type VisionModel } from "@sightline/core";
import type { Environment } from "./folders.ts";
import type { Settings } from "./settings.ts";

/** What the settings, or a look at this machine, say about the model. */
export interface ModelChoice {
  readonly foundBy: "settings" | "detection";
  /** Undefined when a server was found that has nothing to offer. */
  readonly model?: VisionModel;
  readonly textModel?: string;
  /** Up to and with /v1; absent when the settings do not name it. */
  readonly baseUrl?: string;
  readonly transport: ModelTransport;
  /** Why there is no model, or none that can be asked. */
  readonly problem?: SetupError;
}

/**
 * Stands in for a model that the settings name only by half. Tasks that need none work on; the first question put to
 * it says what to set.
 */
function unaskable(id: string, problem: SetupError): VisionModel {
  return {
    id,
    backend: "openai-compatible",
    abilities: { vision: true, maxImages: 1, longSide: 1120 },
    ask: () => Promise.reject(problem),
  };
}

/** The model by the settings; else one of a local Ollama; undefined when there is neither, or `backend` is `none`. */
export async function chooseModel(settings: Settings, env: Environment): Promise<ModelChoice | undefined> {
  const { backend, baseUrl, model: name, textModel, apiKey, maxImages } = settings;
  if (backend === "none") return undefined;
  const { createModelTransport } = await import("./model/transport.ts");
  const transport = createModelTransport();

  if (baseUrl !== undefined || backend !== undefined) {
    const server = {
      foundBy: "settings",
      transport,
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(textModel === undefined ? {} : { textModel }),
    } as const;
    if (baseUrl !== undefined && name !== undefined)
      return { ...server, model: openAiCompatible({ baseUrl, model: name, apiKey, transport, maxImages }) };
    const problem =
      baseUrl === undefined
        ? new SetupError(`The backend ${backend} is set, but no model server.`, {
            hint: "Give its address with --base-url or SIGHTLINE_BASE_URL.",
          })
        : new SetupError(`A model server is set (${baseUrl}), but no model.`, {
            hint: "Name one of its vision models with --model or SIGHTLINE_MODEL.",
          });
    return { ...server, model: unaskable(name ?? "(no model set)", problem), problem };
  }

  const { detectOllama } = await import("./detect-ollama.ts");
  const ollama = await detectOllama({ env });
  if (ollama === undefined) {
    if (name === undefined) return undefined;
    const problem = new SetupError(`The model ${name} is set, but no model server, and no Ollama answers on this machine.`, {
      hint: "Give the server's address with --base-url or SIGHTLINE_BASE_URL, or start Ollama.",
    });
    return { foundBy: "settings", transport, model: unaskable(name, problem), problem };
  }
  const text = textModel ?? ollama.textModel;
  const found = { foundBy: "detection", transport, baseUrl: ollama.baseUrl, ...(text === undefined ? {} : { textModel: text }) } as const;
  const id = name ?? ollama.model;
  // The API key stays here: it was given for another server.
  if (id !== undefined) return { ...found, model: openAiCompatible({ baseUrl: ollama.baseUrl, model: id, transport, maxImages }) };
  const passedOver = ollama.visionModels.map(({ name: candidate, notChosen }) => `${candidate} (${notChosen})`).join(", ");
  const problem = new SetupError(
    `Ollama runs on this machine without a vision model that can be used${passedOver === "" ? "" : `: ${passedOver}`}.`,
    {
      hint: "ollama pull qwen3-vl:8b",
    },
  );
  return { ...found, problem };
}
