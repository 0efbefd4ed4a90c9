import { chmod, readFile, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
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

/** What the list of tools says is the same at every start: it is worked out here, from what `tsc` made, and put into the bundle as data. */
const workOutListOfTools: Plugin = {
  name: "work-out-list-of-tools",
  setup({ onLoad }) {
    onLoad({ filter: /mcp-server[/\\]src[/\\]listed-tools\.ts$/ }, async ({ path: source }) => {
      const compiled = path.join(path.dirname(source), "../dist/listed-tools.js");
      const { LISTED } = (await import(pathToFileURL(compiled).href)) as { LISTED: unknown };
      return { contents: `export const LISTED = ${JSON.stringify(LISTED)};`, loader: "js" };
    });
  },
};

/** How every bin is bundled; a benchmark that compares with one of them bundles its counterpart the same way. */
export const BIN_OPTIONS = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  logLevel: "warning",
  plugins: [keepLocalOutside, workOutListOfTools],
} satisfies BuildOptions;

/** CommonJS dependencies call `require` for Node's own modules; an ES module has none. */
export const BIN_BANNER =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

/** A bin, by paths in the checkout. */
export interface Bin {
  readonly entry: string;
  readonly output: string;
  /** The folder for what the entry loads later, as files of their own; without it all goes into one file. */
  readonly chunks?: string;
}

/** Bundles one bin, so that starting it costs few reads, with the licences of what went in beside it. */
export async function bundle(root: string, { entry, output, chunks }: Bin): Promise<void> {
  const source = path.join(root, entry);
  if (!existsSync(source)) return console.warn(`build: ${entry} does not exist, ${output} is left out`);
  const hashbang = (await readFile(source, "utf8")).startsWith("#!") ? "" : "#!/usr/bin/env node\n";
  const folder = path.dirname(output);
  // Their names tell their content: those of the last build would stay.
  if (chunks !== undefined) await rm(path.join(root, chunks), { recursive: true, force: true });
  const { metafile } = await build({
    ...BIN_OPTIONS,
    absWorkingDir: root,
    entryPoints: [{ in: entry, out: path.basename(output, ".js") }],
    outdir: folder,
    ...(chunks === undefined ? {} : { splitting: true, chunkNames: `${path.relative(folder, chunks)}/[name]-[hash]` }),
    metafile: true,
    banner: { js: `${hashbang}${BIN_BANNER}` },
  });
  for (const file of Object.keys(metafile.outputs)) await refuseBareCommonJs(path.join(root, file));
  await chmod(path.join(root, output), 0o755);
  await writeThirdPartyLicenses(root, metafile, path.join(root, folder, "THIRD-PARTY-LICENSES.txt"));
}

/** Of OpenTelemetry's detector of this machine's id, which nothing here runs. */
const NEVER_ASKED = /\/getMachineId-[a-z]+-[^/]+\.js$/;

/**
 * A CommonJS package that is itself loaded later becomes a file whose only export is `default`, and whoever asks it for a name gets undefined: seen with esbuild 0.28. A module of
 * ours in between, which imports the package plainly, has its names.
 */
async function refuseBareCommonJs(file: string): Promise<void> {
  if (NEVER_ASKED.test(file)) return;
  if (!/^export default require_/m.test(await readFile(file, "utf8"))) return;
  throw new Error(`${file} is a CommonJS package loaded by \`import()\`: load a module of ours that imports it.`);
}
