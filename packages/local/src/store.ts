import { SetupError, type Store } from "@sightline/core";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";

export interface StoreOptions {
  readonly folder: string;
  /** Results older than this are removed. Default 7 days. */
  readonly maxAgeMs?: number;
  /** Beyond this many bytes the oldest results are removed. Default 500 MB. */
  readonly maxBytes?: number;
}

const DAY = 24 * 60 * 60 * 1000;
const EXTENSIONS: Readonly<Record<string, string>> = {
  "image/jpeg": ".jpg",
  "image/png": ".png",
  "application/json": ".json",
  "text/markdown": ".md",
  "text/plain": ".txt",
};

/** A name every file system takes, that still tells whose result it is. */
function safeStem(name: string): string {
  const stem = basename(name, extname(name))
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}_-]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return stem === "" ? "result" : stem.slice(0, 60).replace(/[\ud800-\udbff]$/, "");
}

/** Saves results in one folder that only this user can open, under names of their own, whole or not at all. */
export function createStore(options: StoreOptions): Store {
  const { folder, maxAgeMs = 7 * DAY, maxBytes = 500_000_000 } = options;

  async function save(file: Parameters<Store["save"]>[0]): Promise<string> {
    const unique = randomBytes(4).toString("hex");
    const extension = EXTENSIONS[file.mediaType] ?? extname(file.name);
    const path = join(folder, `${safeStem(file.name)}-${unique}${extension}`);
    const unfinished = join(folder, `.${unique}.part`);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // The folder may be older than this rule.
      await chmod(folder, 0o700);
      const handle = await open(unfinished, "wx", 0o600);
      try {
        await handle.writeFile(file.bytes);
      } finally {
        await handle.close();
      }
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => {});
      const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
      throw new SetupError(`The result could not be saved in ${folder} (${why}).`, {
        hint: "Make the folder writable, free some space, or set XDG_CACHE_HOME to another.",
        cause: error,
      });
    }
    await clean(path);
    return path;
  }

  /** Removes what is too old, and the oldest of what is too much; never what was just saved. Tidying up fails nobody's call. */
  async function clean(keep: string): Promise<void> {
    const names = await readdir(folder).catch(() => []);
    const found = await Promise.all(
      names.map(async (name) => {
        const path = join(folder, name);
        const stats = await stat(path).catch(() => undefined);
        return stats?.isFile() === true && path !== keep ? { path, size: stats.size, at: stats.mtimeMs } : undefined;
      }),
    );
    const newestFirst = found.filter((entry) => entry !== undefined).sort((a, b) => b.at - a.at);
    let total = 0;
    for (const entry of newestFirst) {
      total += entry.size;
      if (total > maxBytes || Date.now() - entry.at > maxAgeMs) await rm(entry.path, { force: true }).catch(() => {});
    }
  }

  return { save };
}
