import { constants } from "node:fs";
import { type FileHandle, lstat, open, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, resolve, sep } from "node:path";
import { InputError, SetupError } from "@sightline/core/errors";

export interface AllowListOptions {
  /** Folders whose files may be read, with everything below them. */
  readonly folders: readonly string[];
  /** Single files that may be read besides: the ones a person named on the command line. */
  readonly files?: readonly string[];
}

/** Bytes of one allowed file, and the path they were read from with every link resolved. */
export interface ReadFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Paths that exist only in the sandbox of a chat: models write them, no local server can see them. */
const SANDBOX_PATH =
  /^(?:\/mnt\/(?:user-data|data|outputs|uploads)|\/home\/(?:claude|sandbox|oai)|\/tmp\/(?:outputs|inputs)|\/repo\/uploads)(?:\/|$)/;

/** How much of a reference appears in a message: a path does in full, megabytes of base64 do not. */
export const clip = (text: string): string => (text.length <= 300 ? text : `${text.slice(0, 60)}… (${text.length} characters)`);

/** To read what is there and nothing it links to. O_NONBLOCK: should a file become a pipe in this moment, opening it must not hang. */
export const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

const code = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");

/** True when `path` is `folder` or lies below it. Both must be absolute, with links resolved. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

export function expandHome(path: string): string {
  if (path === "~") return homedir();
  return /^~[\\/]/.test(path) ? join(homedir(), path.slice(2)) : path;
}

/** The folders as they are now, links resolved; one that is missing is left out (`status` reports it). */
export async function realFolders(folders: readonly string[]): Promise<string[]> {
  const resolved = await Promise.all(folders.map((folder) => realpath(resolve(folder)).catch(() => undefined)));
  return [...new Set(resolved.filter((folder) => folder !== undefined))];
}

/**
 * Where `path` really is. For one that does not exist: where it would be, judged by its nearest existing
 * parent, so that a question about a file behind a link that leads out gets one answer whether or not the file
 * is there. `undefined` when that cannot be told (a link that leads nowhere, a loop, a parent that may not be entered).
 */
