import type { Settings } from "@sightline/local/settings";
import { createHash, scryptSync } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** Settings that an answer may depend on. All others say where it is looked for, or how fast. */
const SETTINGS_THAT_MATTER = [
  "backend",
  "baseUrl",
  "model",
  "textModel",
  "maxTokens",
  "temperature",
  "topP",
  "original",
  "maxImages",
  "context",
  "fallback",
  "documentPassword",
] as const satisfies readonly (keyof Settings)[];

/** What an answer depends on besides the file and the task's input, by name: plain data, with a hash in place of a password. Slow, as that must be. */
export function readingSettings(version: string, settings: Settings): Readonly<Record<string, unknown>> {
  const { documentPassword: password } = settings;
  const hash = password === undefined ? undefined : scryptSync(password, "sightline batch", 32).toString("hex");
  const named = SETTINGS_THAT_MATTER.map((name) => [name, name === "documentPassword" ? hash : settings[name]] as const);
  return Object.fromEntries([["version", version], ...named].filter(([, value]) => value !== undefined));
}

/** SHA-256 of a file's bytes, in hexadecimal. Rejects as reading does, and for what is no regular file: a pipe would be waited for. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  if (!(await stat(path)).isFile()) throw new Error(`${path} is no regular file`);
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { signal }) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest("hex");
}

/**
 * What a result depends on besides the file: returns what makes the bytes' hash a row's key. Passwords are in it, so it is made in a way that is slow to
 * guess through.
 */
export function keyMaker(of: {
  readonly version: string;
  readonly task: string;
  /** The task's input, without the file. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly settings: Settings;
}): (sha256: string) => string {
  const { version, task, fields, settings } = of;
  const matters = [version, task, sorted(fields), SETTINGS_THAT_MATTER.map((name) => settings[name] ?? null)];
  const all = scryptSync(JSON.stringify(matters), "sightline batch", 32).toString("hex");
  return (sha256) => createHash("sha256").update(`${all}:${sha256}`).digest("hex");
}

function sorted(fields: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
}
