import { presets, type CallOptions, type Clock, type ModelTransport, type Preset, type ServerReport } from "@sightline/core";
import type { Environment } from "../folders.ts";
import { askServer } from "./ask-server.ts";
import { type Addresses, keyFromEnvironment, usualAddress } from "./known-servers.ts";
import { within } from "./within.ts";

/** A server that nobody named. */
export interface FoundServer {
  readonly preset: Preset;
  readonly baseUrl: string;
  readonly apiKey?: string;
  /** Completes "It is asked because …". */
  readonly because: string;
  /** What it says of itself, or why it says nothing: one error of the four. */
  readonly answer: { readonly report: ServerReport } | { readonly problem: unknown };
}

export interface DetectOptions extends CallOptions {
  readonly env: Environment;
  readonly transport: ModelTransport;
  readonly clock: Clock;
  /** Look on this machine alone: keys in the environment are left aside. */
  readonly localOnly?: boolean;
  readonly addresses?: Addresses;
}

/** How long a server on this machine may take to say anything at all, in ms. */
const LOCAL_PATIENCE = 500;

/**
 * Servers that can be asked although nobody named one: those whose key is in the environment, then those that answer on this machine where they usually are;
 * each in the order of the presets. No key goes to one that merely answers. SetupError for a variable that holds no key; throws when cancelled.
 */
export async function detectServers(options: DetectOptions): Promise<FoundServer[]> {
  const { env, localOnly = false, addresses } = options;
  const placed = presets.flatMap((preset) => {
    const baseUrl = usualAddress(preset, env, addresses);
    return baseUrl === undefined ? [] : [{ preset, baseUrl }];
  });
  const keyed = localOnly ? [] : placed.filter(({ preset }) => preset.local !== true);
  const found = await Promise.all([
    ...keyed.map((place) => byKey(place, options)),
    ...placed.filter(({ preset }) => preset.local === true).map((place) => byPort(place, options)),
  ]);
  return found.filter((server) => server !== undefined);
}

interface Place {
  readonly preset: Preset;
  readonly baseUrl: string;
}

async function byKey({ preset, baseUrl }: Place, options: DetectOptions): Promise<FoundServer | undefined> {
  const found = keyFromEnvironment(preset, options.env);
  if (found === undefined) return undefined;
  const { variable, key: apiKey } = found;
  return { preset, baseUrl, apiKey, because: `${variable} is set`, answer: await ask({ preset, baseUrl }, apiKey, options) };
}

async function byPort({ preset, baseUrl }: Place, options: DetectOptions): Promise<FoundServer | undefined> {
  const { transport, signal } = options;
  try {
    // Any answer will do: what it is, its list says.
    const response = await within(LOCAL_PATIENCE, options, (soon) => transport(new URL(baseUrl).origin, { signal: soon }));
    await response.body?.cancel();
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
  const answer = await ask({ preset, baseUrl }, undefined, options);
  if ("problem" in answer) return undefined;
  const { models, version } = answer.report;
  // Much else listens on 8000 and 8080.
  if (models === undefined || (models.length === 0 && version === undefined)) return undefined;
  return { preset, baseUrl, because: `it answers at ${new URL(baseUrl).host}`, answer };
}

async function ask({ preset, baseUrl }: Place, apiKey: string | undefined, options: DetectOptions): Promise<FoundServer["answer"]> {
  try {
    return { report: await askServer({ preset, baseUrl, apiKey }, options) };
  } catch (problem) {
    options.signal?.throwIfAborted();
    return { problem };
  }
}
