import { presets, SetupError, type Preset } from "@sightline/core";
import type { Environment } from "../folders.ts";
import { asKey } from "../settings/table.ts";
import { ollamaAddress } from "./ollama-address.ts";

/** Where servers are that nobody gave an address of, by preset name, in place of their usual addresses. */
export type Addresses = Readonly<Partial<Record<string, string>>>;

/** Where a server of this kind usually is; undefined when there is no such place. */
export function usualAddress({ name, baseUrl }: Preset, env: Environment, addresses: Addresses = {}): string | undefined {
  return addresses[name] ?? (name === "ollama" ? ollamaAddress(env["OLLAMA_HOST"]) : baseUrl);
}

export interface VariableKey {
  readonly variable: string;
  readonly key: string;
}

/** The key that the environment holds for servers of this kind. SetupError, which does not show it, when it is none. */
export function keyFromEnvironment({ keyVariables, title }: Preset, env: Environment): VariableKey | undefined {
  for (const variable of keyVariables) {
    const text = env[variable]?.trim() ?? "";
    if (text === "") continue;
    const key = asKey(text);
    if (key === undefined) {
      throw new SetupError(`${variable} does not hold a key: there is more than one word of ASCII letters, digits and signs in it.`, {
        hint: `Set it to the key that ${title} gave you, or unset it.`,
      });
    }
    return { variable, key };
  }
  return undefined;
}

/** True when `baseUrl` is an address of the vendor itself: its usual host, one below it, or beside it (`ai.api.nvidia.com`). */
export function isVendors(preset: Preset, baseUrl: string): boolean {
  if (preset.baseUrl === undefined || preset.local === true) return false;
  const host = hostOf(baseUrl);
  const usual = hostOf(preset.baseUrl);
  const [, ...parent] = usual.split(".");
  return host === usual || host.endsWith(`.${usual}`) || (parent.length >= 3 && host.endsWith(`.${parent.join(".")}`));
}

/** The kind of server an address speaks for: a vendor's host, or the port such servers usually listen on. */
export function presetOf(baseUrl: string): Preset {
  const { port } = new URL(baseUrl);
  const found =
    presets.find((preset) => isVendors(preset, baseUrl)) ??
    presets.find(
      (preset) => preset.local === true && preset.baseUrl !== undefined && port !== "" && new URL(preset.baseUrl).port === port,
    ) ??
    presets.find(({ name }) => name === "openai-compatible");
  if (found === undefined) throw new Error("there is no preset for servers that nothing is known of");
  return found;
}

function hostOf(url: string): string {
  return new URL(url).hostname;
}
