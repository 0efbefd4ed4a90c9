import { InputError } from "@sightline/core";
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { pathOfUrl, readWhole } from "./references.ts";

/** Above every book, below what would keep a model busy for days: no text of this many bytes has more characters than a task takes. */
const MAX_BYTES = 10 * 1024 * 1024;

/** How files begin that hold a picture or a document of pages: PDF, JPEG, PNG, GIF, WebP, TIFF, BMP, HEIC and AVIF. */
const PICTURES = /^(?:%PDF-|\xFF\xD8\xFF|\x89PNG|GIF8|RIFF.{4}WEBP|II\*\0|MM\0\*|BM.{4}\0\0\0\0|.{4}ftyp(?:hei|hev|mif1|avi))/s;

/**
 * The text in a file or, for `-`, of standard input, which must be UTF-8; a byte order mark is left out. InputError when it cannot be read, is longer than
 * 10 MB, empty, or no text.
 */
export async function readText(reference: string, stdin: Readable, signal: AbortSignal): Promise<string> {
  if (/^(?:https?|data):/i.test(reference)) {
    throw new InputError(`${reference.slice(0, 80)} is not a file: a text is read from files and standard input.`, {
      hint: "Load it first and pipe it in: curl -s https://… | sightline summarize-text -",
    });
  }
  const name = reference === "-" ? "Standard input" : reference;
  const bytes = await readWhole(reference === "-" ? stdin : openFile(reference), { name, maxBytes: MAX_BYTES, signal }).catch(
    (error: unknown) => {
      throw unreadable(error, name);
    },
  );
  if (PICTURES.test(bytes.toString("latin1", 0, 16))) {
    throw new InputError(`${name} is no text, but a picture or document.`, {
      hint: "Read its text first and pipe that in: sightline extract-text FILE | sightline summarize-text -",
    });
  }
  const text = decode(bytes, name);
  if (text.trim() === "") throw new InputError(`${name} is empty.`, { hint: "Give a text with words in it." });
  return text;
}

function openFile(reference: string): Readable {
  return createReadStream(/^file:/i.test(reference) ? pathOfUrl(reference) : resolve(reference));
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EISDIR: "is a folder",
  EACCES: "may not be read by you",
  EPERM: "may not be read by you",
};

/** What the system says of a file as an InputError; all else (a cancellation, an error of ours) as it is. */
function unreadable(error: unknown, name: string): unknown {
  const problem = error instanceof Error && "code" in error && typeof error.code === "string" ? PROBLEMS[error.code] : undefined;
  return problem === undefined ? error : new InputError(`${name} ${problem}.`, { hint: "Name a text file.", cause: error });
}

function decode(bytes: Uint8Array, name: string): string {
  const hint = "Save it as plain text in UTF-8.";
  // Every byte of a UTF-8 text but NUL means something: it stands in UTF-16 and in files that are no text.
  if (bytes.includes(0)) throw new InputError(`${name} is no UTF-8 text: it has NUL bytes in it.`, { hint });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new InputError(`${name} is no UTF-8 text.`, { hint, cause: error });
  }
}
