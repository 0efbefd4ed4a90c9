export { settingFlags, settingUsage } from "./flags.ts";
export type { FlagValues, SettingFlag, SettingUsage } from "./flags.ts";
export { loadSettings } from "./load.ts";
export type { Settings } from "./load.ts";
export { listenAddress, SETTINGS } from "./table.ts";
export type { SettingName } from "./table.ts";
