import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A file of a folder that we keep. */
export interface KeptFile {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  /** When it was last written, or marked as used, in ms since 1970. */
  readonly at: number;
}

/** Ends the name of a file that is still being written. */
const UNFINISHED = ".part";

type Content = Uint8Array | string | AsyncIterable<Uint8Array>;

/** Saves `content` under `name` in `folder`, whole or not at all, readable by this user alone; the folder too. Returns the path. */
export async function savePrivately(folder: string, name: string, content: Content, signal?: AbortSignal): Promise<string> {
  const path = join(folder, name);
  const unfinished = join(folder, `.${randomBytes(4).toString("hex")}${UNFINISHED}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // The folder may be older than this rule.
    await chmod(folder, 0o700);
    const handle = await open(unfinished, "wx", 0o600);
    try {
      await writeFile(handle, content, { signal });
    } finally {
      await handle.close();
    }
    await rename(unfinished, path);
    return path;
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw error;
  }
}

/** The files of a folder, the newest first; none when it is not there or cannot be read. */
export async function filesOf(folder: string): Promise<KeptFile[]> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const stats = await stat(path).catch(() => undefined);
      return stats?.isFile() === true ? { name, path, size: stats.size, at: stats.mtimeMs } : undefined;
    }),
  );
  return files.filter((file) => file !== undefined).sort((a, b) => b.at - a.at);
}

/** Removes what is too old, and the oldest of what is too much. Tidying up fails nobody's call. */
export async function tidy(
  newestFirst: readonly KeptFile[],
  bounds: { readonly maxBytes?: number; readonly maxAgeMs?: number; readonly maxFiles?: number },
): Promise<void> {
  const { maxBytes = Infinity, maxAgeMs = Infinity, maxFiles = Infinity } = bounds;
  let total = 0;
  for (const [index, { path, size, at }] of newestFirst.entries()) {
    total += size;
    if (total > maxBytes || Date.now() - at > maxAgeMs || index >= maxFiles) await rm(path, { force: true }).catch(() => {});
  }
}
