export { createHost } from "./host.ts";
export type { Call, Host, HostOptions } from "./host.ts";
export { loadSettings, SETTINGS, settingFlags, settingUsage } from "./settings/index.ts";
export type { FlagValues, SettingName, Settings, SettingUsage } from "./settings/index.ts";
export { renderStatus, statusSchema } from "./status.ts";
export type { Status } from "./status.ts";
export type { ListedImage, ListedImages } from "./input/list-images.ts";
