import type { OpenAI } from "openai";
import { InputError, isSightlineError, SetupError } from "../errors.ts";
import { familyOf } from "../families/index.ts";
import type { ModelAnswer, ModelRequest, VisionModel } from "../model.ts";
import type { CallOptions, ModelTransport } from "../ports.ts";
import { ErrorInAnswer, readChatAnswer } from "./chat-answer.ts";
import { explainConnectionFailure } from "./connection-failure.ts";
import { explainRefusal, statusIn, type Refusal } from "./server-refusal.ts";

export interface OpenAiCompatibleOptions {
  /** Where the API begins, usually ending in /v1: `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string;
  /** Absent for servers that want none; then no Authorization header is sent. */
  readonly apiKey?: string | undefined;
  readonly model: string;
  readonly transport: ModelTransport;
  /** Pictures one request may carry, where the operator knows better than the model's family does. */
  readonly maxImages?: number | undefined;
}

type AskOptions = CallOptions & { readonly onText?: (soFar: string) => void };
type Body = OpenAI.ChatCompletionCreateParamsStreaming;

/** The `openai` client's own timer must never fire first: deadlines are the transport's business. The longest a Node timer can be. */
const NO_CLIENT_DEADLINE_MS = 2 ** 31 - 1;

/** Error bodies are small; anything longer is not worth reading to the end. In characters. */
const LONGEST_ERROR_BODY = 100_000;

/**
 * What servers refuse of a request, and what is sent instead. Each is conceded once and remembered, so that the next question
 * costs one request again.
 */
const concessions: readonly { readonly field: string; readonly sign: RegExp; concede(body: Body): void }[] = [
  {
    // The schema stands in the prompt as well, so nothing else has to change.
    field: "response_format",
    sign: /response_?format|json_?schema|json_object|structured.{0,3}outputs?|guided.{0,3}(?:json|decoding)|grammar/i,
    concede: (body) => void delete body.response_format,
  },
  { field: "stream_options", sign: /stream_options|include_usage/i, concede: (body) => void delete body.stream_options },
  {
    // OpenAI's reasoning models: "Unsupported parameter: 'max_tokens' … Use 'max_completion_tokens' instead."
    field: "max_tokens",
    sign: /max_completion_tokens' instead|unsupported parameter: 'max_tokens'/i,
    concede(body) {
      body.max_completion_tokens = body.max_tokens ?? null;
      delete body.max_tokens;
    },
  },
  {
    field: "temperature",
    sign: /unsupported (?:value|parameter): 'temperature'|temperature.{0,40}(?:not supported|unsupported|only the default)/i,
    concede: (body) => void delete body.temperature,
  },
];

/**
 * A model behind any server that speaks OpenAI's chat completions. SetupError, ModelError as said in `model.ts`; InputError when a request
 * carries more pictures than the model takes.
 */
export function openAiCompatible(options: OpenAiCompatibleOptions): VisionModel {
  const server = checkedBaseUrl(options.baseUrl);
  const family = familyOf(options.model);
  const maxImages = options.maxImages ?? family.maxImages;
  const conceded = new Set<string>();
  let client: Promise<ChatClient> | undefined;

  const send = async (body: Body, { signal, onText }: AskOptions): Promise<ModelAnswer> => {
    client ??= loadClient(server, options);
    const { post, parseStream } = await client;
    return readChatAnswer(await post(body, signal), parseStream, { server, model: options.model, signal, onText });
  };

  const listedModels = async (signal: AbortSignal | undefined): Promise<string[] | undefined> => {
    try {
      const response = await options.transport(
        `${server}/models`,
        requestInit(options.apiKey, { method: "GET", ...(signal ? { signal } : {}) }),
      );
      const list = (await response.json()) as { data?: { id?: unknown }[] };
      return list.data?.map(({ id }) => String(id));
    } catch {
      return undefined;
    }
  };

  const explain = async (refusal: Refusal, signal: AbortSignal | undefined) => {
    const listed = refusal.status === 404 || refusal.status === 410 ? await listedModels(signal) : undefined;
    return explainRefusal(refusal, { server, model: options.model, hasKey: Boolean(options.apiKey), listed });
  };

  return {
    id: options.model,
    backend: "openai-compatible",
    abilities: { vision: true, maxImages, longSide: family.longSide },
    async ask(request: ModelRequest, askOptions: AskOptions = {}): Promise<ModelAnswer> {
      const { signal } = askOptions;
      signal?.throwIfAborted();
      if (request.images.length > maxImages) {
        throw new InputError(`${request.images.length} pictures in one request, and ${options.model} takes at most ${maxImages}.`, {
          hint: "Ask about fewer pictures at a time, or set --max-images if the server takes more.",
        });
      }
      for (;;) {
        const body = chatBody(options.model, request);
        for (const { field, concede } of concessions) if (conceded.has(field)) concede(body);
        try {
          return await send(body, askOptions);
        } catch (error) {
          signal?.throwIfAborted();
          const refusal = refusalIn(error, options.apiKey);
          if (refusal === undefined) throw isSightlineError(error) ? error : explainConnectionFailure(error, server);
          const refused = concessions.find(
            ({ field, sign }) => field in body && !conceded.has(field) && isBadRequest(refusal.status) && sign.test(refusal.body),
          );
          if (refused === undefined) throw await explain(refusal, signal);
          conceded.add(refused.field);
        }
      }
    },
  };
}

