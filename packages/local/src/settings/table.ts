import { presets } from "@sightline/core/presets";
import * as z from "zod";

/** One setting: everything about it, for the command line, the environment, the config file and the docs. */
export interface Setting {
  /** Long flag without its dashes. */
  readonly flag: string;
  readonly env: string;
  /** What stands for the value in a usage line; absent for a flag without a value: true, and false as `--no-…`. */
  readonly placeholder?: string;
  readonly description: string;
  /** What holds when it is not set, in words. */
  readonly fallback: string;
  /** Its flag may be repeated; its variable holds several, separated as PATH is. */
  readonly list?: true;
  /** Never shown, not even in an error. */
  readonly secret?: true;
  /** True for what only the MCP server has: the command line does not list it. */
  readonly server?: true;
  readonly schema: z.ZodType;
}

/** Seconds that one question may take altogether: a large model loads for up to ten minutes, and then has to answer. */
const WHOLE_QUESTION_SECONDS = 1800;

/** Characters; PDF itself looks at 127 bytes. */
const MAX_PASSWORD = 127;

const httpUrl = z.string().transform((text, context) => {
  const refuse = (message: string): never => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) return refuse("must be a URL such as http://localhost:11434/v1");
  if (url.username !== "" || url.password !== "") return refuse("must not carry a user name or password; give a key as the API key");
  // A key could stand there, and addresses are shown.
  if (url.search !== "" || url.hash !== "") return refuse("must end with its path, without ? or #; give a key as the API key");
  return url.href.replace(/\/+$/, "");
});

/** A number, or its digits as flags and variables hold them. */
function number(check: z.ZodNumber) {
  return z.preprocess((value) => (typeof value === "string" ? Number(value) : value), check).optional();
}

const real = z.number("must be a number");

function whole(most: number) {
  return number(z.int("must be a whole number").min(1, "must be at least 1").max(most, `must be at most ${most}`));
}

const yesOrNo = z
  .union([z.boolean(), z.stringbool({ truthy: ["true", "1", "yes"], falsy: ["false", "0", "no"] })], "must be true or false")
  .optional();

/** What HTTP lets a header carry: a key is sent in one, and the error about any other would show it. */
const key = z.string().regex(/^[\x21-\x7e]+$/, "must be one word of ASCII letters, digits and signs");

/** The key in a text that was set as one; undefined when it cannot be one. */
export function asKey(text: string | undefined): string | undefined {
  const parsed = key.safeParse(text);
  return parsed.success ? parsed.data : undefined;
}

/** Where a server listens, as `[HOST:]PORT`. An IPv6 address stands in brackets; port 0 takes a free one. */
export const listenAddress = z.preprocess(
  (value) => (typeof value === "number" ? String(value) : value),
  z.string("must be a port, or HOST:PORT").transform((text, context) => {
    const [, bracketed, plain, digits] = /^(?:(?:\[([0-9a-f:.]+)\]|([^\s:/[\]]+)):)?(\d{1,5})$/i.exec(text) ?? [];
    const port = Number(digits ?? Number.NaN);
    if (!(port <= 65_535)) {
      context.addIssue({ code: "custom", message: "must be a port, or HOST:PORT such as 127.0.0.1:8000 or [::1]:8000" });
      return z.NEVER;
    }
    return { host: bracketed ?? plain ?? "127.0.0.1", port };
  }),
);

/** So many in so much time, as the ms between two. */
const rate = z
  .string()
  .transform((text, context) => {
    const [, count, unit] = /^(\d+(?:\.\d+)?)\/(s|min|h)$/.exec(text) ?? [];
    const everyMs = unit === undefined ? Number.NaN : { s: 1_000, min: 60_000, h: 3_600_000 }[unit as "s" | "min" | "h"] / Number(count);
    if (everyMs > 0 && everyMs <= 3_600_000) return { everyMs };
    context.addIssue({ code: "custom", message: "must be a number a second, minute or hour: 10/s, 40/min or 500/h" });
    return z.NEVER;
  })
  .optional();

