import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** What a weights script made the last time, and from what. Kept outside the folder, which is published. */
interface Stamp {
  readonly key: string;
  /** Sizes in bytes by path relative to the weights folder. */
  readonly files: Readonly<Record<string, number>>;
}

async function sizes(folder: string, madeSince = 0): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const { size, mtimeMs } = await stat(file);
    if (mtimeMs >= madeSince) found[path.relative(folder, file)] = size;
  }
  return found;
}

async function readStamp(file: string): Promise<Stamp | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Stamp;
  } catch {
    return undefined;
  }
}

/** The script with all it imports from this project: a change in either can change what it makes. */
async function withImports(script: string): Promise<Uint8Array> {
  const bundle = await build({ entryPoints: [script], bundle: true, write: false, platform: "node", format: "esm", packages: "external" });
  return bundle.outputFiles[0]!.contents;
}

/**
 * Runs each `scripts/*.ts` (it exports one async function that takes the output folder), unless neither it, nor what it imports, nor the lockfile its
 * packages are pinned by has changed and all it made is still there.
 */
export async function buildWeights(scripts: string, output: string, lockfile: string): Promise<void> {
  await mkdir(output, { recursive: true });
  const lock = await readFile(lockfile);
  const names = await readdir(scripts).catch(() => [] as string[]);
  for (const name of names.filter((each) => each.endsWith(".ts") && !each.endsWith(".test.ts")).sort()) {
    const script = path.join(scripts, name);
    const stampFile = path.join(output, "..", "node_modules/.cache/sightline", `weights-${path.basename(name, ".ts")}.json`);
    const key = createHash("sha256")
      .update(lock)
      .update(await withImports(script))
      .digest("hex");
    const stamp = await readStamp(stampFile);
    const present = await sizes(output);
    if (stamp?.key === key && Object.entries(stamp.files).every(([file, size]) => present[file] === size)) continue;

    // File systems keep times more coarsely than the clock: allow for it.
    const started = Date.now() - 1000;
    const functions = Object.values((await import(pathToFileURL(script).href)) as Record<string, unknown>).filter(
      (each) => typeof each === "function",
    );
    const [make] = functions;
    if (make === undefined || functions.length !== 1)
      throw new Error(`${script} must export exactly one function, it exports ${functions.length}`);
    await make(output);
    const files = await sizes(output, started);
    await mkdir(path.dirname(stampFile), { recursive: true });
    await writeFile(stampFile, JSON.stringify({ key, files } satisfies Stamp, null, 2));
    console.error(`build: weights ${name}: ${Object.keys(files).length} files`);
  }
}
