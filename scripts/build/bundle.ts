import { chmod, readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import { build, type BuildOptions, type Plugin } from "esbuild";
import { writeThirdPartyLicenses } from "./third-party-licenses.ts";

/**
 * `@sightline/local` loads native code and finds its weights and its child process beside itself: it must stay a package of its own, loaded when a
 * picture comes. Its subpaths (settings, status) are plain tables that a bin needs at its start, and go into the bundle. esbuild's own `external`
 * knows no such difference.
 */
const keepLocalOutside: Plugin = {
  name: "keep-local-outside",
  setup({ onResolve }) {
    onResolve({ filter: /^@sightline\/local$/ }, ({ path: name }) => ({ path: name, external: true }));
  },
};

/** How every bin is bundled; a benchmark that compares with one of them bundles its counterpart the same way. */
export const BIN_OPTIONS = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  logLevel: "warning",
  plugins: [keepLocalOutside],
} satisfies BuildOptions;

/** CommonJS dependencies call `require` for Node's own modules; an ES module has none. */
export const BIN_BANNER =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

/** Bundles one bin into one file, so that starting it costs a single read, with the licences of what went in beside it. */
export async function bundle(root: string, entry: string, output: string): Promise<void> {
  const source = path.join(root, entry);
  if (!existsSync(source)) return console.warn(`build: ${entry} does not exist, ${output} is left out`);
  const hashbang = (await readFile(source, "utf8")).startsWith("#!") ? "" : "#!/usr/bin/env node\n";
  const { metafile } = await build({
    ...BIN_OPTIONS,
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: output,
    metafile: true,
    banner: { js: `${hashbang}${BIN_BANNER}` },
  });
  await chmod(path.join(root, output), 0o755);
  await writeThirdPartyLicenses(root, metafile, path.join(root, path.dirname(output), "THIRD-PARTY-LICENSES.txt"));
}
