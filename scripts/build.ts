/**
 * Builds everything that is published: the model weights, the packages' JavaScript and types, and the two bins.
 * Every step runs even when one before it failed, so that one type error does not hide a missing weight; any failure ends with exit code 1.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundle, type Bin } from "./build/bundle.ts";
import { buildN8nNode } from "./build/n8n-node.ts";
import { buildViewer } from "./build/viewer.ts";
import { buildWeights } from "./build/weights.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The packages `tsc -b` compiles, in the order of their references. */
const PROJECTS = ["packages/core", "packages/local", "packages/cli", "packages/mcp-server"];

/** The bins. What not every start needs is in files of its own: the server's HTTP side, tracing, metrics. */
const BINS: readonly Bin[] = [
  { entry: "packages/cli/src/main.ts", output: "packages/cli/dist/sightline.js", chunks: "packages/cli/dist/chunks" },
  {
    entry: "packages/mcp-server/src/main.ts",
    output: "packages/mcp-server/dist/sightline-mcp.js",
    chunks: "packages/mcp-server/dist/chunks",
  },
];

function compile(): void {
  const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-b", ...PROJECTS], { cwd: ROOT, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error("tsc found errors (above)");
}

const started = performance.now();
const steps: (() => void | Promise<void>)[] = [
  () => buildWeights(path.join(ROOT, "scripts/weights"), path.join(ROOT, "packages/local/weights"), path.join(ROOT, "pnpm-lock.yaml")),
  compile,
  ...BINS.map((bin) => () => bundle(ROOT, bin)),
  () => buildN8nNode(ROOT),
  async () => {
    for (const { name, own, libraries } of await buildViewer(ROOT)) {
      console.error(`build: page ${name}: ${(own / 1000).toFixed(0)} KB of our own, ${(libraries / 1000).toFixed(0)} KB of libraries`);
    }
  },
];
for (const step of steps) {
  try {
    await step();
  } catch (error) {
    console.error(`build: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
console.error(`build: ${process.exitCode === 1 ? "failed" : "done"} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
