import { InputError, type FileKind, type InputFile, type InputReader, type OpenFile } from "@sightline/core";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeBase64, nameOfDataUri, readDataUri } from "./data-uri.ts";
import { download, type DownloadPolicy } from "./download.ts";
import { type AllowListOptions, clip, expandHome, openAllowedFile, type OpenedFile, READ_FLAGS, readAllowedFile } from "./paths.ts";
import { READABLE_PICTURES, sniff, SNIFFED_BYTES, type SniffedFile } from "./sniff.ts";

export interface InputReaderOptions {
  /** Folders whose files may be read. None: no file may. */
  readonly allow: readonly string[];
  /** Absolute paths of single files that may be read besides: the ones named on the command line. */
  readonly files?: readonly string[];
  /** Most bytes of a file that is read whole, or of a data URI. Default 100 MB. */
  readonly maxBytes?: number;
  readonly download?: Partial<DownloadPolicy>;
  /** False: no path is read, whatever is allowed, because the callers are on other machines. Default true. */
  readonly paths?: boolean;
  /** Finds the file behind a handle, `sightline://files/ID`. */
  readonly find?: (id: string) => Promise<{ readonly path: string } | undefined>;
}

/** What a handle begins with. */
const HANDLE = "sightline://files/";

const MAX_BYTES = 100_000_000;

/**
 * The bytes of a picture someone pasted as base64 with the `data:image/png;base64,` forgotten (n8n hands them out so).
 * A long name made of base64's letters stays a name: only what decodes to a known kind of file counts.
 */
async function asBareBase64(text: string, maxBytes: number): Promise<Uint8Array | undefined> {
  if (text.length < 64 || text.length > (maxBytes * 4) / 3 + 4 || /[^A-Za-z0-9+/=\s_-]/.test(text.slice(0, 1024))) return undefined;
  const bytes = decodeBase64(text);
  if (bytes === undefined) return undefined;
  const { kind } = await sniff(bytes);
  return kind === "image" || kind === "pdf" || kind === "video" ? bytes : undefined;
}

/** A part of an address as it was before it stood there. */
function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function pathOfFileUrl(reference: string): string {
  try {
    return fileURLToPath(reference);
  } catch (error) {
    throw new InputError(`"${clip(reference)}" is not a file:// address of this machine.`, {
      hint: "It is written file:///folder/picture.jpg.",
      cause: error,
    });
  }
}

/** What a caller's one string stands for: bytes that it holds or that are fetched, or a file of this machine, not touched yet. */
type Source = { readonly name: string; readonly bytes: Uint8Array } | { readonly path: string; readonly allow: AllowListOptions };

