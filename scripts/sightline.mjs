/**
 * `pnpm sightline …`: the built command line, with paths relative to where the user stands and not to the folder pnpm runs scripts in.
 * A fresh clone is built first; the build talks on standard error, since standard output is the answer's.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

const bin = new URL("../packages/cli/dist/sightline.js", import.meta.url);
if (!existsSync(bin)) {
  const build = fileURLToPath(new URL("build.ts", import.meta.url));
  const { status } = spawnSync(process.execPath, ["--import=tsx", build], { stdio: ["ignore", 2, 2] });
  if (status !== 0) {
    process.stderr.write("sightline could not be built: the lines above say why.\n");
    process.exit(3);
  }
}
process.chdir(process.env.INIT_CWD ?? ".");
await import(bin.href);
