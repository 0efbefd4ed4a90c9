import {
  familyOf,
  openModel,
  SetupError,
  type CallOptions,
  type Clock,
  type ListedModel,
  type ModelTransport,
  type Preset,
  type ServerReport,
  type VisionModel,
} from "@sightline/core";
import type { Environment } from "../folders.ts";
import type { Settings } from "../settings/load.ts";
import { askServer } from "./ask-server.ts";
import type { Addresses } from "./known-servers.ts";
import { listedAs, pickTextModel, pickVisionModel } from "./rank-models.ts";
import { wayToGet } from "./start-lines.ts";

/** What the settings, or a look at this machine, say about the model. It holds no key. */
export interface ModelChoice {
  readonly preset: Preset;
  readonly foundBy: "settings" | "detection";
  /** Completes "It is asked because …". */
  readonly because: string;
  /** Absent when the settings do not name it, and servers of this kind have no usual place. */
  readonly baseUrl?: string;
  readonly hasKey: boolean;
  /** Undefined when a server was found that has nothing to offer; one that answers each question with `problem` when what is set does not lead to a model. */
  readonly model?: VisionModel;
  readonly textModel?: VisionModel;
  /** Why there is no model, or none that can be asked: one of the four errors. */
  readonly problem?: unknown;
  /** What the server said, when choosing took asking it. */
  readonly report?: ServerReport;
  /** Asks the server what it has. SetupError, ModelError when it does not answer or refuses. */
  inspect(options: CallOptions): Promise<ServerReport>;
}

export interface ChooseOptions extends CallOptions {
  readonly env: Environment;
  readonly transport: ModelTransport;
  readonly clock: Clock;
  readonly addresses?: Addresses;
}

/** A server that will be asked. */
export interface Server {
  readonly preset: Preset;
  readonly foundBy: ModelChoice["foundBy"];
  readonly because: string;
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
}

/** Makes choices that lie with one server. */
export function choiceMaker(server: Server, settings: Settings, { transport, clock }: ChooseOptions) {
  const { preset, foundBy, because, baseUrl, apiKey } = server;
  const { maxImages, context, maxTokens, temperature, topP, stream } = settings;

  const inspect = ({ signal }: CallOptions): Promise<ServerReport> => askServer(server, { transport, clock, signal });
  const base = { preset, foundBy, because, ...(baseUrl === undefined ? {} : { baseUrl }), hasKey: apiKey !== undefined, inspect };

  const open = (id: string, listed: ListedModel | undefined): VisionModel =>
    openModel(preset.name, {
      baseUrl,
      apiKey,
      transport,
      clock,
      model: id,
      maxImages,
      contextTokens: context,
      trainedContextTokens: listed?.contextTokens,
      parameters: { maxTokens, temperature, topP, stream },
    });

  return {
    inspect,

    opened(id: string, report?: ServerReport): ModelChoice {
      const models = report?.models ?? [];
      const listed = listedAs(models, id);
      if (settings.localOnly === true && listed?.remoteHost !== undefined) {
        const problem = new SetupError(`${id} runs on ${listed.remoteHost}, behind ${preset.title}, and --local-only is set.`, {
          hint: "Name a model that runs here, or leave out --local-only (SIGHTLINE_LOCAL_ONLY).",
        });
        return this.failing(problem, report);
      }
      const written = settings.textModel ?? (preset.dialect === "ollama" ? pickTextModel(models) : undefined);
      const model = open(id, listed);
      return {
        ...base,
        model,
        textModel: written === undefined || written === id ? model : open(written, listedAs(models, written)),
        ...(report === undefined ? {} : { report }),
      };
    },

    /** A model is set up, and cannot be asked: each question says why. */
    failing(problem: unknown, report?: ServerReport): ModelChoice {
      const model = unaskable(settings.model ?? "(no model set)", base, problem);
      return { ...base, model, textModel: model, problem, ...(report === undefined ? {} : { report }) };
    },

    /** Nobody set up a model, and what was found has none. */
    without(problem: unknown, report: ServerReport): ModelChoice {
      return { ...base, problem, report };
    },
  };
}

/**
 * Stands in for a model that the settings name only by half. Tasks that need none work on; the first question put to
 * it says what to set.
 */
function unaskable(id: string, { preset, baseUrl }: { readonly preset: Preset; readonly baseUrl?: string }, problem: unknown): VisionModel {
  const family = familyOf(id);
  return {
    id,
    backend: preset.name,
    server: baseUrl ?? "",
    family,
    abilities: { vision: true, maxImages: family.maxImages, longSide: family.longSide },
    parameters: {},
    ask: () => Promise.reject(problem instanceof Error ? problem : new Error(String(problem))),
  };
}

/** Longest list of names in a message. */
const MOST_NAMES = 20;

/** Why none of a server's models can be chosen without asking, and what to set. */
export function nothingToChoose(
  { preset, baseUrl, foundBy }: Pick<Server, "preset" | "baseUrl" | "foundBy">,
  report: ServerReport,
): SetupError {
  const models = (report.models ?? []).filter(({ chat }) => chat !== false);
  const { passedOver } = pickVisionModel(models, preset.dialect);
  const reasons = passedOver.map(({ id, why }) => `${id} (${why})`).join(", ");
  const where =
    foundBy === "detection" && preset.local === true ? `${preset.title} runs on this machine` : `${preset.title} at ${baseUrl} is set`;
  // The others stand in the reasons.
  const maySee = models.filter(({ id, vision }) => vision !== false && !passedOver.some((each) => each.id === id)).map(({ id }) => id);
  const names = `${maySee.slice(0, MOST_NAMES).join(", ")}${maySee.length > MOST_NAMES ? `, and ${maySee.length - MOST_NAMES} more` : ""}`;
  const see = wayToGet(preset, undefined);
  return new SetupError(
    report.models === undefined
      ? `${where}, but no model, and it does not say which it has.`
      : `${where}, without a vision model that can be used without naming it${reasons === "" ? "" : `: ${reasons}`}.`,
    {
      hint: [
        ...(see === undefined ? [] : [see]),
        ...(report.models === undefined || maySee.length + passedOver.length > 0
          ? [`${see === undefined ? "Name" : "Or name"} one that sees with --model (SIGHTLINE_MODEL)${names === "" ? "" : `: ${names}`}.`]
          : []),
      ].join(" "),
    },
  );
}
