export { createHost } from "./host.ts";
export type { Host, HostOptions } from "./host.ts";
export { loadSettings, SETTINGS, settingFlags, settingUsage } from "./settings.ts";
export type { FlagValues, SettingName, Settings } from "./settings.ts";
export { renderStatus, statusSchema } from "./status.ts";
export type { Status } from "./status.ts";
export type { ListedImage, ListedImages } from "./input/list-images.ts";
