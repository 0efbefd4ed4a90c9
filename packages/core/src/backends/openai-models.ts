import type { CallOptions, ModelTransport } from "../ports.ts";
import type { ListedModel, ServerReport } from "./backend.ts";
import { explainConnectionFailure } from "./connection-failure.ts";
import { accepted, RefusedResponse, requestInit, withoutKey } from "./http.ts";
import type { Preset, Quirk } from "./presets.ts";
import { explainRefusal } from "./server-refusal.ts";

interface ListRequest extends CallOptions {
  readonly server: string;
  readonly apiKey?: string | undefined;
  readonly transport: ModelTransport;
}

type Fields = Readonly<Partial<Record<string, unknown>>>;

async function getJson(url: string, { apiKey, transport, signal }: ListRequest): Promise<unknown> {
  const response = await accepted(await transport(url, requestInit(apiKey, { method: "GET", ...(signal ? { signal } : {}) })));
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NoList("not JSON", { cause: error });
  }
}

/** It answers, but not with a list of models. */
class NoList extends Error {}

/**
 * `GET /models`, as far as it says anything: OpenAI's shape with what vLLM, OpenRouter, Groq, Together and Mistral add to it.
 * RefusedResponse when the server refuses; NoList when what it says is no list.
 */
export async function listModels(request: ListRequest): Promise<ListedModel[]> {
  const entries = entriesOf(await getJson(`${request.server}/models`, request));
  if (entries === undefined) throw new NoList("not a list of models");
  return entries.map(listedModel);
}

/** The entries of `{data: […]}`, or of the bare list that Together sends; undefined when it is neither. */
function entriesOf(body: unknown): Fields[] | undefined {
  const list = Array.isArray(body) ? (body as unknown[]) : fields(body)["data"];
  return Array.isArray(list) ? list.map(fields).filter((entry) => typeof entry["id"] === "string") : undefined;
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function listedModel(entry: Fields): ListedModel {
  // OpenRouter; some gateways leave the level out.
  const modalities = fields(entry["architecture"])["input_modalities"] ?? entry["input_modalities"];
  const capabilities = fields(entry["capabilities"]);
  const type = entry["type"];
  const vision = Array.isArray(modalities)
    ? modalities.includes("image")
    : typeof capabilities["vision"] === "boolean"
      ? capabilities["vision"]
      : type === "vlm" || undefined;
  return {
    id: String(entry["id"]),
    ...(vision === undefined ? {} : { vision }),
    ...(typeof type === "string" && /embed|rerank|image|audio|moderation/.test(type) ? { chat: false } : {}),
    // vLLM; OpenRouter and Together; Groq; LM Studio.
    ...numeric(
      "contextTokens",
      entry["max_model_len"] ?? entry["context_length"] ?? entry["context_window"] ?? entry["max_context_length"],
    ),
    ...numeric("contextInUse", entry["loaded_context_length"]),
  };
}

function numeric<Name extends string>(name: Name, value: unknown): { [Key in Name]?: number } {
  return typeof value === "number" && value > 0 ? ({ [name]: value } as { [Key in Name]: number }) : {};
}

/** What a server of OpenAI's dialect says of itself, asked in the ways its preset knows. SetupError, ModelError when it does not answer or refuses. */
export async function inspectOpenAi(preset: Preset, request: ListRequest): Promise<ServerReport> {
  const { server, apiKey, signal } = request;
  const root = server.replace(/\/v1$/, "");
  const ask = (quirk: Quirk, url: string): Promise<Fields> | Fields => (preset.quirks.includes(quirk) ? aside(url, request) : {});
  const asides = Promise.all([
    ask("version-route", `${root}/version`),
    ask("llama-props", `${root}/props`),
    ask("lm-studio-list", `${root}/api/v0/models`),
  ]);
  let models: ListedModel[] | undefined;
  try {
    models = await listModels(request);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof RefusedResponse) {
      const refusal = { ...error.refusal, body: withoutKey(error.refusal.body, apiKey) };
      const refused = { server, model: "its list of models", hasKey: Boolean(apiKey), keyVariables: preset.keyVariables };
      if (![404, 405, 501].includes(refusal.status)) throw explainRefusal(refusal, refused);
    } else if (!(error instanceof NoList)) throw explainConnectionFailure(error, server);
  }
  const [version, props, own] = await asides;
  signal?.throwIfAborted();
  const sees = fields(props["modalities"])["vision"];
  const loadedWith = fields(props["default_generation_settings"])["n_ctx"];
  const said = version["version"] ?? props["build_info"];
  const ownList = entriesOf(own)?.map((entry) => ({ ...listedModel(entry), vision: entry["type"] === "vlm" }));
  return {
    ...(typeof said === "string" ? { version: said } : {}),
    models: (ownList ?? models)?.map((model) => ({
      ...model,
      ...(typeof sees === "boolean" ? { vision: sees } : {}),
      ...numeric("contextInUse", loadedWith ?? model.contextInUse),
    })),
  };
}

/** What a route beside the list says; nothing when there is no such route. */
async function aside(url: string, request: ListRequest): Promise<Fields> {
  return fields(await getJson(url, request).catch(() => undefined));
}
