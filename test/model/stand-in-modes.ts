import type { IncomingMessage, ServerResponse } from "node:http";
import { type ChatRequest, filled, pictureParts, schemaInPrompt, sentence } from "./stand-in-rule.ts";

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Undefined when it was no JSON. */
  readonly body: ChatRequest | undefined;
  readonly model: string;
  readonly text: string | undefined;
}

type Mode = (exchange: Exchange) => void;

/** The server's own words in `shape-…`: nothing that is looked for. */
export const MISSING_WORDS = "messages: at least one message has no words";

export const modes = {
  /** By the rule. */
  answer: answerByRule,
  /** By the rule, in one piece: servers that ignore `stream`. */
  whole: (exchange) => withRule(exchange, (text) => whole(exchange, text)),
  /** By the rule, at the pace of a model: ten words a second. */
  "word-by-word": (exchange) =>
    withRule(exchange, (text) => {
      const { response, body } = exchange;
      if (body?.stream !== true) return whole(exchange, text);
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
      const words = pieces(text);
      const next = (): void => {
        const piece = words.shift();
        if (piece === undefined) {
          response.write(
            event({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage: { prompt_tokens: 10, completion_tokens: 20 } }),
          );
          response.end("data: [DONE]\n\n");
        } else {
          response.write(event({ choices: [{ index: 0, delta: piece.delta, finish_reason: null }] }));
          setTimeout(next, 100);
        }
      };
      next();
    }),
  /** By the rule, with the thinking left in. */
  "thinks-aloud": (exchange) =>
    withRule(exchange, (text) => stream(exchange, [...pieces(`<think>A picture. What is on it?</think>\n\n${text}`), { finish: "stop" }])),
  /** `text` word for word, whatever was asked for. */
  verbatim: (exchange) => stream(exchange, [...pieces(exchange.text ?? ""), { finish: "stop" }]),
  /** Plain words where JSON was asked for: servers that ignore `response_format`. */
  prose: (exchange) => stream(exchange, [...pieces("It looks like a sunny day at the sea."), { finish: "stop" }]),

  "non-answer": (exchange) =>
    stream(exchange, [...pieces("I'm sorry, but I can't view images. Please describe the picture to me."), { finish: "stop" }]),
  loop: (exchange) => stream(exchange, [...pieces("The man is wearing a dark hat. ".repeat(40)), { finish: "length" }]),
  "cut-off": (exchange) => stream(exchange, [...pieces("The picture shows a street with"), { finish: "length" }]),
  empty: (exchange) => stream(exchange, [{ finish: "stop" }]),
  /** vLLM, thinking model: the tokens ran out before the answer. */
  "thinking-cut-off": (exchange) =>
    stream(exchange, [{ delta: { content: null, reasoning: "Let me see what is on this picture" } }, { finish: "length" }]),
  filtered: (exchange) => stream(exchange, [{ finish: "content_filter" }]),

  /** The stream ends with no word on why. */
  "cut-stream": (exchange) => stream(exchange, pieces("The picture shows a")),
  /** The connection breaks in the middle. */
  "broken-stream": ({ response }) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(event({ choices: [{ index: 0, delta: { content: "The picture" } }] }), () => response.socket?.destroy());
  },
  /** OpenRouter: HTTP 200 and the error as an event. */
  "stream-error": (exchange) =>
    stream(exchange, [
      ...pieces("The"),
      {
        raw: {
          error: { code: 502, message: "Provider returned error", metadata: { provider_name: "Somewhere", raw: "upstream overloaded" } },
        },
      },
    ]),
  /** OpenRouter: HTTP 200 and an error as the body. */
  "error-200": ({ response }) => json(response, 200, { error: { code: 429, message: "Rate limit exceeded: free-models-per-min." } }),
  "not-json": ({ response }) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end("data: {oops\n\n");
  },
  accepted: ({ response }) => void response.writeHead(202, { "nvcf-reqid": "1" }).end(),
  "empty-body": ({ response }) => void response.writeHead(200, { "content-type": "application/json" }).end(),
  "web-page": ({ response }) =>
    void response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Router</title><h1>It works</h1>"),

  /** llama-server without a projector. A 500 that will never pass. */
  "no-projector": ({ response }) =>
    json(response, 500, {
      error: {
        code: 500,
        message: "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj",
        type: "server_error",
      },
    }),
  /** vLLM with a text model. */
  "not-multimodal": ({ response, model }) =>
    json(response, 400, {
      object: "error",
      message: `${model} is not a multimodal model`,
      type: "BadRequestError",
      param: null,
      code: 400,
    }),
  "no-images": ({ response }) =>
    json(response, 400, {
      error: { message: "At most 0 image(s) may be provided in one prompt.", type: "BadRequestError", param: null, code: 400 },
    }),
  "one-image": (exchange) =>
    pictureParts(exchange.body).length > 1
      ? json(exchange.response, 400, {
          error: { message: "At most 1 image(s) may be provided in one prompt.", type: "BadRequestError", param: null, code: 400 },
        })
      : answerByRule(exchange),
  /** Ollama 0.30 with Llama 3.2 Vision: the runner's whole JSON body within the text. */
  mllama: ({ response }) =>
    json(response, 500, {
      error: {
        message: `error loading model: {"error":{"code":500,"message":"llama_model_load: error loading model: unknown model architecture: 'mllama'","type":"server_error"}}`,
        type: "api_error",
        param: null,
        code: null,
      },
    }),
  "vllm-without-mllama": ({ response }) =>
    json(response, 500, {
      error: {
        message:
          "Model architectures ['MllamaForConditionalGeneration'] was supported in vLLM until v0.10.2, and is not supported anymore.",
        type: "InternalServerError",
        code: 500,
      },
    }),
  "overflow-llama": ({ response }) =>
    json(response, 400, {
      error: {
        code: 400,
        message: "request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it",
        type: "exceed_context_size_error",
        n_prompt_tokens: 5000,
        n_ctx: 4096,
      },
    }),
  "overflow-vllm": ({ response }) =>
    json(response, 400, {
      object: "error",
      message:
        "This model's maximum context length is 4096 tokens. However, you requested 5300 tokens (1300 in the messages, 4000 in the completion). Please reduce the length of the messages or completion.",
      type: "BadRequestError",
      param: null,
      code: 400,
    }),
  /** OpenAI, and whoever keeps to its words. */
  "overflow-openai": ({ response }) =>
    json(response, 400, {
      error: {
        message:
          "This model's maximum context length is 4096 tokens. However, your messages resulted in 5300 tokens. Please reduce the length of the messages.",
        type: "invalid_request_error",
        param: "messages",
        code: "context_length_exceeded",
      },
    }),
  "overflow-anthropic": ({ response }) =>
    json(response, 400, {
      error: {
        code: "invalid_request_error",
        message: "prompt is too long: 5300 tokens > 4096 maximum",
        type: "invalid_request_error",
        param: null,
      },
    }),
  /** A list of one error (google-gemini/gemini-cli #6678). */
  "overflow-gemini": ({ response }) =>
    json(response, 400, [
      {
        error: {
          code: 400,
          message: "The input token count (5300) exceeds the maximum number of tokens allowed (4096).",
          status: "INVALID_ARGUMENT",
        },
      },
    ]),
  /** QwenLM/Qwen3 #1321. */
  "overflow-sglang": ({ response }) =>
    json(response, 400, {
      object: "error",
      message: "The input (5300 tokens) is longer than the model's context length (4096 tokens).",
      type: "BadRequestError",
      param: null,
      code: 400,
    }),
  /** lmstudio-ai/lmstudio-bug-tracker #546. */
  "overflow-lmstudio": ({ response }) =>
    json(response, 400, {
      error:
        "Trying to keep the first 5300 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough. Try to load the model with a larger context length, or provide a shorter input",
    }),
  /** tinyhumansai/openhuman #3550: its words in 2026. */
  "overflow-lmstudio-2026": ({ response }) =>
    json(response, 400, {
      error:
        "The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 5300 >= n_ctx: 4096). Try to load the model with a larger context length, or provide a shorter prompt.",
    }),
  "no-vision-openrouter": ({ response }) =>
    json(response, 404, { error: { message: "No endpoints found that support image input", code: 404 } }),
  "model-not-found": ({ response, body }) =>
    json(response, 404, { error: { message: `model '${String(body?.model)}' not found`, type: "not_found_error", code: null } }),
  /** NVIDIA: a model that is still listed. */
  retired: ({ response, model }) =>
    json(response, 410, { status: 410, title: "Gone", detail: `The model '${model}' has reached its end of life.` }),
  "no-credit": ({ response }) => json(response, 402, { error: { code: 402, message: "Insufficient credits" } }),
  forbidden: ({ response }) => json(response, 403, { status: 403, title: "Forbidden", detail: "Authorization failed" }),
  "too-large": ({ response }) =>
    void response
      .writeHead(413, { "content-type": "text/html" })
      .end("<html><head><title>413</title></head><body><h1>Request Entity Too Large</h1></body></html>"),
  "server-error": ({ response }) => json(response, 500, { error: "CUDA error: out of memory" }),
  /** Refusals that mean nothing in particular, in each shape that servers give them: a string (LM Studio, Ollama). */
  "shape-string": ({ response }) => json(response, 400, { error: MISSING_WORDS }),
  /** vLLM before 0.11, SGLang. */
  "shape-object": ({ response }) =>
    json(response, 400, { object: "error", message: MISSING_WORDS, type: "BadRequestError", param: null, code: 400 }),
  /** RFC 9457: NVIDIA, OGX. */
  "shape-problem": ({ response }) => json(response, 400, { status: 400, title: "Bad Request", detail: MISSING_WORDS }),
  /** FastAPI: NVIDIA, NIM, OGX. */
  "shape-list": ({ response }) => json(response, 422, { detail: [{ loc: ["body", "messages"], msg: MISSING_WORDS, type: "missing" }] }),

  /** Says 400 to `response_format`, as LM Studio and older servers do, and answers in prose-wrapped JSON without it. */
  "no-schema": (exchange) =>
    exchange.body?.response_format === undefined
      ? answerInFences(exchange)
      : json(exchange.response, 400, { error: "'response_format.type' must be 'text'" }),
  "fenced-json": answerInFences,
  /** OpenAI's reasoning models. */
  "new-names-only": (exchange) => {
    const { body, response } = exchange;
    if (body?.max_tokens !== undefined)
      return json(response, 400, {
        error: {
          message: "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
          type: "invalid_request_error",
          param: "max_tokens",
          code: "unsupported_parameter",
        },
      });
    if (body?.temperature !== undefined)
      return json(response, 400, {
        error: {
          message: "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
          type: "invalid_request_error",
          param: "temperature",
          code: "unsupported_value",
        },
      });
    return answerByRule(exchange);
  },
  "no-stream-options": (exchange) =>
    exchange.body?.stream_options === undefined
      ? answerByRule(exchange)
      : json(exchange.response, 422, {
          detail: [{ loc: ["body", "stream_options"], msg: "Extra inputs are not permitted: stream_options", type: "extra_forbidden" }],
        }),

  "rate-limited": ({ response }) =>
    json(response, 429, { error: { message: "Too many requests", type: "rate_limit" } }, { "retry-after": "0" }),
  "rate-limited-long": ({ response }) =>
    json(response, 429, { error: { message: "Too many requests", type: "rate_limit" } }, { "retry-after": "7200" }),
  /** Asks for two seconds. */
  "wait-2": ({ response }) => json(response, 429, { error: { message: "Too many requests", type: "rate_limit" } }, { "retry-after": "2" }),
  /** It will pass. */
  overloaded: ({ response }) =>
    json(response, 503, { error: { message: "The engine is currently overloaded, please try again later", type: "server_error" } }),
  /** llama-server while it loads. */
  loading: ({ response }) => json(response, 503, { error: { message: "Loading model", type: "unavailable_error", code: 503 } }),
  reset: ({ request }) => void request.socket.destroy(),
  redirect: ({ response }) => void response.writeHead(307, { location: "http://127.0.0.1:9/v1/chat/completions" }).end(),
  /** Takes the request and never says a word. */
  silent: () => {},
  /** Begins and then never says another word. */
  stalls: ({ response, text = "The picture" }) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(event({ choices: [{ index: 0, delta: { role: "assistant", content: text } }] }));
  },
} satisfies Record<string, Mode>;

