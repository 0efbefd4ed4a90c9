import type { StoredFile } from "@sightline/core";
import { randomBytes } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { sniff } from "./input/sniff.ts";

/** How stored files are named: the name is the handle. */

/** Ours, and what they say the file is. What another one is, its bytes say. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  "image/jpeg": ".jpg",
  "image/png": ".png",
  "application/json": ".json",
  "text/markdown": ".md",
  "text/plain": ".txt",
};
const MEDIA_TYPES = new Map(Object.entries(EXTENSIONS).map(([mediaType, extension]) => [extension, mediaType]));

/** What `newName` makes, and nothing that leads elsewhere. */
const NAME = /^[\p{L}\p{N}_-]{1,80}-[0-9a-f]{16}(?:\.[a-z0-9]{1,8})?$/u;

export const isName = (id: string): boolean => NAME.test(id);

/** Bytes that are read to tell what a file is. */
const HEAD_BYTES = 1024 * 1024;

/** A name every file system takes, that still tells whose result it is, and that nobody can guess. */
export function newName(name: string, mediaType?: string): string {
  const stem = basename(name, extname(name))
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}_-]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  const known = mediaType === undefined ? undefined : EXTENSIONS[mediaType];
  const given = extname(name).toLowerCase();
  const extension = known ?? (/^\.[a-z0-9]{1,8}$/.test(given) ? given : "");
  return `${stem === "" ? "result" : stem.slice(0, 60).replace(/[\ud800-\udbff]$/, "")}-${randomBytes(8).toString("hex")}${extension}`;
}

/** The file of that name in `folder`, kept for `maxAgeMs` from when it was written; undefined when it is none of ours or not there any more. */
export async function storedFile(folder: string, id: string, maxAgeMs: number): Promise<StoredFile | undefined> {
  if (!isName(id)) return undefined;
  const path = join(folder, id);
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isFile() !== true || Date.now() - stats.mtimeMs > maxAgeMs) return undefined;
  const mediaType = MEDIA_TYPES.get(extname(id)) ?? (await sniffFile(path)).mediaType ?? "application/octet-stream";
  const at = (ms: number): string => new Date(ms).toISOString();
  return { id, path, mediaType, size: stats.size, savedAt: at(stats.mtimeMs), expiresAt: at(stats.mtimeMs + maxAgeMs) };
}

/** What the file is by its first bytes. */
export async function sniffFile(path: string): Promise<Awaited<ReturnType<typeof sniff>>> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return await sniff(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}
