import { ModelError, SetupError, type SightlineError } from "../errors.ts";
import { familyOf } from "../families/index.ts";
import { unknownFamily } from "../families/unknown.ts";

/** What a model server said instead of an answer. */
export interface Refusal {
  readonly status: number;
  /** The body as it came, JSON or not. */
  readonly body: string;
  readonly retryAfterSeconds?: number | undefined;
}

/** Whom it was said to. */
export interface RefusedRequest {
  /** The base URL. */
  readonly server: string;
  readonly model: string;
  readonly hasKey: boolean;
  /** Variables of the environment that hold this server's key. */
  readonly keyVariables?: readonly string[] | undefined;
  /** Ids the server lists, when it was asked and answered. */
  readonly listed?: readonly string[] | undefined;
  /** What to do for a longer context, where it is asked for with each question; completes "Send fewer or smaller pictures, or …". */
  readonly longerContext?: string | undefined;
}

/** Longest piece of a server's own words that goes into a message, in characters. */
const LONGEST_QUOTE = 400;

const NAME_A_MODEL = "Name one with --model (SIGHTLINE_MODEL)";
const USE_VISION_MODEL =
  "Choose a model that takes pictures with --model (SIGHTLINE_MODEL), e.g. gemma4 or qwen3-vl on Ollama. A llama-server also needs its projector: --mmproj.";

