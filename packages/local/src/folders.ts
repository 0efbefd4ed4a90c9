import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

/** XDG base directories: a relative value is invalid by the specification and ignored. */
function base(env: Environment, name: string, fallback: string): string {
  const value = env[name];
  return value !== undefined && isAbsolute(value) ? value : join(homedir(), fallback);
}

/** Where the config file lies when none is named. */
export function configFolder(env: Environment): string {
  return join(base(env, "XDG_CONFIG_HOME", ".config"), "sightline");
}

/** Where saved results go. */
export function resultsFolder(env: Environment): string {
  return join(base(env, "XDG_CACHE_HOME", ".cache"), "sightline", "results");
}

/** Where answers of models are kept. */
export function answersFolder(env: Environment): string {
  return join(base(env, "XDG_CACHE_HOME", ".cache"), "sightline", "answers");
}

/** Where jobs are kept. */
export function jobsFolder(env: Environment): string {
  return join(base(env, "XDG_CACHE_HOME", ".cache"), "sightline", "jobs");
}

/** Where files that other programs hand in are kept. */
export function uploadsFolder(env: Environment): string {
  return join(base(env, "XDG_CACHE_HOME", ".cache"), "sightline", "uploads");
}

/** Where what was seen of videos is kept. */
export function observationsFolder(env: Environment): string {
  return join(base(env, "XDG_CACHE_HOME", ".cache"), "sightline", "videos");
}
