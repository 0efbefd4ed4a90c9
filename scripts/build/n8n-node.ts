/**
 * Builds what n8n loads: the node and its credentials as CommonJS, core and libraries bundled in, and beside them what n8n reads from files. Its rules forbid
 * packages, timers and `globalThis` in community nodes, in what is published too.
 */
import { cp, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { writeThirdPartyLicenses } from "./third-party-licenses.ts";

const FOLDER = "packages/n8n-node";
const ENTRIES = [
  "nodes/Sightline/Sightline.node.ts",
  "credentials/SightlineModelApi.credentials.ts",
  "credentials/SightlineServerApi.credentials.ts",
];

/** Read by n8n as they are. */
const COPIED = ["Sightline.node.json", "sightline.svg", "sightline.dark.svg", "__schema__"];

/** Most bytes of the published JavaScript. */
const MAX_BYTES = 1_500_000;

export async function buildN8nNode(root: string): Promise<void> {
  const from = path.join(root, FOLDER);
  const output = path.join(from, "dist");
  await rm(output, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ENTRIES.map((entry) => path.join(FOLDER, entry)),
    outbase: FOLDER,
    outdir: path.join(FOLDER, "dist"),
    bundle: true,
    format: "cjs",
    // Not "node": of libraries, the build that needs none of its modules.
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["@sightline/source", "import"],
    target: "node20",
    external: ["n8n-workflow"],
    minify: true,
    legalComments: "none",
    drop: ["console"],
    define: { globalThis: "limitedGlobal", process: "limitedGlobal.process" },
    inject: [path.join(root, FOLDER, "lib/globals.ts")],
    metafile: true,
    logLevel: "warning",
  });
  for (const name of COPIED) {
    await cp(path.join(from, "nodes/Sightline", name), path.join(output, "nodes/Sightline", name), { recursive: true });
  }
  await writeThirdPartyLicenses(root, metafile, path.join(output, "THIRD-PARTY-LICENSES.txt"));
  const bytes = Object.values(metafile.outputs).reduce((sum, each) => sum + each.bytes, 0);
  console.error(`build: n8n node: ${(bytes / 1e6).toFixed(2)} MB`);
  if (bytes > MAX_BYTES) throw new Error(`the n8n node's bundle has ${bytes} bytes, ${MAX_BYTES} at most`);
}

// `prepack` of the package runs this file.
if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await buildN8nNode(fileURLToPath(new URL("../..", import.meta.url)));
