import { InputError, SetupError, type FileStore, type StoredFile } from "@sightline/core";
import { rm, utimes } from "node:fs/promises";
import { filesOf, savePrivately, tidy } from "./private-folder.ts";
import { isName, newName, sniffFile, storedFile } from "./stored-file.ts";

/** Files of all who share them, wherever they were saved. */
export interface SharedFiles {
  /** @param options `received`: it was handed in, and not made here; `ms`: how long it is kept. */
  put(file: StoredFile, options: { readonly received: boolean; readonly ms: number }): Promise<void>;
  has(id: string): Promise<boolean>;
  /** SetupError when it is there and cannot be had. */
  get(id: string): Promise<{ readonly bytes: Uint8Array; readonly received: boolean; readonly savedAt: Date } | undefined>;
  /** Those handed in within the last `ms`, the newest first. */
  received(ms: number): Promise<Omit<StoredFile, "path">[]>;
  /** False when there was none. */
  remove(id: string): Promise<boolean>;
}

export interface StoreOptions {
  /** Where results are saved. */
  readonly folder: string;
  /** Results older than this are removed. Default 7 days. */
  readonly maxAgeMs?: number;
  /** Beyond this many bytes the oldest results are removed. Default 500 MB. */
  readonly maxBytes?: number;
  /** Where files that are handed in are kept. */
  readonly uploads: {
    readonly folder: string;
    /** They are kept for this long. Default 1 hour. */
    readonly maxAgeMs?: number;
    /** Beyond this many bytes no other is taken: those that are there may be in use. Default 5 GB. */
    readonly maxBytes?: number;
  };
  /** Where others that share files with this one find them; undefined where nobody does. */
  readonly shared?: (() => Promise<SharedFiles | undefined>) | undefined;
}

const HOUR = 60 * 60 * 1000;

/** Others find a result for this long, ms. */
const SHARED_RESULT_MS = 24 * HOUR;

/** Keeps files in folders that only this user can open, under names of their own, whole or not at all; several processes may share them. */
export function createStore(options: StoreOptions): FileStore {
  const { folder, maxAgeMs = 7 * 24 * HOUR, maxBytes = 500_000_000, shared = () => Promise.resolve(undefined) } = options;
  const uploads = { maxAgeMs: HOUR, maxBytes: 5_000_000_000, ...options.uploads };

  async function found(kept: Promise<StoredFile | undefined>): Promise<StoredFile> {
    const file = await kept;
    if (file === undefined) throw new SetupError("A file was removed from the cache the moment it was saved.", { hint: "Try again." });
    return file;
  }

  async function keep(file: Parameters<FileStore["keep"]>[0]): Promise<StoredFile> {
    const id = newName(file.name, file.mediaType);
    await savePrivately(folder, id, file.bytes).catch((error: unknown) => {
      throw notSaved("result", folder, error);
    });
    // Never what was just saved.
    await tidy(
      (await filesOf(folder)).filter(({ name }) => name !== id),
      { maxBytes, maxAgeMs },
    );
    const kept = await found(storedFile(folder, id, maxAgeMs));
    await (await shared())?.put(kept, { received: false, ms: Math.min(SHARED_RESULT_MS, maxAgeMs) });
    return kept;
  }

  /** The file as another handed it out: fetched, and kept here from then on. */
  async function fetched(id: string): Promise<StoredFile | undefined> {
    const theirs = await (await shared())?.get(id);
    if (theirs === undefined) return undefined;
    const place = theirs.received ? uploads.folder : folder;
    const path = await savePrivately(place, id, theirs.bytes).catch((error: unknown) => {
      throw notSaved("file", place, error);
    });
    await utimes(path, theirs.savedAt, theirs.savedAt);
    return storedFile(place, id, theirs.received ? uploads.maxAgeMs : maxAgeMs);
  }

  /** The files that were handed in and may still be read, the newest first; what has expired is removed on the way. */
  async function tidyUploads(): Promise<Awaited<ReturnType<typeof filesOf>>> {
    const before = await filesOf(uploads.folder);
    await tidy(before, { maxAgeMs: uploads.maxAgeMs });
    return before.filter(({ at }) => Date.now() - at <= uploads.maxAgeMs);
  }

  return {
    keep,
    save: async (file) => (await keep(file)).path,

    async receive(chunks, { name, signal }) {
      const others = await tidyUploads();
      const taken = others.reduce((sum, { size }) => sum + size, 0);
      if (taken >= uploads.maxBytes) {
        throw new SetupError(`There is no room for another file: those handed in take ${(taken / 1e9).toFixed(1)} GB already.`, {
          hint: `Delete some, or wait: each is removed after ${Math.round(uploads.maxAgeMs / 60_000)} minutes.`,
        });
      }
      const id = newName(name);
      const path = await savePrivately(uploads.folder, id, chunks, signal).catch((error: unknown) => {
        // What went wrong on the way here is the sender's; only the disk's own words are ours to explain.
        throw error instanceof Error && "syscall" in error ? notSaved("file", uploads.folder, error) : error;
      });
      const file = await found(storedFile(uploads.folder, id, uploads.maxAgeMs));
      const refusal = file.size === 0 ? "is empty (0 bytes)" : await whyUnreadable(path);
      if (refusal === undefined) {
        await (await shared())?.put(file, { received: true, ms: uploads.maxAgeMs });
        return file;
      }
      await rm(path, { force: true });
      throw new InputError(`${name} ${refusal}.`, {
        hint: "Pictures, PDFs, XML invoices and videos are taken; a file's content counts, not its name.",
      });
    },

    async find(id) {
      const received = await storedFile(uploads.folder, id, uploads.maxAgeMs);
      // Another may have removed it.
      if (received !== undefined && (await (await shared())?.has(id)) !== false) return received;
      return (await storedFile(folder, id, maxAgeMs)) ?? (isName(id) ? fetched(id) : undefined);
    },

    async received() {
      const all = await (await shared())?.received(uploads.maxAgeMs);
      if (all !== undefined) return all;
      const files = await Promise.all((await tidyUploads()).map(({ name }) => storedFile(uploads.folder, name, uploads.maxAgeMs)));
      return files.filter((file) => file !== undefined);
    },

    async remove(id) {
      const file = await storedFile(uploads.folder, id, uploads.maxAgeMs);
      const theirs = isName(id) ? await (await shared())?.remove(id) : undefined;
      if (file !== undefined) await rm(file.path, { force: true });
      return theirs ?? file !== undefined;
    },
  };
}

/** Why nothing here can read the file, by its bytes; undefined when something can. */
async function whyUnreadable(path: string): Promise<string | undefined> {
  const { kind, mediaType, words } = await sniffFile(path);
  return kind === "image" || kind === "pdf" || kind === "video" || mediaType === "application/xml" ? undefined : `is ${words}`;
}

function notSaved(what: string, folder: string, error: unknown): SetupError {
  const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
  return new SetupError(`The ${what} could not be saved in ${folder} (${why}).`, {
    hint: "Make the folder writable, free some space, or set XDG_CACHE_HOME to another.",
    cause: error,
  });
}