function answerByRule(exchange: Exchange): void {
  withRule(exchange, (text) => {
    if (exchange.body?.stream === true) stream(exchange, [...pieces(text), { finish: "stop" }]);
    else whole(exchange, text);
  });
}

/** An answer in one piece. */
function whole({ response, model }: Pick<Exchange, "response" | "model">, text: string): void {
  json(response, 200, {
    id: "stand-in",
    object: "chat.completion",
    model,
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  });
}

function answerInFences(exchange: Exchange): void {
  withRule(exchange, (text) => stream(exchange, [...pieces(`Here is the JSON:\n\`\`\`json\n${text}\n\`\`\`\n`), { finish: "stop" }]));
}

function withRule(exchange: Exchange, answer: (text: string) => void): void {
  const { body, response, model } = exchange;
  if (body?.model !== model)
    return json(response, 404, {
      error: { message: `The model \`${String(body?.model)}\` does not exist.`, type: "NotFoundError", code: 404 },
    });
  let said: string;
  try {
    said = exchange.text ?? sentence(body);
  } catch (error) {
    return json(response, 400, {
      error: { message: `Failed to load image or audio file: ${String(error)}`, type: "invalid_request_error", code: 400 },
    });
  }
  const schema = body.response_format?.json_schema?.schema ?? schemaInPrompt(body);
  answer(schema === undefined ? said : JSON.stringify(filled(schema, said)));
}

interface Piece {
  readonly delta?: Record<string, unknown>;
  readonly finish?: string;
  readonly raw?: unknown;
}

/** Words, as a model would send them. */
function pieces(text: string): Piece[] {
  return (text.match(/\S+\s*|\s+/g) ?? []).map((content) => ({ delta: { content } }));
}

function stream({ response, body, model }: Pick<Exchange, "response" | "body" | "model">, parts: readonly Piece[]): void {
  if (body?.stream !== true) return json(response, 400, { error: { message: "the stand-in only streams in this mode", code: 400 } });
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
  const chunk = (rest: Record<string, unknown>) => event({ id: "stand-in", object: "chat.completion.chunk", created: 0, model, ...rest });
  response.write(chunk({ choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }] }));
  for (const { delta = {}, finish = null, raw } of parts)
    response.write(raw === undefined ? chunk({ choices: [{ index: 0, delta, finish_reason: finish }] }) : event(raw));
  if (body.stream_options?.include_usage === true)
    response.write(chunk({ choices: [], usage: { prompt_tokens: 10, completion_tokens: parts.length, total_tokens: 10 + parts.length } }));
  response.end("data: [DONE]\n\n");
}

function event(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}
