import type { ServerResponse } from "node:http";
import { json } from "./stand-in-modes.ts";
import { filled, type JsonSchema, sentence } from "./stand-in-rule.ts";

/** A chat request, as far as the stand-in reads it. Nothing has checked it: every field may be missing. */
export interface OllamaChat {
  readonly model?: string;
  readonly messages?: readonly { readonly role: string; readonly content: string; readonly images?: readonly string[] }[];
  readonly stream?: boolean;
  readonly think?: boolean;
  readonly format?: JsonSchema | "json";
  readonly truncate?: boolean;
  readonly options?: { readonly num_ctx?: number; readonly num_predict?: number };
}

export interface StandInOllamaModel {
  readonly name: string;
  readonly family: string;
  /** Bytes. */
  readonly size: number;
  readonly contextLength?: number;
  readonly capabilities: readonly string[];
  readonly remoteHost?: string;
  /** Context it is loaded with. */
  readonly loaded?: number;
  /** `/api/show` fails. */
  readonly unreadable?: boolean;
}

export interface OllamaExchange {
  readonly response: ServerResponse;
  /** Undefined when it was no JSON. */
  readonly body: OllamaChat | undefined;
  readonly models: readonly StandInOllamaModel[];
  /** Which question this is, from 1. */
  readonly turn: number;
}

type Mode = (exchange: OllamaExchange) => void;

/** What a picture takes of the context in Ollama's own estimate, in tokens (server/prompt.go). */
const IMAGE_TOKENS = 768;

/** llama-server's body, as Ollama passes it on: whole, as the text of its own error. */
function fromRunner(code: number, message: string, type: string, more: Record<string, unknown> = {}): string {
  return JSON.stringify({ error: { code, message, type, ...more } });
}

const MLLAMA = "llama-server process has terminated: exit status 1: error loading model: unknown model architecture: 'mllama'";