/** The name and password in it are nobody's to see: it is a secret. */
const redisUrl = z
  .string()
  .refine(
    (text) =>
      URL.canParse(text) &&
      /^rediss?:$/.test(new URL(text).protocol) &&
      new URL(text).hostname !== "" &&
      /^\/?\d*$/.test(new URL(text).pathname),
    "must be an address such as redis://localhost:6379, or rediss://NAME:PASSWORD@HOST:PORT/DATABASE",
  );

/** Before clients of the SDKs give up, which they do after 60 s. */
const ANSWER_SECONDS = 50;

/** Short ones can be guessed. */
const SHORTEST_TOKEN = 16;

/** The table of settings. Its keys are the config file's keys; names are a contract with users. */
export const SETTINGS = {
  allow: {
    flag: "allow",
    env: "SIGHTLINE_ALLOW",
    placeholder: "DIR",
    list: true,
    description: "A folder whose files may be read, with everything below it.",
    fallback: "no file may be read; the command line allows the files it names",
    schema: z.array(z.string()).default([]),
  },
  backend: {
    flag: "backend",
    env: "SIGHTLINE_BACKEND",
    placeholder: "NAME",
    description: `The kind of model server: ${presets.map(({ name }) => name).join(", ")}; \`none\` uses no model at all.`,
    fallback: "told by the base URL; else by a key in the environment; else a server that answers on this machine; else none",
    schema: z.enum(["none", ...presets.map(({ name }) => name)]).optional(),
  },
  baseUrl: {
    flag: "base-url",
    env: "SIGHTLINE_BASE_URL",
    placeholder: "URL",
    description: "Address of the model server, up to and with `/v1`.",
    fallback: "where servers of that kind usually are; Ollama's by `OLLAMA_HOST`",
    schema: httpUrl.optional(),
  },
  model: {
    flag: "model",
    env: "SIGHTLINE_MODEL",
    placeholder: "NAME",
    description: "The vision model, by the server's name for it.",
    fallback: "the server's only model, or the best of those that see and are known; never Llama 3.2 Vision, never one that runs elsewhere",
    schema: z.string().optional(),
  },
  textModel: {
    flag: "text-model",
    env: "SIGHTLINE_TEXT_MODEL",
    placeholder: "NAME",
    description: "A model of the same server for steps that need no picture.",
    fallback: "with Ollama a text model that is installed; else the vision model",
    schema: z.string().optional(),
  },
  apiKey: {
    flag: "api-key",
    env: "SIGHTLINE_API_KEY",
    placeholder: "KEY",
    secret: true,
    description: "Key of the model server. A flag shows in the process list: the variable does not.",
    fallback: "the key variable of the server's kind (table below), for that server alone; else none is sent",
    schema: key.optional(),
  },
  maxTokens: {
    flag: "max-tokens",
    env: "SIGHTLINE_MAX_TOKENS",
    placeholder: "N",
    description: "Longest answer of the model, in tokens.",
    fallback: "what the task needs",
    schema: whole(1_000_000),
  },
  temperature: {
    flag: "temperature",
    env: "SIGHTLINE_TEMPERATURE",
    placeholder: "T",
    description: "How freely the model chooses its words, 0 to 2. Above 0 no answer is kept for the next time.",
    fallback: "what the task needs: 0 for reading and extracting",
    schema: number(real.min(0, "must be at least 0").max(2, "must be at most 2")),
  },
  topP: {
    flag: "top-p",
    env: "SIGHTLINE_TOP_P",
    placeholder: "P",
    description: "Only the likeliest words that together have this probability, above 0 to 1.",
    fallback: "the server's own",
    schema: number(real.gt(0, "must be above 0").max(1, "must be at most 1")),
  },
  stream: {
    flag: "stream",
    env: "SIGHTLINE_STREAM",
    description: "Shows the model's words as they come; `--no-stream` asks for the answer in one piece.",
    fallback: "asked for piece by piece, so that a slow answer is not taken for none, and shown when it is whole",
    schema: yesOrNo,
  },
  original: {
    flag: "original",
    env: "SIGHTLINE_ORIGINAL",
    description: "Sends pictures unshrunk, an upright JPEG or PNG as the very bytes of its file with all that is in them.",
    fallback: "shrunk to what the model sees, without what the camera noted down",
    schema: yesOrNo,
  },
  documentPassword: {
    flag: "document-password",
    env: "SIGHTLINE_DOCUMENT_PASSWORD",
    placeholder: "TEXT",
    secret: true,
    description: "Opens encrypted documents for which a call gives no password. A flag shows in the process list: the variable does not.",
    fallback: "encrypted documents are opened with the password a call gives, or not at all",
    schema: z.string().max(MAX_PASSWORD, `must have at most ${MAX_PASSWORD} characters`).optional(),
  },
  maxImages: {
    flag: "max-images",
    env: "SIGHTLINE_MAX_IMAGES",
    placeholder: "N",
    description: "Pictures the model server takes in one request.",
    fallback: "what is known of server and model; more pictures are tiled into one sheet",
    schema: whole(100),
  },
  context: {
    flag: "context",
    env: "SIGHTLINE_CONTEXT",
    placeholder: "N",
    description: "Context of the model in tokens, shared by question, pictures and answer; Ollama is told to load the model with it.",
    fallback: "what the server says",
    schema: whole(100_000_000),
  },
  timeout: {
    flag: "timeout",
    env: "SIGHTLINE_TIMEOUT",
    placeholder: "SECONDS",
    description: "The longest that one question to the model may take, with loading and further tries.",
    fallback: `${WHOLE_QUESTION_SECONDS}`,
    schema: number(real.gt(0, "must be above 0").max(86_400, "must be at most 86400, a day")).default(WHOLE_QUESTION_SECONDS),
  },
  concurrency: {
    flag: "concurrency",
    env: "SIGHTLINE_CONCURRENCY",
    placeholder: "N",
    description: "Questions put to the model server at a time; `sightline batch` works on as many files.",
    fallback: "what servers of that kind take: 1 for Ollama, LM Studio and llama.cpp, else 4; files: 4",
    schema: whole(64),
  },
  rateLimit: {
    flag: "rate-limit",
    env: "SIGHTLINE_RATE_LIMIT",
    placeholder: "N/UNIT",
    description: "Requests to the model server, evenly spaced: `10/s`, `40/min`, `500/h`. With `--redis` of all that use it together.",
    fallback: "as often as there is something to ask",
    schema: rate,
  },
  redis: {
    flag: "redis",
    env: "SIGHTLINE_REDIS",
    placeholder: "URL",
    secret: true,
    description:
      "A Redis through which servers, batches and workers on any number of machines share jobs, files and answers: redis://HOST:PORT. A flag shows in the process list: the variable does not.",
    fallback: "this machine works alone",
    schema: redisUrl.optional(),
  },
  localOnly: {
    flag: "local-only",
    env: "SIGHTLINE_LOCAL_ONLY",
    description: "Refuses every model server that is not this machine, or one in a private network that is named.",
    fallback: "pictures go to the server that is set up; `sightline status` says where that is",
    schema: yesOrNo,
  },
  fallback: {
    flag: "fallback",
    env: "SIGHTLINE_FALLBACK",
    placeholder: "HOW",
    description:
      "What happens when the model that is set up fails: `embedded` answers by this machine's own eyes and says so; `none` fails.",
    fallback: "`none`",
    schema: z.enum(["none", "embedded"]).optional(),
  },
  cache: {
    flag: "cache",
    env: "SIGHTLINE_CACHE",
    description: "Keeps the model's answers on disk; `sightline status` shows how many, and clears them with `--clear-cache`.",
    fallback: "kept in memory, until the process ends",
    schema: yesOrNo,
  },
  workers: {
    flag: "workers",
    env: "SIGHTLINE_WORKERS",
    placeholder: "KIND",
    description:
      "Where untrusted bytes are decoded: `process` (child processes) or `thread` (worker threads, with the WebAssembly build of sharp).",
    fallback: "child processes; threads where no child process can be started",
    schema: z.enum(["process", "thread"]).optional(),
  },
  log: {
    flag: "log",
    env: "SIGHTLINE_LOG",
    placeholder: "FORMAT",
    description: "What servers and workers tell on standard error: `words`, or `json`, one object a line without a word of any document.",
    fallback: "`words`",
    schema: z.enum(["words", "json"], "must be words or json").optional(),
  },
  http: {
    flag: "http",
    env: "SIGHTLINE_HTTP",
    placeholder: "[HOST:]PORT",
    server: true,
    description:
      "Serves Streamable HTTP there, at `/mcp`, in place of standard input and output. Beyond this machine it wants `--http-token`.",
    fallback: "standard input and output",
    schema: listenAddress.optional(),
  },
  httpToken: {
    flag: "http-token",
    env: "SIGHTLINE_HTTP_TOKEN",
    placeholder: "TOKEN",
    secret: true,
    server: true,
    description: "Bearer token that HTTP clients must send. A flag shows in the process list: the variable does not.",
    fallback: "none on a loopback address; required on any other",
    schema: key.min(SHORTEST_TOKEN, `must have ${SHORTEST_TOKEN} characters or more`).optional(),
  },
  protocol: {
    flag: "protocol",
    env: "SIGHTLINE_PROTOCOL",
    placeholder: "ERA",
    server: true,
    description: "`legacy` speaks the protocol revisions up to 2025-11-25 alone, for a client that the newer one confuses.",
    fallback: "`auto`: the client's first message says which",
    schema: z.enum(["auto", "legacy"], "must be auto or legacy").optional(),
  },
  tools: {
    flag: "tools",
    env: "SIGHTLINE_TOOLS",
    placeholder: "NAMES",
    server: true,
    description: "The tools that are listed, with commas between: each costs an agent some of its context.",
    fallback: "all of them",
    schema: z
      .string()
      .transform((names) => names.split(",").map((name) => name.trim()))
      .optional(),
  },
  pictures: {
    flag: "pictures",
    env: "SIGHTLINE_PICTURES",
    placeholder: "HOW",
    server: true,
    description:
      "How results hand over pictures that were made: `link` says where they lie, `inline` shows them and drops the structured content of those tools.",
    fallback: "`link`",
    schema: z.enum(["link", "inline"], "must be link or inline").optional(),
  },
  keepCorrections: {
    flag: "keep-corrections",
    env: "SIGHTLINE_KEEP_CORRECTIONS",
    placeholder: "DIR",
    server: true,
    description:
      "Over HTTP, keeps each corrected answer that is sent to `/corrections` there, with the pictures it is about, for `sightline evaluate` and `sightline export-training`.",
    fallback: "none is kept",
    schema: z.string().optional(),
  },
  answerWithin: {
    flag: "answer-within",
    env: "SIGHTLINE_ANSWER_WITHIN",
    placeholder: "SECONDS",
    server: true,
    description: "A call that takes longer is answered with a job, for `get_job` to ask after. Clients give up after 60 seconds.",
    fallback: `${ANSWER_SECONDS}`,
    schema: number(real.gt(0, "must be above 0").max(86_400, "must be at most 86400, a day")).default(ANSWER_SECONDS),
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** A row with all that a setting may have, where the table's own type says only what this one has. */
export function setting(name: SettingName): Setting {
  return SETTINGS[name];
}

/** The flag that names another config file; it cannot stand in the file itself. */
export const CONFIG = {
  flag: "config",
  env: "SIGHTLINE_CONFIG",
  placeholder: "FILE",
  description: "The config file: JSON with the keys of this table.",
} as const;