/** The effects' order is the check's order: nothing is touched before its kind is known. */
async function resolveReference(reference: string, options: InputReaderOptions, signal: AbortSignal | undefined): Promise<Source> {
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  const trimmed = reference.trim();
  // Chat clients write "@file" for an attached file.
  const text = trimmed.startsWith("@") ? trimmed.slice(1) : trimmed;
  if (text === "")
    throw new InputError("No file is named: the text is empty.", { hint: "Give an absolute path, an https:// address, or a data: URI." });
  if (text.includes("\0"))
    throw new InputError("The path contains a NUL character.", { hint: "Give the path as it is shown by your file manager." });

  // A scheme has two letters or more; one letter before a colon is a Windows drive.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase();
  switch (scheme) {
    case "data":
      return { name: nameOfDataUri(text), bytes: readDataUri(text, maxBytes) };
    case "https":
    case "http":
      return download(text, { signal, policy: { maxBytes: Math.min(maxBytes, 50_000_000), ...options.download } });
    case "file":
      return atPath(pathOfFileUrl(text), options);
    case "sightline":
      return atHandle(text, options);
    case "sandbox":
      return atPath(text.slice("sandbox:".length).replace(/^\/\/+/, "/"), options);
    case undefined:
      break;
    default:
      if (!isAbsolute(text) && /^[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
        throw new InputError(`"${clip(text)}": ${scheme}:// cannot be read.`, {
          hint: "Give an absolute path, a file:// or https:// address, or a data: URI.",
        });
      }
  }
  const pasted = await asBareBase64(text, maxBytes);
  if (pasted !== undefined) return { name: "base64 text", bytes: pasted };
  if (text.length > 4096) {
    throw new InputError(`"${clip(text)}" is no path, and not the base64 of a picture either.`, {
      hint: "Long base64 is often cut off on its way. Save the picture as a file and give its path, or write data:image/png;base64,<data>.",
    });
  }
  return atPath(expandHome(text), options);
}

async function atHandle(handle: string, { find }: InputReaderOptions): Promise<Source> {
  const file = handle.startsWith(HANDLE) ? await find?.(decodePart(handle.slice(HANDLE.length))) : undefined;
  if (file === undefined) {
    throw new InputError(`"${clip(handle)}" names no file that is kept here.`, {
      hint: "Handed-in files are kept for an hour. Hand it in again with PUT /files, and use the handle that answers.",
    });
  }
  return { path: file.path, allow: { folders: [], files: [file.path] } };
}

function atPath(path: string, options: InputReaderOptions): Source {
  if (options.paths === false) {
    throw new InputError(`"${clip(path)}": this server reads no paths, because it serves other machines.`, {
      hint: "Hand the file in with PUT /files and use the handle that answers, or give an https:// address or a data: URI.",
    });
  }
  if (path.includes("\0"))
    throw new InputError("The path contains a NUL character.", { hint: "Give the path as it is shown by your file manager." });
  return { path, allow: { folders: options.allow, files: options.files ?? [] } };
}

/** Kinds of files, as a sentence lists them. */
const TAKEN: Readonly<Record<FileKind, string>> = {
  image: `pictures (${READABLE_PICTURES})`,
  pdf: "PDF documents",
  xml: "invoices in XML",
  video: "videos (MP4, WebM, MKV, MOV, AVI, MPEG)",
};

function refusal(name: string, found: SniffedFile, accept: readonly FileKind[]): InputError {
  const takes = accept.map((kind) => TAKEN[kind]).join(", ");
  const what = found.kind === "unknown" ? "no file of a known kind" : found.words;
  const wanted = accept.includes("pdf") ? ", neither a picture nor a PDF" : ", not a picture";
  const not = accept.includes("image") && found.kind !== "unreadable-image" ? wanted : "";
  const hint =
    found.kind === "pdf"
      ? `This reads ${takes}. Save the page you need as PNG or JPEG.`
      : found.kind === "video"
        ? `This reads ${takes}. Save the moment you need as a picture.`
        : found.kind === "unreadable-image"
          ? `Save it as PNG or JPEG. This reads ${takes}.`
          : `A file's content counts, not its name. This reads ${takes}.`;
  return new InputError(`${name} is ${what}${not}.`, { hint });
}

/**
 * Reads what a caller wrote: an absolute path, `~/…`, a name inside exactly one allowed folder, `file://`, `https://`,
 * `data:`, or base64 of a picture. A leading @ is dropped. What it is, its bytes say.
 */
export function createInputReader(options: InputReaderOptions): InputReader {
  return {
    async read(reference, { accept, signal }): Promise<InputFile> {
      signal?.throwIfAborted();
      const source = await resolveReference(reference, options, signal);
      const { name, bytes } =
        "bytes" in source
          ? source
          : await readAllowedFile(source.path, source.allow, { maxBytes: options.maxBytes ?? MAX_BYTES, signal }).then((file) => ({
              name: basename(file.path),
              bytes: file.bytes,
            }));
      const found = await accepted(name, bytes, accept);
      signal?.throwIfAborted();
      return { name, ...found, bytes };
    },

    async open(reference, { accept, signal }): Promise<OpenFile> {
      signal?.throwIfAborted();
      const source = await resolveReference(reference, options, signal);
      const { name, file, remove } =
        "path" in source
          ? { ...(await openAllowedFile(source.path, source.allow, { maxBytes: Infinity }).then(named)), remove: async () => {} }
          : { name: source.name, ...(await spooled(source.bytes)) };
      const close = async (): Promise<void> => {
        await file.handle.close();
        await remove();
      };
      try {
        const head = new Uint8Array(Math.min(SNIFFED_BYTES, file.size));
        const { bytesRead } = await file.handle.read(head, 0, head.length, 0);
        const found = await accepted(name, head.subarray(0, bytesRead), accept);
        signal?.throwIfAborted();
        return { name, ...found, path: file.path, descriptor: file.handle.fd, size: file.size, close };
      } catch (error) {
        await close();
        throw error;
      }
    },
  };
}

const named = (file: OpenedFile): { name: string; file: OpenedFile } => ({ name: basename(file.path), file });

/** Bytes that came from elsewhere as a file that this user alone can read, in a folder of its own. */
async function spooled(bytes: Uint8Array): Promise<{ file: OpenedFile; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "sightline-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, "input");
    await writeFile(path, bytes, { mode: 0o600 });
    return { file: { path, handle: await open(path, READ_FLAGS), size: bytes.length }, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** What the bytes are, by their beginning. InputError when that is none of `accept`. */
async function accepted(
  name: string,
  bytes: Uint8Array,
  accept: readonly FileKind[],
): Promise<{ readonly kind: FileKind; readonly mediaType: string }> {
  const found = await sniff(bytes);
  if (found.mediaType === undefined || !(accept as readonly string[]).includes(found.kind)) throw refusal(name, found, accept);
  return { kind: found.kind as FileKind, mediaType: found.mediaType };
}
