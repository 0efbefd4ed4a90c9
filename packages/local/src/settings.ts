import { SetupError } from "@sightline/core";
import { readFile } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, resolve } from "node:path";
import * as z from "zod";
import { configFolder, type Environment } from "./folders.ts";
import { expandHome } from "./input/paths.ts";

/** One setting: everything about it, for the command line, the environment, the config file and the docs. */
interface Setting {
  /** Long flag without its dashes. */
  readonly flag: string;
  readonly env: string;
  /** What stands for the value in a usage line. */
  readonly placeholder: string;
  readonly description: string;
  /** What holds when it is not set, in words. */
  readonly fallback: string;
  /** Its flag may be repeated; its variable holds several, separated as PATH is. */
  readonly list?: true;
  /** Never shown, not even in an error. */
  readonly secret?: true;
  readonly schema: z.ZodType;
}

const httpUrl = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    context.addIssue({ code: "custom", message: "must be a URL such as http://localhost:11434/v1" });
    return z.NEVER;
  }
  if (url.username !== "" || url.password !== "") {
    context.addIssue({ code: "custom", message: "must not carry a user name or password; give a key as the API key" });
    return z.NEVER;
  }
  return url.href.replace(/\/+$/, "");
});

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
    description: "How the model server is spoken to: `openai-compatible`; `none` uses no model at all.",
    fallback: "`openai-compatible` with a base URL; else an Ollama that runs on this machine; else none",
    schema: z.enum(["none", "openai-compatible"]).optional(),
  },
  baseUrl: {
    flag: "base-url",
    env: "SIGHTLINE_BASE_URL",
    placeholder: "URL",
    description: "Address of the model server, up to and with `/v1`.",
    fallback: "an Ollama on this machine (where `OLLAMA_HOST` says, else http://127.0.0.1:11434), when one answers",
    schema: httpUrl.optional(),
  },
  model: {
    flag: "model",
    env: "SIGHTLINE_MODEL",
    placeholder: "NAME",
    description: "The vision model, by the server's name for it.",
    fallback: "with a detected Ollama: the best of its installed vision models",
    schema: z.string().optional(),
  },
  textModel: {
    flag: "text-model",
    env: "SIGHTLINE_TEXT_MODEL",
    placeholder: "NAME",
    description: "A model of the same server for steps that need no picture.",
    fallback: "the vision model",
    schema: z.string().optional(),
  },
  maxImages: {
    flag: "max-images",
    env: "SIGHTLINE_MAX_IMAGES",
    placeholder: "N",
    description: "Pictures the model server takes in one request.",
    fallback: "what is known of the model's family; more pictures are tiled into one sheet",
    schema: z.coerce
      .number("must be a whole number")
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .max(100, "must be at most 100")
      .optional(),
  },
  apiKey: {
    flag: "api-key",
    env: "SIGHTLINE_API_KEY",
    placeholder: "KEY",
    secret: true,
    description: "Key of the model server. A flag shows in the process list: the variable does not.",
    fallback: "none is sent",
    schema: z.string().optional(),
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
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

type SettingValues = { readonly [Name in SettingName]: z.output<(typeof SETTINGS)[Name]["schema"]> };

/** What holds, after flags, environment and config file. `allow` holds absolute paths; an absent value is undefined. */
export interface Settings extends SettingValues {
  /** Where each value that is set came from: `--allow`, `SIGHTLINE_ALLOW`, or the config file's path. */
  readonly origins: Readonly<Partial<Record<SettingName, string>>>;
  /** The config file that was read, when there is one. */
  readonly configFile?: string;
}

const NAMES = Object.keys(SETTINGS) as SettingName[];
const setting = (name: SettingName): Setting => SETTINGS[name];

/** The flag that names another config file; it cannot stand in the file itself. */
const CONFIG = {
  flag: "config",
  env: "SIGHTLINE_CONFIG",
  placeholder: "FILE",
  description: "The config file: JSON with the keys of this table.",
} as const;

/** The settings' flags, in the shape `parseArgs` of node:util takes. */
export function settingFlags(): Record<string, { type: "string"; multiple?: true }> {
  const flags: Record<string, { type: "string"; multiple?: true }> = { [CONFIG.flag]: { type: "string" } };
  for (const name of NAMES)
    flags[setting(name).flag] = setting(name).list === true ? { type: "string", multiple: true } : { type: "string" };
  return flags;
}

/** One line for each flag, for a usage text: the flag with its placeholder, and what it does. */
export function settingUsage(): { readonly flag: string; readonly description: string }[] {
  return [...NAMES.map(setting), CONFIG].map((row) => ({ flag: `--${row.flag} ${row.placeholder}`, description: row.description }));
}

/** Values as a flag parser gives them, by flag name (`base-url`). Others among them are left alone. */
export type FlagValues = Readonly<Record<string, unknown>>;

/**
 * Undefined for what is not really set: an empty text, and the literal `${user_config.x}` that Claude Desktop hands
 * over for an optional field of a bundle that nobody filled in.
 */
function given(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  return text === "" || /^\$\{user_config\.[^}]*\}$/.test(text) ? undefined : text;
}

function givenList(values: readonly unknown[]): string[] | undefined {
  const set = values.map(given).filter((value) => value !== undefined);
  return set.length === 0 ? undefined : set;
}

