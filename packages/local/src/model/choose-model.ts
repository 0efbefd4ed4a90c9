import { isSightlineError, presetNamed, SetupError, type ServerReport } from "@sightline/core";
import type { Settings } from "../settings/load.ts";
import { detectServers, type FoundServer } from "./detect-servers.ts";
import { isVendors, keyFromEnvironment, presetOf, usualAddress } from "./known-servers.ts";
import { choiceMaker, type ChooseOptions, type ModelChoice, nothingToChoose, type Server } from "./model-choice.ts";
import { privateOnly } from "./private-only.ts";
import { listedAs, pickVisionModel } from "./rank-models.ts";

/**
 * The model by the settings; else one of a server that is found; undefined when there is neither, or `backend` is `none`. A server is asked only where
 * the settings leave something open. Throws when cancelled, and SetupError for an environment that cannot be read.
 */
export async function chooseModel(settings: Settings, options: ChooseOptions): Promise<ModelChoice | undefined> {
  if (settings.backend === "none") return undefined;
  const named = namedServer(settings, options);
  return named === undefined ? detected(settings, options) : onNamedServer(named, settings, options);
}

/** The server that the settings name, by its kind or its address; undefined when they name none. */
function namedServer({ backend, baseUrl, apiKey, origins }: Settings, { env, addresses }: ChooseOptions): Server | undefined {
  if (backend !== undefined && backend !== "none") {
    const preset = presetNamed(backend);
    return {
      preset,
      foundBy: "settings",
      because: `${origins.backend ?? "--backend"} says so`,
      baseUrl: baseUrl ?? usualAddress(preset, env, addresses),
      apiKey: apiKey ?? keyFromEnvironment(preset, env)?.key,
    };
  }
  if (baseUrl === undefined) return undefined;
  const preset = presetOf(baseUrl);
  // A port is no proof of whose server it is.
  const own = isVendors(preset, baseUrl) ? keyFromEnvironment(preset, env)?.key : undefined;
  return { preset, foundBy: "settings", because: `${origins.baseUrl ?? "--base-url"} says so`, baseUrl, apiKey: apiKey ?? own };
}

async function onNamedServer(server: Server, settings: Settings, options: ChooseOptions): Promise<ModelChoice> {
  const { preset, baseUrl } = server;
  const choose = choiceMaker(server, settings, options);
  if (baseUrl === undefined) {
    const problem = new SetupError(`The backend ${preset.name} is set, but no model server.`, {
      hint: "Give its address with --base-url (SIGHTLINE_BASE_URL).",
    });
    return choose.failing(problem);
  }
  // Known without looking its name up.
  if (settings.localOnly === true && isVendors(preset, baseUrl)) return choose.failing(privateOnly.refuse(new URL(baseUrl).host));
  // Ollama is asked at any rate: which of its models write, and which of them run elsewhere, it alone knows.
  if (settings.model !== undefined && preset.dialect !== "ollama") return choose.opened(settings.model);
  let report: ServerReport;
  try {
    report = await choose.inspect({ signal: options.signal });
  } catch (problem) {
    options.signal?.throwIfAborted();
    return settings.model === undefined ? choose.failing(problem) : choose.opened(settings.model);
  }
  if (settings.model !== undefined) return choose.opened(settings.model, report);
  const { model } = pickVisionModel(report.models ?? [], preset.dialect);
  return model === undefined ? choose.failing(nothingToChoose(server, report), report) : choose.opened(model, report);
}

async function detected(settings: Settings, options: ChooseOptions): Promise<ModelChoice | undefined> {
  const found = await detectServers({ ...options, localOnly: settings.localOnly ?? false });
  const { model: wanted } = settings;
  for (const server of found) {
    const choose = choiceMaker({ ...server, foundBy: "detection" }, settings, options);
    if ("problem" in server.answer) {
      // A key says that this server is meant: another in its place would see the pictures without being asked to. A model's name says more.
      if (wanted === undefined) return choose.failing(meantByKey(server, server.answer.problem));
      continue;
    }
    const { report } = server.answer;
    const models = report.models ?? [];
    const model = wanted === undefined ? pickVisionModel(models, server.preset.dialect).model : listedAs(models, wanted) && wanted;
    if (model !== undefined) return choose.opened(model, report);
  }
  return noneOf(found, settings, options);
}

/** The problem of a server that only its key has named, with what to do for whoever did not mean it. */
function meantByKey({ preset, because }: FoundServer, problem: unknown): unknown {
  if (!isSightlineError(problem) || problem.kind !== "SetupError") return problem;
  return new SetupError(problem.message, {
    hint:
      `${preset.title} is asked because ${because}: check the connection and the key. ` +
      "--backend (SIGHTLINE_BACKEND) names another server; `--backend none` asks none, and this machine's own eyes answer.",
    cause: problem,
  });
}

/** When no server that was found has a model to choose. */
function noneOf(found: readonly FoundServer[], settings: Settings, options: ChooseOptions): ModelChoice | undefined {
  const [first] = found;
  const { model: wanted } = settings;
  if (wanted === undefined) {
    if (first === undefined || "problem" in first.answer) return undefined;
    const server = { ...first, foundBy: "detection" } as const;
    const { report } = first.answer;
    return choiceMaker(server, settings, options).without(nothingToChoose(server, report), report);
  }
  const asked = found
    .map(({ preset, baseUrl, answer }) => `${preset.title} at ${baseUrl}${"problem" in answer ? " (which does not answer)" : ""}`)
    .join(", ");
  const problem = new SetupError(
    first === undefined
      ? `The model ${wanted} is set, but no model server, and none answers on this machine.`
      : `The model ${wanted} is set, but no model server, and none that was found has it: ${asked}.`,
    {
      hint: "Name the server with --backend (SIGHTLINE_BACKEND) or --base-url (SIGHTLINE_BASE_URL), or get the model: `sightline status` shows what each has.",
    },
  );
  const server = first ?? { preset: presetNamed("openai-compatible"), because: "" };
  return choiceMaker(
    { ...server, because: `${settings.origins.model ?? "--model"} is set`, foundBy: "settings" },
    settings,
    options,
  ).failing(problem);
}