/** Statuses under which servers refuse a field of the request; some say 500 or 501 to a schema they cannot turn into a grammar. */
function isBadRequest(status: number): boolean {
  return [400, 404, 422, 500, 501].includes(status);
}

function checkedBaseUrl(baseUrl: string): string {
  const hint = "Give the address where the API begins, e.g. http://127.0.0.1:11434/v1.";
  if (!URL.canParse(baseUrl)) throw new SetupError(`The base URL "${baseUrl}" is no URL.`, { hint });
  const url = new URL(baseUrl);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new SetupError(`The base URL must begin with http:// or https://, not ${url.protocol}//.`, { hint });
  if (url.username !== "" || url.password !== "") {
    throw new SetupError(`The base URL of ${url.host} has a name or password in it, which would show up in messages.`, {
      hint: "Put the key into SIGHTLINE_API_KEY.",
    });
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "").replace(/\/chat\/completions$/, "");
}

/** The request as it goes over the wire. Pictures first, then text: Llama 3.2 Vision needs that order and no other model minds. */
function chatBody(model: string, request: ModelRequest): Body {
  // "$schema" says which JSON Schema it is: of no use to a model, and unknown to some servers.
  const { $schema: _, ...schema } = request.schema?.schema ?? {};
  const text = request.schema === undefined ? request.prompt : `${request.prompt}\n\n${inWords(schema)}`;
  const pictures = request.images.map(({ bytes, mediaType }) => ({
    type: "image_url" as const,
    image_url: { url: `data:${mediaType};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64")}` },
  }));
  return {
    model,
    messages: [{ role: "user", content: pictures.length === 0 ? text : [...pictures, { type: "text", text }] }],
    max_tokens: request.maxTokens,
    temperature: request.temperature,
    stream: true,
    stream_options: { include_usage: true },
    ...(request.schema === undefined
      ? {}
      : { response_format: { type: "json_schema", json_schema: { name: request.schema.name, schema, strict: true } } }),
  };
}

/**
 * The schema in the prompt: servers that obey `response_format` do not show it to the model, which then fills fields it knows by name only;
 * and others ignore `response_format` without a word.
 */
function inWords(schema: Record<string, unknown>): string {
  return `Answer with one JSON object that fits this JSON Schema, and with nothing else:\n${JSON.stringify(schema)}`;
}

/** Non-2xx, with the body read: thrown inside the client library's fetch so that it does not lose the body. */
class RefusedResponse extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`HTTP ${refusal.status}`);
    this.refusal = refusal;
  }
}

function refusalIn(error: unknown, apiKey: string | undefined): Refusal | undefined {
  const refusal =
    error instanceof RefusedResponse
      ? error.refusal
      : error instanceof ErrorInAnswer
        ? { status: statusIn(error.body) ?? 200, body: error.body }
        : undefined;
  if (refusal === undefined || !apiKey) return refusal;
  // Some servers repeat the key they refuse.
  return { ...refusal, body: refusal.body.replaceAll(apiKey, "•••") };
}

function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  // A date is read against the server's own clock, which core has and which cannot differ from it.
  const seconds = /^\s*\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : (Date.parse(value) - Date.parse(headers.get("date") ?? "")) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}

/** Headers are ours alone: the client library would add those of OPENAI_CUSTOM_HEADERS, meant for another server, and tell this one the machine's system. */
function requestInit(apiKey: string | undefined, init: RequestInit): RequestInit {
  return {
    ...init,
    redirect: "manual",
    headers: {
      accept: "application/json, text/event-stream",
      ...(init.method === "GET" ? {} : { "content-type": "application/json" }),
      ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
    },
  };
}

interface ChatClient {
  /** Resolves to a 2xx response; throws RefusedResponse or whatever the transport throws. */
  post(body: Body, signal: AbortSignal | undefined): Promise<Response>;
  readonly parseStream: (response: Response) => AsyncIterable<OpenAI.ChatCompletionChunk>;
}

/** Loads the `openai` package with the first question: importing core costs nothing. */
async function loadClient(server: string, { apiKey, transport }: OpenAiCompatibleOptions): Promise<ChatClient> {
  const [{ OpenAI }, { Stream }] = await Promise.all([import("openai"), import("openai/streaming")]);

  const clientOver = (fetch: ModelTransport) =>
    new OpenAI({
      baseURL: server,
      // Every option that would otherwise be read from the environment. The real key is set by `requestInit`.
      apiKey: "unused",
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      logLevel: "off",
      maxRetries: 0,
      timeout: NO_CLIENT_DEADLINE_MS,
      fetch,
    });

  return {
    parseStream: (response) => Stream.fromSSEResponse<OpenAI.ChatCompletionChunk>(response, new AbortController(), clientOver(transport)),
    async post(body, signal) {
      // The library replaces what fetch threw by errors of its own, at times without the cause: kept here.
      let failure: unknown;
      const client = clientOver(async (url, init) => {
        try {
          const response = await transport(url, requestInit(apiKey, init ?? {}));
          if (response.ok) return response;
          throw new RefusedResponse({
            status: response.status,
            body: (await response.text()).slice(0, LONGEST_ERROR_BODY),
            retryAfterSeconds: retryAfterSeconds(response.headers),
          });
        } catch (error) {
          failure = error;
          throw error;
        }
      });
      try {
        return await client.chat.completions.create(body, signal ? { signal } : {}).asResponse();
      } catch (error) {
        throw failure ?? error;
      }
    },
  };
}
