import { familyOf, isSightlineError, type CallOptions, type ListedModel, type Preset, type ServerReport } from "@sightline/core";
import type { Settings } from "../settings/load.ts";
import type { ModelChoice } from "./model-choice.ts";
import { hasModel, listedAs } from "./rank-models.ts";
import { wayToAnyModel, wayToGet, wayToKey, wayToStart } from "./start-lines.ts";

/** Something that is missing, and what to run or set. */
export interface Gap {
  readonly what: string;
  readonly command: string;
}

/** What a look at the model server gave: its list, no picture. */
export interface ServerCheck {
  /** Undefined when it did not say. */
  readonly report?: ServerReport;
  readonly gaps: readonly Gap[];
}

/** Asks the server that was chosen what it has, and says what is missing. Throws only when cancelled. */
export async function checkServer(choice: ModelChoice | undefined, settings: Settings, { signal }: CallOptions): Promise<ServerCheck> {
  if (settings.backend === "none") return { gaps: [] };
  if (choice === undefined) {
    const what = "a vision model (for questions, and for descriptions in a model's words)";
    return { gaps: [{ what, command: wayToAnyModel(settings.localOnly === true) }] };
  }
  const { preset, problem } = choice;
  const wanted = settings.model;
  if (problem !== undefined) {
    return { ...(choice.report === undefined ? {} : { report: choice.report }), gaps: [asGap(problem, preset, wanted)] };
  }
  let report: ServerReport;
  try {
    report = choice.report ?? (await choice.inspect({ signal }));
  } catch (error) {
    signal?.throwIfAborted();
    return { gaps: [asGap(error, preset, wanted)] };
  }
  const gap = keyGap(choice) ?? modelGap(choice, report);
  return { report, gaps: gap === undefined ? [] : [gap] };
}

/** A vendor lists its models to anybody, and answers to nobody without a key. */
function keyGap({ preset, hasKey, foundBy }: ModelChoice): Gap | undefined {
  const wantsKey = preset.local !== true && preset.keyVariables.length > 0;
  return wantsKey && !hasKey && foundBy === "settings" ? { what: `a key for ${preset.title}`, command: wayToKey(preset) } : undefined;
}

function modelGap({ preset, baseUrl, model }: ModelChoice, { models, version }: ServerReport): Gap | undefined {
  if (model === undefined || models === undefined) return undefined;
  const listed = listedAs(models, model.id);
  if (cannotLoad(preset, model.id, listed, version)) {
    return {
      what: `a usable model: ${preset.title} ${version} cannot load ${model.id}`,
      command: wayToGet(preset, model.id) ?? nameAnother(models),
    };
  }
  // A server that lists nothing is a gateway: whether it has a model, only a question shows.
  if (models.length > 0 && !hasModel(models, model.id)) {
    return {
      what: `a usable model: ${baseUrl} has no model ${model.id}`,
      command: [wayToGet(preset, model.id), nameAnother(models)].filter((words) => words !== undefined).join(" "),
    };
  }
  if (listed?.vision === false) {
    return {
      what: `a usable model: ${model.id} at ${baseUrl} takes no pictures`,
      command: [wayToGet(preset, undefined), nameAnother(models)].filter((words) => words !== undefined).join(" "),
    };
  }
  return undefined;
}

/** Longest list of names in a message. */
const MOST_NAMES = 20;

function nameAnother(models: readonly ListedModel[]): string {
  const names = models.filter(({ vision, chat }) => vision !== false && chat !== false).map(({ id }) => id);
  const more = names.length > MOST_NAMES ? `, and ${names.length - MOST_NAMES} more` : "";
  return names.length === 0
    ? "It has no model that sees."
    : `Set --model (SIGHTLINE_MODEL) to one that sees: ${names.slice(0, MOST_NAMES).join(", ")}${more}.`;
}

/** The first version that can no longer load Llama 3.2 Vision (Ollama #16490; vLLM's own message names 0.10.2 as its last). */
const WITHOUT_MLLAMA: Readonly<Partial<Record<string, readonly number[]>>> = { ollama: [0, 30, 0], vllm: [0, 10, 3] };

function cannotLoad({ name }: Preset, id: string, listed: ListedModel | undefined, version: string | undefined): boolean {
  const first = WITHOUT_MLLAMA[name];
  if (first === undefined || version === undefined) return false;
  return (listed?.family === "mllama" || familyOf(id).name === "Llama 3.2 Vision") && !isBefore(version, first);
}

function isBefore(version: string, other: readonly number[]): boolean {
  const parts = version
    .replace(/^v/, "")
    .split(".")
    .map((part) => Number.parseInt(part, 10) || 0);
  for (const [index, there] of other.entries()) {
    const here = parts[index] ?? 0;
    if (here !== there) return here < there;
  }
  return false;
}

/** Codes of Node's sockets and undici for a server that is not there. */
const NOT_THERE: ReadonlySet<unknown> = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT"]);

/** An error as a gap. A server that is not there is started. */
function asGap(error: unknown, preset: Preset, model: string | undefined): Gap {
  const [words, hint] = isSightlineError(error) ? [error.message, error.hint] : [String(error), undefined];
  const start = isNotThere(error) ? wayToStart(preset, model) : undefined;
  return { what: `a usable model: ${words.replace(/\.$/, "")}`, command: [start, hint].filter((each) => each !== undefined).join(" ") };
}

function isNotThere(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if ("code" in at && NOT_THERE.has(at.code)) return true;
  return false;
}
