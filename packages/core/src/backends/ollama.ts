import { isSightlineError, ModelError } from "../errors.ts";
import type { AskOptions, ModelAnswer, ModelRequest, VisionModel } from "../model.ts";
import { defineBackend, type ModelOptions } from "./backend.ts";
import { answerBudget } from "./budget.ts";
import { type Concession, conceding } from "./concessions.ts";
import { explainConnectionFailure } from "./connection-failure.ts";
import { accepted, refusalIn, requestInit } from "./http.ts";
import { base64 } from "./json-bytes.ts";
import { modelIdentity } from "./model-identity.ts";
import { ollamaAddress } from "./ollama-address.ts";
import { readOllamaAnswer } from "./ollama-answer.ts";
import { inspectOllama, listTags } from "./ollama-inspect.ts";
import { explainOllamaRefusal } from "./ollama-refusal.ts";
import type { Preset } from "./presets.ts";
import { portableSchema, promptWithSchema } from "./schema.ts";

/**
 * Context asked for where the operator names none, in tokens: room for a few pictures and a long answer, within 8 GB beside a model of that size.
 * Ollama's own default depends on the graphics card (4096 below 23 GiB) and any other number loads the model anew, so it is always sent and always
 * the same.
 */
const CONTEXT_TOKENS = 8192;

/** How long the model stays loaded after an answer; Ollama's default of five minutes is over before a person has read a long one and asks again. */
const KEEP_ALIVE = "10m";

const LONGER_CONTEXT = "give the model a longer context with --context (SIGHTLINE_CONTEXT)";

/** `POST /api/chat` (Ollama, docs/api.md and api/types.go). */
interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: "user"; readonly content: string; readonly images?: readonly string[] }[];
  readonly stream: boolean;
  /** JSON Schema of the answer. */
  format?: Record<string, unknown>;
  think?: false;
  readonly keep_alive: string;
  /** False: a request longer than the context is refused with its numbers. By default its beginning is cut away without a word. */
  readonly truncate: false;
  /** False: an answer that fills the context ends there. By default the model forgets the question and writes on. */
  readonly shift: false;
  readonly options: { readonly num_ctx: number; readonly num_predict: number; readonly temperature: number; readonly top_p?: number };
}

/** What a server or model refuses of a request; without it it answers too. Conceded once and remembered. */
const concessions: readonly Concession<ChatBody>[] = [
  // Models that cannot think, servers before 0.9, and what else speaks this dialect.
  { field: "think", sign: /think/i, concede: (body) => void delete body.think },
  // The schema stands in the prompt as well.
  {
    field: "format",
    sign: /grammar|json.?schema|unrecognized schema|(?:invalid|unsupported|unknown)\b.{0,20}\bformat|\bformat\b.{0,30}(?:invalid|support|unmarshal)|ChatRequest\.format/i,
    concede: (body) => void delete body.format,
  },
];

/** Ollama's native API: unlike its `/v1` it lets context, thinking and time in memory be said, and reports what breaks in mid-answer. */
export const ollama = defineBackend({ name: "ollama", open: openOllama, inspect: inspectOllama });

function openOllama(preset: Preset, options: ModelOptions): VisionModel {
  const { model, apiKey, transport } = options;
  const server = ollamaAddress(preset, options.baseUrl);
  const contextTokens = Math.min(options.contextTokens ?? CONTEXT_TOKENS, options.trainedContextTokens ?? Infinity);
  const identity = modelIdentity(preset, server, { ...options, contextTokens });
  const concede = conceding(concessions, (failure) => refusalIn(failure, apiKey));

  const send = async (body: ChatBody, { signal, onText, onWait }: AskOptions): Promise<ModelAnswer | undefined> => {
    const init = requestInit(apiKey, { method: "POST", body: JSON.stringify(body), ...(signal ? { signal } : {}) });
    const response = await accepted(await transport(`${server}/api/chat`, { ...init, onWait }));
    return readOllamaAnswer(response, { server, model, signal, onText });
  };

  const explained = async (failure: unknown, signal: AbortSignal | undefined): Promise<unknown> => {
    signal?.throwIfAborted();
    const refusal = refusalIn(failure, apiKey);
    if (refusal === undefined) return isSightlineError(failure) ? failure : explainConnectionFailure(failure, server);
    const listed = refusal.status === 404 ? await listTags({ server, apiKey, transport, signal }).catch(() => undefined) : undefined;
    signal?.throwIfAborted();
    return explainOllamaRefusal(refusal, {
      server,
      model,
      hasKey: Boolean(apiKey),
      keyVariables: preset.keyVariables,
      listed: listed?.map(({ id }) => id),
      longerContext: LONGER_CONTEXT,
    });
  };

  return {
    ...identity,
    async ask(request, askOptions = {}) {
      const { signal } = askOptions;
      signal?.throwIfAborted();
      const whole = chatBody(model, request, { contextTokens, answerTokens: answerBudget(request, identity) });
      const once = (): Promise<ModelAnswer | undefined> => concede(whole, (body) => send(body, askOptions), signal);
      let answer: ModelAnswer | undefined;
      try {
        // A model that was only loaded is asked again: it is there now.
        answer = (await once()) ?? (await once());
      } catch (failure) {
        throw await explained(failure, signal);
      }
      if (answer === undefined) {
        throw new ModelError(`The Ollama at ${server} loads ${model} and does not ask it.`, {
          retryable: true,
          hint: "Try again; look for a proxy in between if it stays so.",
        });
      }
      // Servers that do not know `truncate` (before 0.12) cut a request to exactly this length. One that counts more than was asked for has more.
      if (answer.usage?.inputTokens === contextTokens) {
        throw new ModelError(
          `The request is too long for ${model} at ${server}: it fills the whole context of ${contextTokens} tokens, so a part of it was cut away.`,
          { hint: `Send fewer or smaller pictures or less text, or ${LONGER_CONTEXT}.` },
        );
      }
      return answer;
    },
  };
}

/** The request as it goes over the wire. Ollama puts the pictures before the text by itself. */
function chatBody(model: string, request: ModelRequest, room: { readonly contextTokens: number; readonly answerTokens: number }): ChatBody {
  const schema = request.schema === undefined ? undefined : portableSchema(request.schema.schema);
  const content = withoutPictureMarks(promptWithSchema(request.prompt, schema));
  const images = request.images.map(({ bytes }) => base64(bytes));
  return {
    model,
    messages: [{ role: "user", content, ...(images.length === 0 ? {} : { images }) }],
    stream: request.stream ?? true,
    ...(schema === undefined ? {} : { format: schema }),
    think: false,
    keep_alive: KEEP_ALIVE,
    truncate: false,
    shift: false,
    options: {
      num_ctx: room.contextTokens,
      num_predict: room.answerTokens,
      temperature: request.temperature,
      ...(request.topP === undefined ? {} : { top_p: request.topP }),
    },
  };
}

/** Where a text says `[img]` or `[img-0]` Ollama puts a picture or fails (server/prompt.go, llm): words read from a picture must not do that. */
function withoutPictureMarks(text: string): string {
  return text.replaceAll(/\[(?=img(?:-\d+)?\])/g, "[ ");
}
