import type { OpenAI } from "openai";
import { ModelError, SetupError } from "../errors.ts";
import type { ModelAnswer, ModelUsage } from "../model.ts";
import { explainConnectionFailure } from "./connection-failure.ts";

type Chunk = OpenAI.ChatCompletionChunk;
type Completion = OpenAI.ChatCompletion;

/** An error body that came where an answer was due, under HTTP 200: whole, or as an event in mid-stream. */
export class ErrorInAnswer extends Error {
  readonly body: string;

  constructor(body: string) {
    super("the server sent an error in place of an answer");
    this.body = body;
  }
}

export interface ReadOptions {
  /** The base URL, for messages. */
  readonly server: string;
  /** The model that was asked, for servers that do not name it. */
  readonly model: string;
  readonly signal?: AbortSignal | undefined;
  readonly onText?: ((soFar: string) => void) | undefined;
}

/** Parses the event stream; the backend hands it in so that `openai` is loaded by the first question only. */
export type StreamParser = (response: Response) => AsyncIterable<Chunk>;

/**
 * Reads a chat completion, streamed or whole (some servers ignore `stream`).
 * ErrorInAnswer for an error body; ModelError for an answer that is empty, no JSON, or ends before it is finished.
 */
export async function readChatAnswer(response: Response, parseStream: StreamParser, options: ReadOptions): Promise<ModelAnswer> {
  try {
    if (/event-stream/i.test(response.headers.get("content-type") ?? "")) return await readStream(parseStream(response), options);
    const body = await response.text();
    // Some gateways name no type, or a wrong one.
    if (/^\s*(?:data|event|id|retry)?:/.test(body)) return await readStream(parseStream(new Response(body)), options);
    return readWhole(body, response.status, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof ErrorInAnswer) throw error;
    if (error instanceof SyntaxError) {
      throw new ModelError(`The model server at ${options.server} sent an event that is not JSON.`, {
        cause: error,
        hint: "Check that the base URL is that of an OpenAI-compatible API.",
      });
    }
    throw explainConnectionFailure(error, options.server);
  }
}

async function readStream(chunks: AsyncIterable<Chunk>, options: ReadOptions): Promise<ModelAnswer> {
  let written = "";
  let refusal = "";
  let finish: string | undefined;
  let model: string | undefined;
  let usage: ModelUsage | undefined;
  try {
    for await (const chunk of chunks) {
      // Loose: the usage chunk has no choices, and some servers send fields as null.
      const choice = chunk.choices?.[0];
      const text = choice?.delta?.content;
      if (typeof text === "string" && text !== "") {
        written += text;
        options.onText?.(withoutThinking(written));
      }
      refusal += choice?.delta?.refusal ?? "";
      finish = choice?.finish_reason ?? finish;
      model = chunk.model || model;
      usage = usageOf(chunk.usage) ?? usage;
    }
  } catch (error) {
    // How the `openai` package reports an event with an error: an APIError without a status.
    if (error instanceof Error && "error" in error && error.error !== undefined)
      throw new ErrorInAnswer(JSON.stringify({ error: error.error }));
    throw error;
  }
  options.signal?.throwIfAborted();
  // A stream that just ends is a lost answer, not a short one: the client library would report it as success. "error" is OpenRouter's word.
  if (finish === undefined || finish === "error") {
    throw new ModelError(`The model server at ${options.server} broke off in the middle of its answer.`, {
      retryable: true,
      hint: "Try again; look into the server's log if it stays so.",
    });
  }
  return answerOf(written, refusal, finish, usage, model ?? options.model);
}

function readWhole(body: string, status: number, options: ReadOptions): ModelAnswer {
  if (body.trim() === "") {
    throw new ModelError(`The model server at ${options.server} accepted the request and sent no answer (HTTP ${status}).`, {
      status,
      retryable: status === 200,
      hint:
        status === 202
          ? "It wants to be asked again for the result later, which this backend does not do."
          : "Try again; look into the server's log if it stays so.",
    });
  }
  if (body.trimStart().startsWith("<")) {
    throw new SetupError(`What answers at ${options.server} is a web page, not an OpenAI-compatible API.`, {
      hint: "The base URL usually ends in /v1, e.g. http://127.0.0.1:11434/v1 for Ollama.",
    });
  }
  const completion = JSON.parse(body) as Partial<Completion> | null;
  const choice = completion?.choices?.[0];
  if (choice === undefined) throw new ErrorInAnswer(body);
  if ("error" in choice && choice.error) throw new ErrorInAnswer(JSON.stringify({ error: choice.error }));
  const message = choice.message as Partial<Completion["choices"][number]["message"]> | undefined;
  const written = message?.content ?? "";
  options.onText?.(withoutThinking(written));
  return answerOf(
    written,
    message?.refusal ?? "",
    choice.finish_reason ?? "unknown",
    usageOf(completion?.usage),
    completion?.model || options.model,
  );
}

function answerOf(written: string, refusal: string, finish: string, usage: ModelUsage | undefined, model: string): ModelAnswer {
  const text = withoutThinking(written);
  return {
    text: text === "" ? refusal : text,
    finish: refusal === "" ? finishOf(finish) : "filtered",
    model,
    ...(usage === undefined ? {} : { usage }),
  };
}

/** Servers' own words for why the model stopped. */
function finishOf(reason: string): ModelAnswer["finish"] {
  if (/^(stop|eos|eos_token|end_turn|stop_sequence)$/i.test(reason)) return "stop";
  if (/^(length|max_tokens)$/i.test(reason)) return "length";
  if (/filter|safety|refusal/i.test(reason)) return "filtered";
  return "unknown";
}

function usageOf(usage: OpenAI.CompletionUsage | null | undefined): ModelUsage | undefined {
  if (typeof usage?.prompt_tokens !== "number" || typeof usage.completion_tokens !== "number") return undefined;
  return { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens };
}

/**
 * The answer without the thinking that servers without a reasoning parser leave in it. Some chat templates open the tag themselves,
 * so that only its end is in the text. Thinking that never ended leaves nothing.
 */
export function withoutThinking(text: string): string {
  const opened = /^\s*<think(?:ing)?>/.test(text);
  const end = /<\/think(?:ing)?>\s*/.exec(text);
  if (opened) return end === null ? "" : text.slice(end.index + end[0].length);
  return end === null || /<think(?:ing)?>/.test(text) ? text : text.slice(end.index + end[0].length);
}
