/** `pnpm sightline …`: the built command line, with paths relative to where the user stands and not to the folder pnpm runs scripts in. */
import { existsSync } from "node:fs";
import process from "node:process";

const bin = new URL("../packages/cli/dist/sightline.js", import.meta.url);
if (!existsSync(bin)) {
  process.stderr.write("sightline is not built yet: run `npx -y pnpm@12 build` first.\n");
  process.exit(3);
}
process.chdir(process.env.INIT_CWD ?? ".");
await import(bin.href);
