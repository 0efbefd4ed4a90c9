/** How a server departs from its dialect, by name. */
export type Quirk =
  /** `response_format` is ignored or refused: the schema stands in the prompt alone. */
  | "schema-in-prompt"
  /** Wants `max_completion_tokens`. */
  | "max-completion-tokens"
  /** llama-server's `GET /props` says whether it sees, and its context. */
  | "llama-props"
  /** LM Studio's own list `GET /api/v0/models` says which models see, and their context. */
  | "lm-studio-list"
  /** `GET /version` beside `/v1`. */
  | "version-route"
  /** NVIDIA's hosted routes: the picture in an `<img>` tag of the text, under 180,000 characters, larger ones as assets; 202 answers are asked for later. */
  | "nvidia-hosted";

/** A kind of server, as data. */
export interface Preset {
  /** What `--backend` takes. */
  readonly name: string;
  readonly title: string;
  readonly dialect: "ollama" | "openai-compatible" | "nvidia";
  /** Where it is when nobody says otherwise. */
  readonly baseUrl?: string;
  /** Environment variables that hold its key, as its own documentation names them. */
  readonly keyVariables: readonly string[];
  /** True when it usually runs on the machine that asks: it is looked for at `baseUrl`. */
  readonly local?: true;
  /** Pictures one request may carry, where the server says less (or more) than the model's family does. */
  readonly maxImages?: number;
  /** Most bytes of one encoded picture. */
  readonly maxImageBytes?: number;
  /** Requests at a time; default 4. */
  readonly concurrency?: number;
  readonly quirks: readonly Quirk[];
}

/**
 * Every kind of server that is known, in the order in which they are looked for. What they do is read off their documentation and sources (November 2026);
 * the contract suite holds them to it.
 */
export const presets: readonly Preset[] = [
  {
    name: "nvidia",
    title: "NVIDIA API",
    dialect: "nvidia",
    baseUrl: "https://integrate.api.nvidia.com/v1",
    keyVariables: ["NVIDIA_API_KEY"],
    maxImages: 1,
    quirks: ["nvidia-hosted"],
  },
  {
    name: "openai",
    title: "OpenAI",
    dialect: "openai-compatible",
    baseUrl: "https://api.openai.com/v1",
    keyVariables: ["OPENAI_API_KEY"],
    quirks: ["max-completion-tokens"],
  },
  // 5 MB a picture, base64 counted.
  {
    name: "anthropic",
    title: "Anthropic",
    dialect: "openai-compatible",
    baseUrl: "https://api.anthropic.com/v1",
    keyVariables: ["ANTHROPIC_API_KEY"],
    maxImageBytes: 3_750_000,
    quirks: ["schema-in-prompt"],
  },
  {
    name: "gemini",
    title: "Google Gemini",
    dialect: "openai-compatible",
    baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
    keyVariables: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    quirks: [],
  },
  {
    name: "openrouter",
    title: "OpenRouter",
    dialect: "openai-compatible",
    baseUrl: "https://openrouter.ai/api/v1",
    keyVariables: ["OPENROUTER_API_KEY"],
    quirks: [],
  },
  // 413 over 4 MB of base64.
  {
    name: "groq",
    title: "Groq",
    dialect: "openai-compatible",
    baseUrl: "https://api.groq.com/openai/v1",
    keyVariables: ["GROQ_API_KEY"],
    maxImageBytes: 2_900_000,
    quirks: [],
  },
  {
    name: "together",
    title: "Together AI",
    dialect: "openai-compatible",
    baseUrl: "https://api.together.xyz/v1",
    keyVariables: ["TOGETHER_API_KEY"],
    quirks: [],
  },
  {
    name: "ollama",
    title: "Ollama",
    dialect: "ollama",
    baseUrl: "http://127.0.0.1:11434",
    keyVariables: ["OLLAMA_API_KEY"],
    local: true,
    concurrency: 1,
    quirks: [],
  },
  {
    name: "lmstudio",
    title: "LM Studio",
    dialect: "openai-compatible",
    baseUrl: "http://127.0.0.1:1234/v1",
    keyVariables: ["LM_STUDIO_API_KEY"],
    local: true,
    concurrency: 1,
    quirks: ["lm-studio-list"],
  },
  {
    name: "vllm",
    title: "vLLM",
    dialect: "openai-compatible",
    baseUrl: "http://127.0.0.1:8000/v1",
    keyVariables: ["VLLM_API_KEY"],
    local: true,
    quirks: ["version-route"],
  },
  {
    name: "llamacpp",
    title: "llama.cpp (llama-server)",
    dialect: "openai-compatible",
    baseUrl: "http://127.0.0.1:8080/v1",
    keyVariables: ["LLAMA_API_KEY"],
    local: true,
    concurrency: 1,
    quirks: ["llama-props"],
  },
  {
    name: "sglang",
    title: "SGLang",
    dialect: "openai-compatible",
    baseUrl: "http://127.0.0.1:30000/v1",
    keyVariables: [],
    local: true,
    quirks: [],
  },
  {
    name: "ogx",
    title: "OGX (Llama Stack)",
    dialect: "openai-compatible",
    baseUrl: "http://127.0.0.1:8321/v1",
    keyVariables: ["OGX_API_KEY", "LLAMA_STACK_API_KEY"],
    local: true,
    quirks: [],
  },
  { name: "nim", title: "NVIDIA NIM", dialect: "nvidia", keyVariables: [], quirks: [] },
  { name: "openai-compatible", title: "any OpenAI-compatible server", dialect: "openai-compatible", keyVariables: [], quirks: [] },
];
