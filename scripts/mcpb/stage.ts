import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** The packages that the bundle runs. */
const PACKAGES = ["core", "local", "mcp-server"];

/**
 * What npm installs and the bundle does not run: native code (Claude Desktop on macOS refuses to load it), a build of sharp for browsers, and
 * types.
 */
const LEFT_OUT = [
  "onnxruntime-node",
  "onnxruntime-common",
  "@img/sharp-webcontainers-wasm32",
  "@types",
  "undici-types",
  ".bin",
  ".package-lock.json",
];

/** Of the ONNX runtime's WebAssembly package, 141 MB, these are run. */
const ONNX_RUNTIME = ["package.json", "dist/ort.wasm.bundle.min.mjs", "dist/ort-wasm-simd-threaded.wasm"];

/** Files that nothing reads at run time: types, source maps, sources beside what was built from them, documentation. Licences stay. */
const UNUSED = /\.(?:d\.[cm]?ts|[cm]?ts|map|markdown)$|(?:^|\/)(?:README|CHANGELOG|HISTORY)(?:\.md)?$/i;

/** Fills `folder` with the packed packages and all that they run on, none of it native: what a plain npm install gives on a machine of WebAssembly, pruned. */
export async function stageServer(root: string, folder: string): Promise<void> {
  const packed = await mkdtemp(path.join(tmpdir(), "sightline-packed-"));
  try {
    for (const name of PACKAGES) {
      await execute("npx", ["-y", "pnpm@12", "pack", "--pack-destination", packed], { cwd: path.join(root, "packages", name) });
    }
    const tarballs = (await readdir(packed)).map((file) => path.join(packed, file));
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--omit=dev", "--omit=peer", "--cpu=wasm32"];
    await execute("npm", ["install", ...flags, ...tarballs], { cwd: folder });
  } finally {
    await rm(packed, { recursive: true, force: true });
  }
  const modules = path.join(folder, "node_modules");
  for (const name of LEFT_OUT) await rm(path.join(modules, name), { recursive: true, force: true });
  await copyOnnxRuntime(root, path.join(modules, "onnxruntime-web"));
  await prune(modules);
}

async function copyOnnxRuntime(root: string, folder: string): Promise<void> {
  const { resolve } = createRequire(path.join(root, "packages/local/package.json"));
  const source = path.join(path.dirname(resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm")), "..");
  await mkdir(path.join(folder, "dist"), { recursive: true });
  for (const file of ONNX_RUNTIME) await copyFile(path.join(source, file), path.join(folder, file));
  const { license } = JSON.parse(await readFile(path.join(source, "package.json"), "utf8")) as { license: string };
  // The package names its licence and brings no text of it.
  await writeFile(
    path.join(folder, "LICENSE"),
    `ONNX Runtime, Copyright (c) Microsoft Corporation. Licence: ${license}, https://github.com/microsoft/onnxruntime/blob/main/LICENSE\n`,
  );
}

async function prune(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && UNUSED.test(path.relative(folder, file))) await rm(file);
  }
  await rm(path.join(folder, "openai/src"), { recursive: true, force: true });
}
