import { isSightlineError } from "../errors.ts";
import type { CallOptions, ModelTransport } from "../ports.ts";
import type { ListedModel, ServerOptions, ServerReport } from "./backend.ts";
import { explainConnectionFailure } from "./connection-failure.ts";
import { ollamaAddress } from "./ollama-address.ts";
import { explainOllamaRefusal, notOllama } from "./ollama-refusal.ts";
import { accepted, RefusedResponse, requestInit, withoutKey } from "./http.ts";
import type { Preset } from "./presets.ts";

/** `POST /api/show` reads the model's file: no more of them at a time than a busy machine bears. */
const SHOWN_AT_A_TIME = 4;

interface OllamaServer extends CallOptions {
  readonly server: string;
  readonly apiKey?: string | undefined;
  readonly transport: ModelTransport;
}

type Fields = Readonly<Partial<Record<string, unknown>>>;

/**
 * What an Ollama says of itself: its version, the models it has and those it has loaded. Before 0.30 its list does not say what a model can do;
 * then it is asked model by model. No model is loaded by it. SetupError where no Ollama answers.
 */
export async function inspectOllama(preset: Preset, options: ServerOptions & CallOptions): Promise<ServerReport> {
  const { apiKey, transport } = options;
  const server = ollamaAddress(preset, options.baseUrl);
  options.signal?.throwIfAborted();
  // What is still under way when one of them fails is ended with it.
  const ended = new AbortController();
  const signal = options.signal === undefined ? ended.signal : AbortSignal.any([options.signal, ended.signal]);
  const target: OllamaServer = { server, apiKey, transport, signal };
  try {
    const [version, models, loaded] = await Promise.all([
      ask(target, "/api/version").catch(ifRefused),
      listTags(target),
      ask(target, "/api/ps").catch(ifRefused),
    ]);
    const inUse = new Map(entriesOf(loaded)?.map((entry) => [text(entry["name"]), number(entry["context_length"])]));
    const shown = await showAll(
      target,
      models.filter(({ chat }) => chat === undefined),
    );
    return {
      version: text(fields(version)["version"]),
      models: models.map((model) => ({ ...model, ...shown.get(model.id), contextInUse: inUse.get(model.id) })),
    };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof RefusedResponse) {
      const refusal = { ...error.refusal, body: withoutKey(error.refusal.body, apiKey) };
      throw explainOllamaRefusal(refusal, { server, model: "", hasKey: Boolean(apiKey), keyVariables: preset.keyVariables });
    }
    throw isSightlineError(error) ? error : explainConnectionFailure(error, server);
  } finally {
    ended.abort();
  }
}

/** `GET /api/tags`: the models it has. SetupError when the answer is no such list; RefusedResponse, or what the transport throws. */
export async function listTags(target: OllamaServer): Promise<ListedModel[]> {
  const entries = entriesOf(await ask(target, "/api/tags"));
  if (entries === undefined) throw notOllama(target.server, "it has no list of models");
  return entries.flatMap((entry) => {
    const id = text(entry["name"]) ?? text(entry["model"]);
    const details = fields(entry["details"]);
    if (id === undefined) return [];
    return {
      id,
      ...abilitiesIn(entry["capabilities"]),
      family: text(details["family"]),
      contextTokens: number(details["context_length"]),
      sizeBytes: number(entry["size"]),
      remoteHost: text(entry["remote_host"]),
    };
  });
}

/** What the server says of each, by name; a model it cannot read is left out. */
async function showAll(target: OllamaServer, models: readonly ListedModel[]): Promise<Map<string, Partial<ListedModel>>> {
  const shown = new Map<string, Partial<ListedModel>>();
  // Shared by all that take from it.
  const queue = models.values();
  await Promise.all(
    Array.from({ length: SHOWN_AT_A_TIME }, async () => {
      for (const { id } of queue) {
        const answer = fields(await ask(target, "/api/show", { model: id }).catch(ifRefused));
        const info = fields(answer["model_info"]);
        const length = number(info[`${text(info["general.architecture"])}.context_length`]);
        shown.set(id, { ...abilitiesIn(answer["capabilities"]), ...(length === undefined ? {} : { contextTokens: length }) });
      }
    }),
  );
  return shown;
}

/** GET, or POST where there is a body to send. */
async function ask({ server, apiKey, transport, signal }: OllamaServer, path: string, body?: unknown): Promise<unknown> {
  const init = body === undefined ? { method: "GET" } : { method: "POST", body: JSON.stringify(body) };
  const response = await accepted(await transport(`${server}${path}`, requestInit(apiKey, { ...init, ...(signal ? { signal } : {}) })));
  const answer = await response.text();
  try {
    return JSON.parse(answer);
  } catch (error) {
    throw notOllama(server, `its answer to ${path} is not JSON`, error);
  }
}

/** What one of several questions may do: an older server or a proxy does not know it, a model's file cannot be read. */
function ifRefused(error: unknown): undefined {
  if (error instanceof RefusedResponse && error.refusal.status !== 401) return undefined;
  throw error;
}

function abilitiesIn(capabilities: unknown): Pick<ListedModel, "vision" | "chat"> {
  if (!Array.isArray(capabilities)) return {};
  return { vision: capabilities.includes("vision"), chat: capabilities.includes("completion") };
}

/** The entries of `{models: […]}`; none where it is null, as Go writes an empty list; undefined where there is no such field. */
function entriesOf(answer: unknown): Fields[] | undefined {
  const { models } = fields(answer);
  return Array.isArray(models) ? models.map(fields) : models === null ? [] : undefined;
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 ? value : undefined;
}
