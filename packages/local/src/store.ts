import { SetupError, type Store } from "@sightline/core";
import { randomBytes } from "node:crypto";
import { basename, extname } from "node:path";
import { filesOf, savePrivately, tidy } from "./private-folder.ts";

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
    let path: string;
    try {
      path = await savePrivately(folder, `${safeStem(file.name)}-${unique}${extension}`, file.bytes);
    } catch (error) {
      const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
      throw new SetupError(`The result could not be saved in ${folder} (${why}).`, {
        hint: "Make the folder writable, free some space, or set XDG_CACHE_HOME to another.",
        cause: error,
      });
    }
    // Never what was just saved.
    const others = (await filesOf(folder)).filter((each) => each.path !== path);
    await tidy(others, { maxBytes, maxAgeMs });
    return path;
  }

  return { save };
}
