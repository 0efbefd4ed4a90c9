import { ModelError } from "../errors.ts";
import type { ModelAnswer } from "../model.ts";
import { ErrorInAnswer, type ReadOptions, withoutThinking } from "./chat-answer.ts";
import { explainConnectionFailure } from "./connection-failure.ts";
import { jsonLines } from "./json-lines.ts";
import { notOllama } from "./ollama-refusal.ts";

const TRY_AGAIN = "Try again; look into the server's log (`ollama serve`) if it stays so.";

/** What Ollama's runner says when it stops a model that repeats itself (llm/llama_server.go). */
const STOPPED_A_LOOP = /token repeat limit reached/;

/** A line of an answer, as far as it is looked at. Nothing has checked it. */
interface ChatEvent {
  readonly error?: unknown;
  readonly model?: unknown;
  readonly message?: { readonly content?: unknown } | null;
  readonly done?: unknown;
  readonly done_reason?: unknown;
  readonly prompt_eval_count?: unknown;
  readonly eval_count?: unknown;
}

/**
 * Reads the answer to a chat: one JSON object a line, or a single one. Undefined when the model was loaded and not asked.
 * ErrorInAnswer for a line with an error; SetupError where no Ollama speaks; ModelError when the answer breaks off.
 */
export async function readOllamaAnswer(response: Response, options: ReadOptions): Promise<ModelAnswer | undefined> {
  try {
    return await readEvents(jsonLines(response.body ?? emptyBody()), options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof ErrorInAnswer) throw error;
    if (error instanceof SyntaxError) throw unreadable(error, options.server);
    throw explainConnectionFailure(error, options.server);
  }
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

async function readEvents(events: AsyncIterable<unknown>, options: ReadOptions): Promise<ModelAnswer | undefined> {
  let written = "";
  for await (const line of events) {
    if (typeof line !== "object" || line === null) throw new SyntaxError(JSON.stringify(line));
    const event: ChatEvent = line;
    if (event.error !== undefined && event.error !== null) {
      const body = JSON.stringify({ error: event.error });
      // Its words so far are the answer: whoever judges answers sees the loop and asks in another way.
      if (written !== "" && STOPPED_A_LOOP.test(body)) return { text: withoutThinking(written), finish: "length", model: options.model };
      throw new ErrorInAnswer(body);
    }
    const text = event.message?.content;
    if (typeof text === "string" && text !== "") {
      written += text;
      options.onText?.(withoutThinking(written));
    }
    if (event.done === true) return answerOf(written, event, options.model);
  }
  options.signal?.throwIfAborted();
  throw new ModelError(`The model server at ${options.server} broke off in the middle of its answer.`, {
    retryable: true,
    hint: TRY_AGAIN,
  });
}

function answerOf(written: string, event: ChatEvent, asked: string): ModelAnswer | undefined {
  const text = withoutThinking(written);
  const reason = event.done_reason;
  if (text === "" && (reason === "load" || reason === "unload")) return undefined;
  const { prompt_eval_count: inputTokens, eval_count: outputTokens } = event;
  return {
    text,
    finish: reason === "stop" || reason === "length" ? reason : "unknown",
    model: typeof event.model === "string" && event.model !== "" ? event.model : asked,
    // A count of 0 is left out by the server.
    ...(typeof inputTokens === "number"
      ? { usage: { inputTokens, outputTokens: typeof outputTokens === "number" ? outputTokens : 0 } }
      : {}),
  };
}

function unreadable(error: SyntaxError, server: string): Error {
  if (error.message.startsWith("<")) return notOllama(server, "it answers with a web page", error);
  return new ModelError(`The model server at ${server} sent a line that is not JSON: ${error.message}`, {
    cause: error,
    retryable: true,
    hint: TRY_AGAIN,
  });
}