async function readConfig(path: string, required: boolean): Promise<Record<string, unknown> | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (!required && error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
    const why = error instanceof Error && "code" in error && error.code === "ENOENT" ? "does not exist" : "cannot be read";
    throw new SetupError(`The config file ${path} ${why}.`, { hint: `Name another with --${CONFIG.flag}, or correct it.`, cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SetupError(`The config file ${path} is not valid JSON${error instanceof Error ? placeOf(error, text) : ""}.`, {
      hint: "It holds one JSON object.",
    });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SetupError(`The config file ${path} does not hold a JSON object.`, { hint: `For example: {"allow": ["~/Pictures"]}` });
  }
  const unknown = Object.keys(value).filter((key) => !(key in SETTINGS));
  if (unknown.length > 0) {
    throw new SetupError(`The config file ${path} has unknown settings: ${unknown.join(", ")}.`, {
      hint: `It takes: ${NAMES.join(", ")}.`,
    });
  }
  return value as Record<string, unknown>;
}

/** Where JSON.parse stopped. Its message is not passed on: it quotes the file, and the file may hold a key. */
function placeOf(error: Error, text: string): string {
  const at = /position (\d+)/.exec(error.message)?.[1];
  return at === undefined ? "" : ` (line ${text.slice(0, Number(at)).split("\n").length})`;
}

/**
 * Settings by precedence: flags, then environment, then config file. Names nothing that is secret in its errors.
 * SetupError when a value, or the config file, cannot be used.
 */
export async function loadSettings(sources: {
  readonly flags?: FlagValues;
  readonly env: Environment;
  readonly cwd?: string;
}): Promise<Settings> {
  const { flags = {}, env, cwd = process.cwd() } = sources;
  const named = given(flags[CONFIG.flag]) ?? given(env[CONFIG.env]);
  const configPath = named === undefined ? resolve(configFolder(env), "config.json") : resolve(cwd, expandHome(named));
  const config = await readConfig(configPath, named !== undefined);

  const raw: Partial<Record<SettingName, unknown>> = {};
  const origins: Partial<Record<SettingName, string>> = {};
  for (const name of NAMES) {
    const row = setting(name);
    const flag = flags[row.flag];
    const candidates: [origin: string, value: unknown][] = [
      [`--${row.flag}`, row.list === true ? givenList([flag].flat()) : given(flag)],
      [row.env, row.list === true ? givenList((env[row.env] ?? "").split(delimiter)) : given(env[row.env])],
      [configPath, typeof config?.[name] === "string" ? given(config[name]) : (config?.[name] ?? undefined)],
    ];
    const found = candidates.find(([, value]) => value !== undefined);
    if (found === undefined) continue;
    [origins[name], raw[name]] = found;
  }

  const values: Record<string, unknown> = {};
  for (const name of NAMES) {
    const row = setting(name);
    const parsed = row.schema.safeParse(raw[name]);
    if (!parsed.success) {
      const origin = origins[name] === configPath ? `"${name}" in ${configPath}` : (origins[name] ?? name);
      const shown = row.secret === true || typeof raw[name] !== "string" ? "" : ` (${raw[name]})`;
      throw new SetupError(`${origin}${shown}: ${parsed.error.issues.map((issue) => issue.message).join("; ")}.`, {
        hint: row.description,
      });
    }
    values[name] = parsed.data;
  }
  const base = origins.allow === configPath ? dirname(configPath) : cwd;
  values["allow"] = [
    ...new Set(
      (values["allow"] as string[]).map((folder) => {
        const expanded = expandHome(folder);
        return isAbsolute(expanded) ? resolve(expanded) : resolve(base, expanded);
      }),
    ),
  ];
  return { ...(values as SettingValues), origins, ...(config === undefined ? {} : { configFile: configPath }) };
}

/** docs/settings.md, whole. */
export function settingsMarkdown(): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  const rows = NAMES.map((name) => {
    const row = setting(name);
    const flag = `\`--${row.flag} ${row.placeholder}\`${row.list === true ? " (repeatable)" : ""}`;
    const variable = `\`${row.env}\`${row.list === true ? " (separated like PATH)" : ""}`;
    const key = `\`${name}\`${row.list === true ? " (array)" : ""}`;
    return `| ${[flag, variable, key, cell(row.description), cell(row.fallback)].join(" | ")} |`;
  });
  return [
    "# Settings",
    "",
    "<!-- Generated from packages/local/src/settings.ts; `npx -y pnpm@12 run docs` writes it anew. -->",
    "",
    "The command line and the servers share these. What is given first wins: flag, environment variable, config file; then an Ollama",
    "that runs on this machine is looked for. An empty value counts as not set, and so does a `${user_config.x}` that a host left unfilled.",
    "",
    "| Flag | Variable | Config key | What it does | When not set |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    `The config file is \`$XDG_CONFIG_HOME/sightline/config.json\` (\`~/.config/sightline/config.json\`); \`--${CONFIG.flag} ${CONFIG.placeholder}\` or \`${CONFIG.env}\``,
    "names another. It is one JSON object; an unknown key is an error. A relative folder in it counts from the file's own folder.",
    "",
    "```json",
    `{ "allow": ["~/Pictures", "~/Documents"], "baseUrl": "http://localhost:11434/v1", "model": "qwen3-vl:8b" }`,
    "```",
    "",
    "Results that are saved (annotated pictures) lie in `$XDG_CACHE_HOME/sightline/results` (`~/.cache/sightline/results`), readable by",
    "you alone; they are removed after 7 days, or sooner when they take more than 500 MB.",
    "",
    "Pictures at `https://` addresses are fetched directly; proxies from the environment are not used, because behind a proxy nothing",
    "could keep a request away from private addresses.",
    "",
  ].join("\n");
}