export const ollamaModes = {
  /** By the rule. */
  answer: answerByRule,
  /** By the rule, with the thinking left in. */
  "thinks-aloud": (exchange) => withRule(exchange, (text) => answer(exchange, `<think>A picture. What is on it?</think>\n\n${text}`)),
  /** By the rule, the thinking in its own field, though it was asked for none. */
  thinks: (exchange) => withRule(exchange, (text) => answer(exchange, text, { thinking: "A picture. What is on it?" })),
  /** Ignores `truncate`, as before 0.12, and cuts in silence. */
  cuts: (exchange) => withRule(exchange, (text) => answer(exchange, text, { promptTokens: exchange.body?.options?.num_ctx ?? 0 })),

  "cut-off": (exchange) => answer(exchange, "The picture shows a street with", { reason: "length" }),
  /** A model that thinks though it was asked not to: the tokens ran out before the answer. */
  "thinking-cut-off": (exchange) => answer(exchange, "", { thinking: "Let me see what is on this picture", reason: "length" }),
  empty: (exchange) => answer(exchange, ""),
  /** What it says to a chat without messages. */
  load: (exchange) => answer(exchange, "", { reason: "load" }),
  /** A model that repeats itself is stopped. */
  "token-repeat": (exchange) =>
    stream(exchange, [...words("no no no no no no"), { error: "prediction aborted, token repeat limit reached" }]),

  /** The stream ends without a last line. */
  "cut-stream": (exchange) => stream(exchange, words("The picture shows a")),
  /** The connection breaks in the middle. */
  "broken-stream": ({ response }) => {
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    response.write(`${JSON.stringify(words("The picture")[0])}\n`, () => response.socket?.destroy());
  },
  "error-in-stream": (exchange) =>
    stream(exchange, [...words("The picture"), { error: "an error was encountered while running the model: unexpected EOF" }]),
  /** llama-server's body within the line. */
  "runner-error-in-stream": (exchange) => stream(exchange, [...words("The"), { error: fromRunner(500, "Compute error.", "server_error") }]),
  "garbage-line": (exchange) => {
    exchange.response.writeHead(200, { "content-type": "application/x-ndjson" });
    exchange.response.end(`${JSON.stringify(words("The")[0])}\n{oops\n`);
  },
  "not-an-object": ({ response }) => void response.writeHead(200, { "content-type": "application/x-ndjson" }).end("42\n"),
  "empty-body": ({ response }) => void response.writeHead(200, { "content-type": "application/x-ndjson" }).end(),
  "web-page": ({ response }) =>
    void response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Router</title><h1>It works</h1>"),

  /** 0.30 and later, for Llama 3.2 Vision (ollama #18486). */
  mllama: ({ response }) => refuse(response, 500, `${MLLAMA}\nerror loading model: unknown model architecture: 'mllama'`),
  /** The same within llama-server's JSON. */
  "mllama-in-json": ({ response }) => refuse(response, 500, fromRunner(500, MLLAMA, "server_error")),
  /** An older Ollama and a newer model. */
  "too-new": ({ response }) =>
    refuse(response, 500, "llama runner process has terminated: error loading model: unknown model architecture: 'qwen35moe'"),
  memory: ({ response }) => refuse(response, 500, "model requires more system memory (9.9 GiB) than is available (7.6 GiB)"),
  crash: ({ response }) =>
    refuse(
      response,
      500,
      "model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details",
    ),
  /** A proxy before it, or ollama.com. */
  "wait-2": ({ response }) => json(response, 429, { error: "too many requests" }, { "retry-after": "2" }),
  "wait-long": ({ response }) => json(response, 429, { error: "too many requests" }, { "retry-after": "7200" }),
  /** What it says to a host or origin that OLLAMA_ORIGINS does not name. */
  forbidden: ({ response }) => void response.writeHead(403).end(),
  /** nginx before it. */
  "too-large": ({ response }) =>
    void response
      .writeHead(413, { "content-type": "text/html" })
      .end("<html><head><title>413</title></head><body><h1>Request Entity Too Large</h1></body></html>"),
  /** Without Retry-After. */
  busy: ({ response }) => refuse(response, 503, "server busy, please try again.  maximum pending requests exceeded"),
  "one-image": (exchange) =>
    (exchange.body?.messages?.[0]?.images ?? []).length > 1
      ? refuse(exchange.response, 500, "this model only supports one image while more than one image requested")
      : answerByRule(exchange),
  /** A model of ollama.com. */
  "signed-out": ({ response }) =>
    json(response, 401, { error: "unauthorized", signin_url: "https://ollama.com/connect?name=a-machine&key=c2VjcmV0" }),
  "bad-json": ({ response }) =>
    refuse(response, 400, "json: cannot unmarshal string into Go struct field ChatRequest.messages of type []api.Message"),
  /** 0.30 and later: llama-server's words. */
  overflow: ({ response }) =>
    refuse(
      response,
      400,
      fromRunner(
        400,
        "request (5300 tokens) exceeds the available context size (4096 tokens), try increasing it",
        "exceed_context_size_error",
        { n_prompt_tokens: 5300, n_ctx: 4096 },
      ),
    ),
  /** 0.30 and later, when llama-server is not asked at all. */
  "too-long": ({ response }) =>
    refuse(
      response,
      400,
      "the prompt is longer than the context length currently available to the model; shorten the prompt, adjust the context length in settings, or use a model with a longer context length",
    ),
  reset: ({ response }) => void response.socket?.destroy(),

  /** Refuses the field whatever it says, as other servers of this dialect do for a model that cannot think. */
  "no-thinking": (exchange) =>
    exchange.body?.think === undefined
      ? answerByRule(exchange)
      : refuse(exchange.response, 400, `"${exchange.body.model}" does not support thinking`),
  /** Cannot turn the schema into a grammar. */
  "no-grammar": (exchange) =>
    exchange.body?.format === undefined
      ? answer(exchange, 'Here it is:\n```json\n{"description":"A white pixel."}\n```')
      : refuse(exchange.response, 400, fromRunner(400, "failed to parse grammar", "invalid_request_error")),

  /** Takes the request and never says a word. */
  silent: () => {},
  /** Begins and then never says another word. */
  stalls: ({ response }) => {
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    response.write(`${JSON.stringify(words("The")[0])}\n`);
  },
} satisfies Record<string, Mode>;

export function refuse(response: ServerResponse, status: number, error: string): void {
  json(response, status, { error });
}

function answerByRule(exchange: OllamaExchange): void {
  withRule(exchange, (text) => answer(exchange, text));
}

