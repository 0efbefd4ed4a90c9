import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { FROM_SOURCE } from "./launch.ts";

/** What node needs to run our sources in a worker; nothing for the built package. */
export function sourceFlags(): string[] {
  if (!FROM_SOURCE) return [];
  // By its full path: `--import tsx` alone would be looked up from wherever the user stands.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return ["--import", tsx, "--conditions=@sightline/source"];
}
