import { SetupError } from "@sightline/core";
import { open, readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { READ_FLAGS, realFolders } from "./paths.ts";
import { sniff } from "./sniff.ts";

export interface ListedImage {
  readonly path: string;
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly modified: string;
  readonly bytes: number;
  readonly mediaType: string;
}

export interface ListedImages {
  /** Newest first. */
  readonly images: readonly ListedImage[];
  readonly warnings: readonly string[];
}

export interface ListImagesOptions {
  readonly allow: readonly string[];
  /** Most pictures in the answer. Default 20. */
  readonly limit?: number;
  /** True to list PDFs among them. */
  readonly documents?: boolean | undefined;
  /** Folders below an allowed folder that are entered. Default 4. */
  readonly maxDepth?: number;
  /** Directory entries looked at, in all. Default 20,000: about a second on a slow disk. */
  readonly maxEntries?: number;
  readonly signal?: AbortSignal | undefined;
}

const EXTENSIONS: ReadonlySet<string> = new Set([
  ".jpg",
  ".jpeg",
  ".png",
  ".apng",
  ".webp",
  ".avif",
  ".gif",
  ".tif",
  ".tiff",
  ".bmp",
  ".heic",
  ".heif",
  ".svg",
]);

function isCandidate(name: string, documents: boolean): boolean {
  const extension = extname(name).toLowerCase();
  return EXTENSIONS.has(extension) || (documents && extension === ".pdf");
}

/** The first bytes of a file, enough to tell a picture. */
async function head(path: string): Promise<Uint8Array> {
  const handle = await open(path, READ_FLAGS);
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(4096), 0, 4096, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * The newest pictures in the allowed folders. Hidden folders, `node_modules` and links are not entered; a file counts
 * as a picture by its bytes. SetupError when no folder is allowed.
 */
export async function listImages(options: ListImagesOptions): Promise<ListedImages> {
  const { allow, limit = 20, documents = false, maxDepth = 4, maxEntries = 20_000, signal } = options;
  if (allow.length === 0) {
    throw new SetupError("No folder is allowed, so there is nothing to list.", {
      hint: "Start Sightline with --allow DIR, or set SIGHTLINE_ALLOW.",
    });
  }
  const warnings: string[] = [];
  const roots = await realFolders(allow);
  if (roots.length < new Set(allow).size) warnings.push("Some allowed folders do not exist; status names them.");

  // Breadth first: when the bound is hit, what lies near the top has been seen.
  let level = roots;
  const seen = new Set(roots);
  const found: { path: string; name: string; size: number; at: number }[] = [];
  let entries = 0;
  let tooDeep = false;
  for (let depth = 0; level.length > 0 && entries < maxEntries; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      signal?.throwIfAborted();
      const inside = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
      if (inside === undefined) {
        warnings.push(`${folder} cannot be read.`);
        continue;
      }
      for (const entry of inside) {
        if (++entries > maxEntries) break;
        if (entry.name.startsWith(".")) continue;
        const path = join(folder, entry.name);
        if (entry.isDirectory()) {
          if (entry.name === "node_modules" || seen.has(path)) continue;
          seen.add(path);
          if (depth < maxDepth) next.push(path);
          else tooDeep = true;
        } else if (entry.isFile() && isCandidate(entry.name, documents)) {
          const stats = await stat(path).catch(() => undefined);
          if (stats !== undefined && stats.size > 0) found.push({ path, name: entry.name, size: stats.size, at: stats.mtimeMs });
        }
      }
      if (entries > maxEntries) break;
    }
    level = next;
  }
  if (entries > maxEntries)
    warnings.push(`The allowed folders hold more than ${maxEntries} entries; only those nearest the top were looked at.`);
  if (tooDeep) warnings.push(`Folders more than ${maxDepth} ${maxDepth === 1 ? "level" : "levels"} down were not looked at.`);

  found.sort((a, b) => b.at - a.at || (a.path < b.path ? -1 : 1));
  const images: ListedImage[] = [];
  for (const file of found) {
    if (images.length >= limit) break;
    signal?.throwIfAborted();
    const type = await head(file.path).then(sniff, () => undefined);
    if (type?.mediaType === undefined || !(type.kind === "image" || (documents && type.kind === "pdf"))) continue;
    images.push({
      path: file.path,
      name: file.name,
      modified: new Date(file.at).toISOString(),
      bytes: file.size,
      mediaType: type.mediaType,
    });
  }
  return { images, warnings };
}
