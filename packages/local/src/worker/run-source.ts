import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { FROM_SOURCE } from "./launch.ts";

/** Our export condition: packages resolve to each other's sources. */
const CONDITION = "--conditions=@sightline/source";

/** By its full path: plain `tsx` would be looked up from wherever the user stands. */
const tsx = (entry: string): string => pathToFileURL(createRequire(import.meta.url).resolve(entry)).href;

/** What node needs to run our sources in a child process; nothing for the built package. */
export function sourceFlags(): string[] {
  return FROM_SOURCE ? ["--import", tsx("tsx"), CONDITION] : [];
}

/** The same for a thread, which `--import` does not reach: an entry that loads tsx first and then `entry`. */
export function threadEntry(entry: URL): { readonly entry: URL; readonly execArgv: string[] } {
  if (!FROM_SOURCE) return { entry, execArgv: [] };
  // `require.resolve` answers with the CommonJS half, which does not start in a thread; the other lies beside it.
  const api = tsx("tsx/esm/api").replace(/\.cjs$/, ".mjs");
  const code = `import { register } from ${JSON.stringify(api)}; register(); await import(${JSON.stringify(entry.href)});`;
  return { entry: new URL(`data:text/javascript,${encodeURIComponent(code)}`), execArgv: [CONDITION] };
}
