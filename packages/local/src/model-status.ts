import type { CallOptions, Clock, ListedModel, ServerReport, VisionModel } from "@sightline/core";
import { checkServer } from "./model/doctor.ts";
import type { ModelChoice } from "./model/model-choice.ts";
import { leavesMachine } from "./model/private-only.ts";
import { probeModel } from "./model/probe-model.ts";
import { listedAs } from "./model/rank-models.ts";
import type { Settings } from "./settings/load.ts";
import type { Status } from "./status.ts";

/** Most names of a server's models in a status: an agent pays for each, and a vendor has hundreds. */
const MOST_MODELS = 20;

export interface ModelStatusOptions extends CallOptions {
  readonly clock: Clock;
  /** The model to ask about a tiny picture, for a diagnosis; a status asks none. */
  readonly probe?: VisionModel | undefined;
  readonly onWait?: ((message: string) => void) | undefined;
}

export type ModelStatus = Pick<Status, "model" | "pictures" | "missing">;

/** What to say about the model. Its server is asked what it has; a picture is sent only for a diagnosis. Throws only when cancelled. */
export async function modelStatus(choice: ModelChoice | undefined, settings: Settings, options: ModelStatusOptions): Promise<ModelStatus> {
  const { report, gaps } = await checkServer(choice, settings, options);
  if (choice === undefined) return { pictures: { where: "this machine" }, missing: [...gaps] };
  const { model, textModel, preset, foundBy, because, problem } = choice;
  const askable = problem === undefined ? model : undefined;
  const server = (askable?.server ?? choice.baseUrl) || undefined;
  const listed = model === undefined ? undefined : listedAs(report?.models ?? [], model.id);
  const name = askable?.id ?? settings.model;
  const probed =
    options.probe === undefined || askable === undefined || gaps.length > 0 ? undefined : await probeModel(options.probe, options);
  const missing = [...gaps, ...(probed?.ok === false ? [{ what: `a usable model: ${probed.problem}`, command: probed.command }] : [])];
  return {
    model: {
      ...(name === undefined ? {} : { name }),
      ...(textModel === undefined || textModel.id === name || askable === undefined ? {} : { text_model: textModel.id }),
      ...(server === undefined ? {} : { server }),
      backend: preset.name,
      ...(report?.version === undefined ? {} : { version: report.version }),
      found_by: foundBy,
      because,
      ready: missing.length === 0,
      ...listedModels(report),
      ...(askable === undefined ? {} : abilitiesOf(askable, listed)),
      ...(probed === undefined
        ? {}
        : { probe: { ok: probed.ok, seconds: probed.seconds, ...(probed.ok ? { answer: probed.answer } : {}) } }),
    },
    pictures:
      model === undefined ? { where: "this machine" } : whereTo({ server, remoteHost: listed?.remoteHost, because, report }, settings),
    missing,
  };
}

function abilitiesOf({ abilities }: VisionModel, listed: ListedModel | undefined): Partial<NonNullable<Status["model"]>> {
  return {
    max_images: abilities.maxImages,
    long_side: abilities.longSide,
    ...(abilities.contextTokens === undefined ? {} : { context_tokens: abilities.contextTokens }),
    ...(listed?.contextInUse === undefined ? {} : { context_in_use: listed.contextInUse }),
  };
}

function listedModels(report: ServerReport | undefined): Pick<NonNullable<Status["model"]>, "models" | "models_listed"> {
  if (report?.models === undefined) return {};
  const order = ({ vision }: ListedModel): number => (vision === true ? 0 : vision === undefined ? 1 : 2);
  const models = report.models
    .toSorted((a, b) => order(a) - order(b))
    .slice(0, MOST_MODELS)
    .map(({ id, vision }) => ({ name: id, ...(vision === undefined ? {} : { sees: vision }) }));
  return { models, models_listed: report.models.length };
}

/** Where pictures are sent. What a host's name leaves open, --local-only has found out when the server answered: it connects to no other than a private address. */
function whereTo(
  {
    server,
    remoteHost,
    because,
    report,
  }: { server: string | undefined; remoteHost: string | undefined; because: string; report: ServerReport | undefined },
  { localOnly = false }: Settings,
): Status["pictures"] {
  const address = remoteHost ?? server;
  if (address === undefined) return { where: "this machine" };
  const url = URL.canParse(address) ? address : `http://${address}`;
  const to = URL.canParse(url) ? new URL(url).host : address;
  const where = leavesMachine(url);
  if (!localOnly || where !== "elsewhere") return { where, to, because };
  return remoteHost === undefined && report !== undefined
    ? { where: "private network", to, because }
    : { where, to, because, refused: true };
}