async function whereIs(path: string): Promise<{ path: string; exists: boolean } | undefined> {
  const missing: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    try {
      return { path: join(await realpath(at), ...missing), exists: missing.length === 0 };
    } catch (error) {
      if (!["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(code(error))) return undefined;
    }
    const dangling = await lstat(at).then(
      () => true,
      () => false,
    );
    if (dangling || dirname(at) === at) return undefined;
    missing.unshift(basename(at));
  }
}

/** The path a relative name stands for: the one allowed folder that holds it. InputError when none or several do. */
async function findRelative(name: string, folders: readonly string[]): Promise<string> {
  const hits: string[] = [];
  for (const folder of folders) {
    const path = resolve(folder, name);
    const real = await realpath(path).catch(() => undefined);
    if (real !== undefined && isInside(real, folder)) hits.push(path);
  }
  const [only] = hits;
  if (hits.length > 1) {
    throw new InputError(`"${clip(name)}" is in more than one allowed folder.`, { hint: `Give one of them: ${hits.join(", ")}` });
  }
  if (only === undefined) {
    throw new InputError(`"${clip(name)}" is not an absolute path, and no allowed folder has a file of that name.`, {
      hint: folders.length === 0 ? "Give the absolute path." : `Give the absolute path. Allowed folders: ${folders.join(", ")}`,
    });
  }
  return only;
}

function outside(path: string, folders: readonly string[]): InputError {
  if (folders.length === 0) {
    return new InputError(`${path} is not one of the files named on the command line.`, {
      hint: "Name it there, or allow its folder with --allow DIR.",
    });
  }
  const where = folders.join(", ");
  if (SANDBOX_PATH.test(path) && !isInside(path, homedir())) {
    return new InputError(`${path} lives in the chat's sandbox, and this server cannot see it: it runs on the user's own machine.`, {
      hint: `Ask the user to save the file into one of: ${where}. list_images then finds it. An https:// address of the picture works too.`,
    });
  }
  return new InputError(`${path} is not inside an allowed folder.`, {
    hint: `Allowed folders: ${where}. The operator can allow another with --allow DIR or SIGHTLINE_ALLOW.`,
  });
}

function notAFile(name: string, stats: { isDirectory(): boolean; isFIFO(): boolean }): InputError {
  if (stats.isDirectory()) return new InputError(`${name} is a folder, not a file.`, { hint: "Name one file in it." });
  const what = stats.isFIFO() ? "a pipe" : "a device";
  return new InputError(`${name} is ${what}, not a regular file.`, { hint: "Save its content as a file and name that." });
}

/** One allowed file, open for reading, and the path it lies at with every link resolved. Whoever asked for it closes the handle. */
export interface OpenedFile {
  readonly path: string;
  readonly handle: FileHandle;
  readonly size: number;
}

/**
 * Opens one file when it may be read: it must lie, with every link resolved, inside an allowed folder or be one of
 * the allowed files. Says nothing about files elsewhere, not even whether they exist.
 *
 * InputError: not allowed, missing, a folder, a pipe or device, empty, larger than `maxBytes`.
 * SetupError: nothing is allowed at all.
 */
export async function openAllowedFile(path: string, allow: AllowListOptions, limits: { readonly maxBytes: number }): Promise<OpenedFile> {
  const files = allow.files ?? [];
  if (allow.folders.length === 0 && files.length === 0) {
    throw new SetupError("No folder is allowed, so no file can be read.", {
      hint: "Start Sightline with --allow DIR, or set SIGHTLINE_ALLOW to the folders it may read. An https:// address or a data: URI works without.",
    });
  }
  const folders = await realFolders(allow.folders);
  const wanted = isAbsolute(path) ? resolve(path) : await findRelative(path, folders);
  const shown = folders.length === 0 ? allow.folders : folders;

  const where = await whereIs(wanted);
  // By the name that is asked for where it is one of them: a batch has thousands.
  const realFiles =
    where !== undefined && files.includes(wanted)
      ? [where.path]
      : await Promise.all(files.map((file) => realpath(resolve(file)).catch(() => resolve(file))));
  const allowed = (real: string): boolean => folders.some((folder) => isInside(real, folder)) || realFiles.includes(real);
  if (where === undefined || !allowed(where.path)) throw outside(wanted, shown);
  if (!where.exists) {
    throw new InputError(`${wanted} does not exist.`, {
      hint: files.length > 0 ? "Check the spelling." : "Check the spelling; list_images shows the newest pictures.",
    });
  }

  const name = basename(where.path);
  try {
    const before = await stat(where.path);
    if (!before.isFile()) throw notAFile(wanted, before);
    const handle = await open(where.path, READ_FLAGS);
    try {
      // A folder on the way can be swapped for a link between the check and the opening. So ask again where the
      // path leads, and whether what is open is what lies there: what is read is then what was allowed.
      const opened = await handle.stat({ bigint: true });
      const again = await realpath(where.path);
      const there = await stat(again, { bigint: true });
      if (!allowed(again) || there.ino !== opened.ino || there.dev !== opened.dev) throw outside(wanted, shown);
      if (!opened.isFile()) throw notAFile(wanted, opened);
      if (opened.size === 0n) throw new InputError(`${wanted} is empty (0 bytes).`, { hint: "Was it saved completely?" });
      if (Number(opened.size) > limits.maxBytes) throw tooBig(wanted, Number(opened.size), limits.maxBytes);
      return { path: where.path, handle, size: Number(opened.size) };
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    if (["EACCES", "EPERM"].includes(code(error))) {
      throw new InputError(`${wanted} may not be read by this user.`, { hint: "Give the file read permission.", cause: error });
    }
    if (["ENOENT", "ENOTDIR", "ELOOP"].includes(code(error))) {
      throw new InputError(`${name} was moved or deleted while it was being opened.`, { hint: "Try again.", cause: error });
    }
    throw error;
  }
}

/** The bytes of one file when it may be read, with `openAllowedFile`'s errors. */
export async function readAllowedFile(
  path: string,
  allow: AllowListOptions,
  limits: { readonly maxBytes: number; readonly signal?: AbortSignal | undefined },
): Promise<ReadFile> {
  const { handle, size, path: real } = await openAllowedFile(path, allow, limits);
  try {
    return { path: real, bytes: await readWhole(handle, size, limits.signal) };
  } finally {
    await handle.close();
  }
}

export function tooBig(name: string, bytes: number, maxBytes: number): InputError {
  const mb = (n: number): string => `${(n / 1e6).toFixed(n < 1e7 ? 1 : 0)} MB`;
  return new InputError(`${name} is ${mb(bytes)} large; at most ${mb(maxBytes)} are read.`, { hint: "Give a smaller version of it." });
}

/** Reads no more than `size` bytes, even when the file grows meanwhile. */
async function readWhole(
  handle: { read(buffer: Uint8Array, offset: number, length: number): Promise<{ bytesRead: number }> },
  size: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  const step = 4 * 1024 * 1024; // a cancelled call stops after at most this much
  let filled = 0;
  while (filled < size) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(bytes, filled, Math.min(step, size - filled));
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
