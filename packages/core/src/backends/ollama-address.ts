import { serverAddress } from "./base-url.ts";
import type { Preset } from "./presets.ts";

/** The address without what people paste along with it: `…/v1`, `…/api/chat`. */
export function ollamaAddress(preset: Preset, given: string | undefined): string {
  return serverAddress(preset, given).replace(/\/(?:v1(?:\/chat\/completions)?|api(?:\/(?:chat|generate|tags|version))?)$/, "");
}
