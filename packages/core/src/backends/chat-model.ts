import { isSightlineError } from "../errors.ts";
import type { AskOptions, ModelAnswer, ModelRequest, VisionModel } from "../model.ts";
import type { ModelOptions } from "./backend.ts";
import { answerBudget } from "./budget.ts";
import { readChatAnswer } from "./chat-answer.ts";
import { explainConnectionFailure } from "./connection-failure.ts";
import { type Concession, conceding } from "./concessions.ts";
import { refusalIn } from "./http.ts";
import { base64 } from "./json-bytes.ts";
import { modelIdentity } from "./model-identity.ts";
import { type ChatBody, type ChatClient, loadChatClient, type WireRequest } from "./openai-client.ts";
import { listModels } from "./openai-models.ts";
import { portableSchema, promptWithSchema } from "./schema.ts";
import type { Preset } from "./presets.ts";
import { explainRefusal } from "./server-refusal.ts";

/** What tells one server of OpenAI's chat completions from another: how the question is put. */
export interface ChatDialect {
  /** Where questions go: `/chat/completions` is below it. */
  readonly server: string;
  /** Where `/models` is below, when that is elsewhere. */
  readonly listServer?: string;
  readonly options: ModelOptions;
  /**
   * Runs `send` with the request in the server's own form. `schema` is the portable one, in words already where the prompt must hold it.
   */
  wire(request: ModelRequest, options: AskOptions, send: (wire: WireRequest) => Promise<ModelAnswer>): Promise<ModelAnswer>;
}

/** What servers refuse of a request, and what is sent instead. */
const concessions: readonly Concession<ChatBody>[] = [
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
    concede: longestAnswerRenamed,
  },
  {
    field: "temperature",
    sign: /unsupported (?:value|parameter): 'temperature'|temperature.{0,40}(?:not supported|unsupported|only the default)/i,
    concede: (body) => void delete body.temperature,
  },
  {
    field: "top_p",
    sign: /unsupported (?:value|parameter): 'top_p'|top_p.{0,40}(?:not supported|unsupported|only the default)|temperature.{0,20}and.{0,5}top_p.{0,40}(?:both|cannot)/i,
    concede: (body) => void delete body.top_p,
  },
];

/** OpenAI's newer name for the longest answer. */
export function longestAnswerRenamed(body: ChatBody): void {
  body.max_completion_tokens = body.max_tokens ?? null;
  delete body.max_tokens;
}

/** The fields that all servers of this dialect share. `content` is the one user message: no family takes a system message beside a picture. */
export function chatBody(model: string, request: ModelRequest, content: string | readonly ContentPart[]): ChatBody {
  const { schema, stream = true } = request;
  return {
    model,
    messages: [{ role: "user", content: typeof content === "string" ? content : [...content] }],
    max_tokens: request.maxTokens,
    temperature: request.temperature,
    ...(request.topP === undefined ? {} : { top_p: request.topP }),
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : { stream: false }),
    ...(schema === undefined
      ? {}
      : { response_format: { type: "json_schema", json_schema: { name: schema.name, schema: schema.schema, strict: true } } }),
  };
}

type ContentPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image_url"; readonly image_url: { readonly url: string } };

/** An encoded picture as the data URI that servers take in place of an address. */
export function dataUri({ bytes, mediaType }: ModelRequest["images"][number]): string {
  return `data:${mediaType};base64,${base64(bytes)}`;
}

/** The prompt as it is sent: with the schema in words where one is asked for. */
export function promptOf(request: ModelRequest): string {
  return promptWithSchema(request.prompt, request.schema?.schema);
}

/** A model behind a server of OpenAI's chat completions, in whichever of its forms. */
export function chatModel(preset: Preset, { server, listServer = server, options, wire }: ChatDialect): VisionModel {
  const { model, apiKey, transport } = options;
  const identity = modelIdentity(preset, server, options);
  const concede = conceding(concessions, (failure) => refusalIn(failure, apiKey));
  let client: Promise<ChatClient> | undefined;

  const send = async (wireRequest: WireRequest, askOptions: AskOptions): Promise<ModelAnswer> => {
    client ??= loadChatClient({ server, apiKey, transport });
    const { post, parseStream } = await client;
    const { signal, onText } = askOptions;
    return readChatAnswer(await post(wireRequest, askOptions), parseStream, { server, model, signal, onText });
  };

  const explained = async (failure: unknown, signal: AbortSignal | undefined): Promise<unknown> => {
    signal?.throwIfAborted();
    const refusal = refusalIn(failure, apiKey);
    if (refusal === undefined) return isSightlineError(failure) ? failure : explainConnectionFailure(failure, server);
    const listed =
      refusal.status === 404 || refusal.status === 410
        ? await listModels({ server: listServer, apiKey, transport, signal }).catch(() => undefined)
        : undefined;
    return explainRefusal(refusal, {
      server,
      model,
      hasKey: Boolean(apiKey),
      keyVariables: preset.keyVariables,
      listed: listed?.map(({ id }) => id),
    });
  };

  return {
    ...identity,
    async ask(request, askOptions = {}) {
      const { signal } = askOptions;
      signal?.throwIfAborted();
      const schema = request.schema && { ...request.schema, schema: portableSchema(request.schema.schema) };
      const maxTokens = answerBudget(request, identity);
      try {
        return await wire({ ...request, maxTokens, ...(schema ? { schema } : {}) }, askOptions, (wireRequest) =>
          concede(wireRequest.body, (body) => send({ ...wireRequest, body }, askOptions), signal),
        );
      } catch (error) {
        throw await explained(error, signal);
      }
    },
  };
}
