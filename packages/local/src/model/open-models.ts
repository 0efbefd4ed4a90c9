import type { CallOptions, Clock, VisionModel } from "@sightline/core";
import type { Environment } from "../folders.ts";
import type { Settings } from "../settings/load.ts";
import type { Observer } from "../telemetry/events.ts";
import { chooseModel } from "./choose-model.ts";
import type { Addresses } from "./known-servers.ts";
import type { ModelChoice } from "./model-choice.ts";
import type { RateLimiter } from "./rate-limit.ts";
import { serverQueue, steadyModel } from "./steady-model.ts";
import { createModelTransport } from "./transport.ts";

/** The models that tasks ask, behind the queue of their server. */
export interface OpenModels {
  readonly choice: ModelChoice | undefined;
  readonly model: VisionModel | undefined;
  readonly textModel: VisionModel | undefined;
}

/** Questions at a time where nothing is known of a server: enough to keep it busy, few enough not to be refused. */
const CONCURRENCY = 4;

/** Chooses by the settings, and opens what was chosen. SetupError for an environment that cannot be read; throws when cancelled. */
export async function openModels(
  settings: Settings,
  {
    env,
    clock,
    addresses,
    signal,
    rateLimiter,
    asked,
  }: {
    readonly env: Environment;
    readonly clock: Clock;
    readonly addresses?: Addresses;
    readonly rateLimiter?: RateLimiter | undefined;
    readonly asked?: Observer["asked"];
  } & CallOptions,
): Promise<OpenModels> {
  if (settings.backend === "none") return { choice: undefined, model: undefined, textModel: undefined };
  const transport = createModelTransport({ clock, privateOnly: settings.localOnly === true, rateLimiter });
  const choice = await chooseModel(settings, { env, clock, transport, signal, ...(addresses === undefined ? {} : { addresses }) });
  if (choice?.model === undefined) return { choice, model: undefined, textModel: undefined };
  // Of one server, so of one queue.
  const limit = serverQueue(settings.concurrency ?? choice.preset.concurrency ?? CONCURRENCY);
  const steady = { clock, limit, wholeMs: settings.timeout * 1000, ...(asked === undefined ? {} : { asked }) };
  const model = steadyModel(choice.model, steady);
  const textModel = choice.textModel === undefined || choice.textModel === choice.model ? model : steadyModel(choice.textModel, steady);
  return { choice, model, textModel };
}