/** The words in an error body, whichever of the known shapes it has. */
export function refusalText(body: string): string {
  const text = wordsIn(parse(body) ?? body);
  // A web page or a proxy's error page: its words without the markup.
  const plain = /^\s*</.test(text) ? text.replaceAll(/<(script|style)[\s\S]*?<\/\1>|<[^>]*>/g, " ") : text;
  const line = plain.replaceAll(/\s+/g, " ").trim();
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * `{error:{message}}` (OpenAI, vLLM, llama-server), `{error:"…"}` (Ollama, LM Studio; the text may be a JSON body of the runner beneath),
 * `{object:"error",message}` (older vLLM), `{status,title,detail}` (NVIDIA, OGX), `{detail:[{msg}]}` (FastAPI),
 * `{error:{message,metadata:{raw}}}` (OpenRouter: what the provider behind it said).
 */
function wordsIn(body: unknown): string {
  if (typeof body === "string") {
    const inner = body.trimStart().startsWith("{") ? parse(body) : undefined;
    return inner === undefined ? body : wordsIn(inner);
  }
  if (Array.isArray(body)) return body.map(wordsIn).filter(Boolean).join("; ");
  if (typeof body !== "object" || body === null) return "";
  const fields = body as Record<string, unknown>;
  if (fields["error"] !== undefined && fields["error"] !== null && fields["error"] !== true) return wordsIn(fields["error"]);
  const metadata = fields["metadata"] as { raw?: unknown } | null | undefined;
  const words = [fields["message"], fields["msg"], fields["title"], fields["detail"], metadata?.raw].map(wordsIn).filter(Boolean);
  return words.length > 0 ? [...new Set(words)].join(": ") : JSON.stringify(body);
}

/** The HTTP status an error body names itself: OpenRouter sends its errors under HTTP 200. */
export function statusIn(body: string): number | undefined {
  const parsed = parse(body) as { error?: { code?: unknown; status?: unknown } | null; code?: unknown } | null | undefined;
  for (const code of [parsed?.error?.code, parsed?.error?.status, parsed?.code]) {
    const status = Number(code);
    if (Number.isInteger(status) && status >= 400 && status <= 599) return status;
  }
  return undefined;
}

function numberAfter(text: string, patterns: readonly RegExp[]): string | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Context {
  readonly refusal: Refusal;
  readonly request: RefusedRequest;
  /** The whole body without the backslashes of JSON within JSON, so that one pattern fits all nestings. */
  readonly raw: string;
  readonly said: string;
}

interface KnownRefusal {
  /** What tells it, in the body or by status. */
  readonly sign: RegExp | ((context: Context) => boolean);
  explain(context: Context): SightlineError;
}

/** The first that fits explains. Signs are the servers' own words (backend and version in the comment). */
const knownRefusals: readonly KnownRefusal[] = [
  {
    // Ollama since 0.30.0: every model moved to llama-server, which does not know this architecture.
    sign: /unknown model architecture: '?mllama'?/,
    explain: ({ request }) =>
      new SetupError(
        `${request.server} cannot load ${request.model}: Llama 3.2 Vision no longer runs on Ollama since 0.30 nor on llama.cpp.`,
        {
          hint: "Ways out: a current vision model (ollama pull gemma4 or qwen3-vl:8b), Ollama 0.24 or older, vLLM 0.10.2 or older, SGLang, or NVIDIA's hosted meta/llama-3.2-11b-vision-instruct.",
        },
      ),
  },
  {
    // llama.cpp, Ollama: the model is newer than the server, or never was for it.
    sign: /unknown model architecture: '?[\w.-]+/,
    explain: ({ request, refusal, said }) =>
      new SetupError(`${request.server} cannot load ${request.model}: ${quoted(refusal, said)}`, {
        hint: "Update the server, or choose another model with --model (SIGHTLINE_MODEL).",
      }),
  },
  {
    // Ollama: "model requires more system memory (9.9 GiB) than is available (7.6 GiB)".
    sign: /requires more system memory/,
    explain: ({ request, refusal, said }) =>
      new SetupError(`${request.server} cannot load ${request.model}: ${quoted(refusal, said)}`, {
        hint: "Choose a smaller model, make room by unloading others (`ollama ps`, `ollama stop`), or ask for a shorter context with --context (SIGHTLINE_CONTEXT).",
      }),
  },
  {
    // Ollama, for an embedding model: `"all-minilm" does not support chat`.
    sign: /does(?: not|n't) support (?:chat|generate|completion)/i,
    explain: ({ request, refusal, said }) =>
      new SetupError(`${request.model} at ${request.server} is not made for answers: ${quoted(refusal, said)}`, {
        hint: `${NAME_A_MODEL} that answers, e.g. gemma4: this one may be an embedding model.`,
      }),
  },
  {
    // vLLM dropped encoder-decoder models after 0.10.2.
    sign: /was supported in vLLM until v?([\d.]+)/,
    explain: ({ request, said }) =>
      new SetupError(`This vLLM can no longer run ${request.model}: ${said}`, {
        hint: "Ways out: vllm<=0.10.2 with --limit-mm-per-prompt '{\"image\":1}', SGLang, NVIDIA's hosted meta/llama-3.2-11b-vision-instruct, or a current vision model.",
      }),
  },
  {
    // vLLM: "At most 0 image(s) may be provided in one prompt."; llama-server: "image input is not supported - hint: …mmproj";
    // Ollama for a text model: "missing data required for image input"; OpenRouter: "No endpoints found that support image input".
    sign: /at most 0 image|image input is not supported|is not a multimodal model|missing data required for image input|support image input|(?:not|n't) support (?:image|vision|multimodal)|image_url is only supported by/i,
    explain: ({ request, said, refusal }) =>
      new SetupError(`${request.model} at ${request.server} takes no pictures: ${quoted(refusal, said)}`, { hint: USE_VISION_MODEL }),
  },
  {
    // "This model only supports one image while more than one image requested": Ollama for Llama 3.2 Vision.
    sign: /at most (\d+) (?:image|picture)|only supports one image/i,
    explain: ({ request, refusal, raw }) => {
      const limit = numberAfter(raw, [/at most (\d+) (?:image|picture)/i]) ?? "1";
      return new ModelError(`${request.model} at ${request.server} takes at most ${limit} picture${limit === "1" ? "" : "s"} a request.`, {
        status: refusal.status,
        hint: `Set --max-images ${limit} (SIGHTLINE_MAX_IMAGES=${limit}), or raise the server's own limit (vLLM: --limit-mm-per-prompt).`,
      });
    },
  },
  {
    // llama-server: exceed_context_size_error; vLLM: "maximum context length is", "decoder prompt (length N) is longer than"; OpenAI: context_length_exceeded;
    // Ollama: "longer than the context length", "input length exceeds"; SGLang: "longer than the model's context length"; Gemini: "maximum number of tokens allowed";
    // LM Studio: "loaded with context length of only", and since 2026 "greater than the context length".
    sign: /exceed_context_size|context_length_exceeded|maximum context length|available context size|decoder prompt \(length|prompt is too long|context window|(?:longer|greater) than the (?:model's )?context length|input length exceeds|input token count .{0,20}exceeds|context length of only/i,
    explain: ({ request, refusal, raw, said }) => {
      const takes = numberAfter(raw, [
        /"n_prompt_tokens":\s*(\d+)/,
        /decoder prompt \(length (\d+)/,
        /requested (?:about )?(\d+) tokens/,
        /resulted in (\d+) tokens/,
        /(?:has|contains(?: at least)?) (\d+) (?:input )?tokens/,
        /(\d+) tokens >/,
        /input \((\d+) tokens\)/,
        /input token count \((\d+)\)/,
        /keep the first (\d+) tokens/,
        /n_keep: (\d+)/,
        /request \((\d+) tokens/,
      ]);
      const holds = numberAfter(raw, [
        /"n_ctx":\s*(\d+)/,
        /maximum context length is (\d+)/,
        /maximum model length of (\d+)/,
        /> (\d+) maximum/,
        /context size \((\d+)/,
        /context length \((\d+) tokens\)/,
        /tokens allowed \((\d+)\)/,
        /context length of only (\d+)/,
        /n_ctx: (\d+)/,
      ]);
      const numbers = takes !== undefined && holds !== undefined ? `it takes ${takes} tokens and the context holds ${holds}` : said;
      return new ModelError(`The request is too long for ${request.model} at ${request.server}: ${numbers}.`, {
        status: refusal.status,
        hint: `Send fewer or smaller pictures, or ${request.longerContext ?? "start the server with a longer context (llama-server -c, vLLM --max-model-len, OLLAMA_CONTEXT_LENGTH)"}.`,
      });
    },
  },
  {
    // llama-server, Ollama; its older runners.
    sign: /failed to load image|failed to decode image|invalid image/i,
    explain: ({ request, refusal, said }) =>
      new ModelError(`${request.model} at ${request.server} could not read the picture: ${quoted(refusal, said)}`, {
        status: refusal.status,
        hint: "Save the picture anew as a JPEG or PNG, or send it smaller.",
      }),
  },
  {
    sign: ({ refusal }) => refusal.status === 401 || refusal.status === 403,
    explain: ({ request, refusal, said }) =>
      new SetupError(
        `${request.server} ${request.hasKey ? "refused the API key" : "wants an API key and none is set"}: ${quoted(refusal, said)}`,
        {
          hint: `Set ${["SIGHTLINE_API_KEY", ...(request.keyVariables ?? [])].join(" or ")} to a key ${request.hasKey ? "that this server and this model accept" : "of that server"}.`,
        },
      ),
  },
  {
    sign: ({ refusal }) => refusal.status === 402,
    explain: ({ request, refusal, said }) =>
      new SetupError(`${request.server} wants to be paid: ${quoted(refusal, said)}`, {
        hint: "Add credit to the account behind SIGHTLINE_API_KEY, or name another server.",
      }),
  },
  {
    sign: ({ refusal }) => refusal.status >= 300 && refusal.status < 400,
    explain: ({ request, refusal }) =>
      new SetupError(
        `${request.server} sends requests elsewhere (HTTP ${refusal.status}). Redirects are not followed, so that pictures and keys go only where you said.`,
        {
          hint: "Set --base-url (SIGHTLINE_BASE_URL) to the address it leads to.",
        },
      ),
  },
  {
    sign: ({ refusal, request }) => (refusal.status === 404 || refusal.status === 410) && request.listed !== undefined,
    explain: ({ request, refusal, said }) => {
      const listed = request.listed ?? [];
      const others = listed.filter((id) => id !== request.model).sort((one, other) => Number(seemsToSee(other)) - Number(seemsToSee(one)));
      const names =
        others.length === 0
          ? "It lists no other."
          : `It lists: ${others.slice(0, 12).join(", ")}${others.length > 12 ? `, and ${others.length - 12} more` : ""}.`;
      return listed.includes(request.model)
        ? new SetupError(`${request.server} lists ${request.model} but does not serve it: ${quoted(refusal, said)}`, {
            hint: `${NAME_A_MODEL}. ${names}`,
          })
        : new SetupError(`${request.server} has no model ${request.model}: ${quoted(refusal, said)}`, {
            hint: `${NAME_A_MODEL}. ${names}`,
          });
    },
  },
  {
    sign: ({ refusal, raw }) => refusal.status === 410 || (refusal.status === 404 && /model/i.test(raw)),
    explain: ({ request, refusal, said }) =>
      new SetupError(`${request.server} has no model ${request.model}: ${quoted(refusal, said)}`, {
        hint: `${NAME_A_MODEL} that the server has.`,
      }),
  },
  {
    sign: ({ refusal }) => refusal.status === 404 || refusal.status === 405,
    explain: ({ request, refusal, said }) =>
      new SetupError(`No OpenAI-compatible API at ${request.server}: ${quoted(refusal, said)}`, {
        hint: "The base URL usually ends in /v1, e.g. http://127.0.0.1:11434/v1 for Ollama.",
      }),
  },
  {
    sign: ({ refusal }) => refusal.status === 413,
    explain: ({ request, refusal, said }) =>
      new ModelError(`The request is too large for ${request.server}: ${quoted(refusal, said)}`, {
        status: 413,
        hint: "Send fewer or smaller pictures.",
      }),
  },
  {
    sign: ({ refusal }) => refusal.status === 429,
    explain: ({ request, refusal, said }) => {
      const wait = refusal.retryAfterSeconds;
      return new ModelError(`${request.server} has had too many requests: ${quoted(refusal, said)}`, {
        status: 429,
        retryable: true,
        retryAfterSeconds: wait,
        hint: wait === undefined ? "Wait a minute and try again." : `It asks to wait ${wait} s.`,
      });
    },
  },
  {
    sign: ({ refusal }) => [408, 425, 502, 503, 504, 529].includes(refusal.status),
    explain: ({ request, refusal, said }) =>
      new ModelError(`The model server at ${request.server} is not ready: ${quoted(refusal, said)}`, {
        status: refusal.status,
        retryable: true,
        retryAfterSeconds: refusal.retryAfterSeconds,
        hint: /loading/i.test(said) ? "It is still loading the model: try again in a minute." : "Try again in a minute.",
      }),
  },
  {
    // An error in place of an answer that had already begun.
    sign: ({ refusal }) => refusal.status >= 200 && refusal.status < 300,
    explain: ({ request, said }) =>
      new ModelError(`The model server at ${request.server} broke off its answer: "${said.replace(/\.$/, "")}".`, {
        hint: "Try again; look into the server's log if it stays so.",
      }),
  },
];

/** By its name alone: servers list hundreds of models, and the few that fit into a hint are to be of use. */
function seemsToSee(id: string): boolean {
  return familyOf(id) !== unknownFamily || /vision|\bvlm?\b|multimodal|omni|llava|pixtral/i.test(id);
}

function quoted(refusal: Refusal, said: string): string {
  return said === "" ? `HTTP ${refusal.status} without a word.` : `HTTP ${refusal.status}, "${said.replace(/\.$/, "")}".`;
}

/** Turns what the server said into the error for whoever must act. */
export function explainRefusal(refusal: Refusal, request: RefusedRequest): SightlineError {
  const context: Context = { refusal, request, raw: refusal.body.replaceAll("\\", ""), said: refusalText(refusal.body) };
  for (const { sign, explain } of knownRefusals) {
    if (sign instanceof RegExp ? sign.test(context.raw) : sign(context)) return explain(context);
  }
  return new ModelError(`The model server at ${request.server} failed: ${quoted(refusal, context.said)}`, {
    status: refusal.status,
    retryAfterSeconds: refusal.retryAfterSeconds,
    hint: refusal.status >= 500 ? "Look into the server's log." : `Check that ${request.model} is a chat model that takes pictures.`,
  });
}
