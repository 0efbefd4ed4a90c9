import { CONFIG, setting, SETTING_NAMES, type Setting } from "./table.ts";

/** Values as a flag parser gives them, by flag name (`base-url`). Others among them are left alone. */
export type FlagValues = Readonly<Record<string, unknown>>;

/** A flag in the shape `parseArgs` of node:util takes. A boolean one also has the form `--no-…`, which is false. */
export interface SettingFlag {
  readonly type: "string" | "boolean";
  readonly multiple?: true;
}

/** The settings' flags by name, for `parseArgs` with `allowNegative`. */
export function settingFlags(): Record<string, SettingFlag> {
  const flags: Record<string, SettingFlag> = { [CONFIG.flag]: { type: "string" } };
  for (const { flag, placeholder, list } of SETTING_NAMES.map(setting)) {
    flags[flag] = placeholder === undefined ? { type: "boolean" } : list === true ? { type: "string", multiple: true } : { type: "string" };
  }
  return flags;
}

export interface SettingUsage extends SettingFlag {
  /** Without its dashes. */
  readonly name: string;
  /** What stands for the value; absent for a boolean flag. */
  readonly placeholder?: string;
  /** With its dashes and what stands for the value, for a usage line: `--allow DIR`. */
  readonly flag: string;
  readonly description: string;
}

/** One line for each flag that a program has, for its usage text. */
export function settingUsage(program: "cli" | "server"): SettingUsage[] {
  const flags = settingFlags();
  const own = SETTING_NAMES.map(setting).filter(({ server }) => program === "server" || server !== true);
  const rows: Pick<Setting, "flag" | "placeholder" | "description">[] = [...own, CONFIG];
  return rows.map(({ flag: name, placeholder, description }) => ({
    ...(flags[name] ?? { type: "string" }),
    name,
    ...(placeholder === undefined ? {} : { placeholder }),
    flag: placeholder === undefined ? `--${name}` : `--${name} ${placeholder}`,
    description,
  }));
}