/** Checks the request as Ollama does, in its order. */
function withRule(exchange: OllamaExchange, go: (text: string) => void): void {
  const { body, response, models } = exchange;
  if (body === undefined) return refuse(response, 400, "invalid character 'o' looking for beginning of value");
  const { model: name = "", messages = [], think, format, truncate = true, options } = body;
  const images = messages.flatMap((message) => message.images ?? []);
  const illegal = images.find((image) => !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(image));
  if (illegal !== undefined) return refuse(response, 400, `illegal base64 data at input byte ${illegal.search(/[^A-Za-z0-9+/]/)}`);
  const model = models.find((each) => each.name === name || each.name === `${name}:latest`);
  if (model === undefined) return refuse(response, 404, `model '${name}' not found`);
  if (think === true && !model.capabilities.includes("thinking")) return refuse(response, 400, `"${name}" does not support thinking`);
  if (!model.capabilities.includes("completion")) return refuse(response, 400, `"${name}" does not support chat`);
  if (messages.length === 0) return answer(exchange, "", { reason: "load" });
  if (images.length > 0 && !model.capabilities.includes("vision")) {
    const hint = "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj";
    return refuse(response, 500, fromRunner(500, hint, "server_error"));
  }
  const context = Math.min(options?.num_ctx ?? 4096, model.contextLength ?? Infinity);
  const tokens = tokensOf(body);
  if (tokens > context && !truncate) {
    const message = `request (${tokens} tokens) exceeds the available context size (${context} tokens), try increasing it`;
    return refuse(response, 400, fromRunner(400, message, "exceed_context_size_error", { n_prompt_tokens: tokens, n_ctx: context }));
  }
  const question = messages.map(({ content }) => content).join("\n");
  let said: string;
  try {
    said = sentence({
      messages: [
        {
          role: "user",
          content: [
            ...images.map((image) => ({ type: "image_url" as const, image_url: { url: `data:image/png;base64,${image}` } })),
            { type: "text", text: question },
          ],
        },
      ],
    });
  } catch {
    return refuse(response, 400, fromRunner(400, "Failed to load image or audio file", "invalid_request_error"));
  }
  go(typeof format === "object" ? JSON.stringify(filled(format, said)) : said);
}

function tokensOf(body: OllamaChat | undefined): number {
  const messages = body?.messages ?? [];
  return messages.reduce((sum, { content, images = [] }) => sum + Math.ceil(content.length / 4) + images.length * IMAGE_TOKENS, 0);
}

interface Ending {
  readonly reason?: "stop" | "length" | "load";
  readonly thinking?: string;
  readonly promptTokens?: number;
}

/** The answer as a stream of lines, or as one where none was asked for. */
function answer(exchange: OllamaExchange, text: string, { reason = "stop", thinking, promptTokens }: Ending = {}): void {
  const { body, response } = exchange;
  const thought = thinking === undefined ? [] : [{ message: { role: "assistant", content: "", thinking }, done: false }];
  const pieces = [...thought, ...words(text)];
  const end = {
    done: true,
    done_reason: reason,
    total_duration: 5_191_566_416,
    load_duration: 2_154_458,
    ...(reason === "load" ? {} : { prompt_eval_count: promptTokens ?? tokensOf(body), eval_count: pieces.length }),
  };
  if (body?.stream !== false) return stream(exchange, [...pieces, { message: { role: "assistant", content: "" }, ...end }]);
  json(response, 200, {
    model: body.model,
    created_at: "2026-11-01T12:00:00Z",
    message: { role: "assistant", content: text, ...(thinking === undefined ? {} : { thinking }) },
    ...end,
  });
}

/** Words, as a model would send them. */
function words(text: string): Record<string, unknown>[] {
  return (text.match(/\S+\s*|\s+/g) ?? []).map((content) => ({ message: { role: "assistant", content }, done: false }));
}

function stream({ response, body }: OllamaExchange, lines: readonly Record<string, unknown>[]): void {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  for (const line of lines)
    response.write(`${JSON.stringify("error" in line ? line : { model: body?.model, created_at: "2026-11-01T12:00:00Z", ...line })}\n`);
  response.end();
}
