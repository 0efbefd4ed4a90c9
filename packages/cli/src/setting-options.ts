import type { FlagValues, SettingUsage } from "@sightline/local/settings";
import { type Command, Option } from "commander";

/** The settings' flags as options of the command line. A boolean one has a second form, `--no-…`, which the help leaves out: it would double the list. */
export function settingOptions(rows: readonly SettingUsage[]): Option[] {
  return rows.flatMap(({ name, placeholder, multiple, description }) => {
    if (placeholder === undefined) return [new Option(`--${name}`, description), new Option(`--no-${name}`, description).hideHelp()];
    const option = new Option(`--${name} <${placeholder}>`, description);
    return multiple === true ? option.argParser((value, before?: string[]) => [...(before ?? []), value]) : option;
  });
}

/** The settings that were given, by flag name; what was not given holds by other sources. */
export function givenSettings(program: Command, options: readonly Option[]): FlagValues {
  return Object.fromEntries(
    options
      .filter((option) => !option.negate && program.getOptionValueSource(option.attributeName()) === "cli")
      .map((option) => [option.name(), program.getOptionValue(option.attributeName()) as unknown]),
  );
}
