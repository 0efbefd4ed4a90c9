import { SetupError } from "@sightline/core/errors";
import { delimiter, dirname, resolve } from "node:path";
import type * as z from "zod";
import { configFolder, type Environment } from "../folders.ts";
import { expandHome } from "../input/paths.ts";
import { readConfig } from "./config-file.ts";
import type { FlagValues } from "./flags.ts";
import { CONFIG, setting, SETTING_NAMES, type SETTINGS, type SettingName } from "./table.ts";

type SettingValues = { readonly [Name in SettingName]: z.output<(typeof SETTINGS)[Name]["schema"]> };

/** What holds, after flags, environment and config file. `allow` and `keepCorrections` hold absolute paths; an absent value is undefined. */
export interface Settings extends SettingValues {
  /** Where each value that is set came from: `--allow`, `SIGHTLINE_ALLOW`, or the config file's path. */
  readonly origins: Readonly<Partial<Record<SettingName, string>>>;
  /** The config file that was read, when there is one. */
  readonly configFile?: string;
}

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

/** An address as it may be shown: without the name, password or query that made it be refused. */
function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^/]*@/, "//•••@").replace(/[?#].*$/s, "?•••");
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
  for (const name of SETTING_NAMES) {
    const row = setting(name);
    const flag = flags[row.flag];
    const candidates: [origin: string, value: unknown][] = [
      [
        flag === false ? `--no-${row.flag}` : `--${row.flag}`,
        row.list === true ? givenList([flag].flat()) : typeof flag === "boolean" ? flag : given(flag),
      ],
      [row.env, row.list === true ? givenList((env[row.env] ?? "").split(delimiter)) : given(env[row.env])],
      [configPath, typeof config?.[name] === "string" ? given(config[name]) : (config?.[name] ?? undefined)],
    ];
    const found = candidates.find(([, value]) => value !== undefined);
    if (found === undefined) continue;
    [origins[name], raw[name]] = found;
  }

  const values: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) {
    const row = setting(name);
    const parsed = row.schema.safeParse(raw[name]);
    if (!parsed.success) {
      const origin = origins[name] === configPath ? `"${name}" in ${configPath}` : (origins[name] ?? name);
      const shown = row.secret === true || typeof raw[name] !== "string" ? "" : ` (${withoutSecrets(raw[name])})`;
      throw new SetupError(`${origin}${shown}: ${parsed.error.issues.map((issue) => issue.message).join("; ")}.`, {
        hint: row.description,
      });
    }
    values[name] = parsed.data;
  }
  // What stands in the config file counts from there.
  const absolute = (name: SettingName, path: string): string =>
    resolve(origins[name] === configPath ? dirname(configPath) : cwd, expandHome(path));
  values["allow"] = [...new Set((values["allow"] as string[]).map((folder) => absolute("allow", folder)))];
  const { keepCorrections } = values;
  if (typeof keepCorrections === "string") values["keepCorrections"] = absolute("keepCorrections", keepCorrections);
  return { ...(values as SettingValues), origins, ...(config === undefined ? {} : { configFile: configPath }) };
}
