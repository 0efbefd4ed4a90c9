import { InputError } from "@sightline/core";
import { resolve } from "node:path";
import type { ReadStream } from "node:tty";
import { addAbortSignal, type Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Request } from "./program.ts";

/** More than any document this reads; an endless pipe must not fill the memory. */
const MAX_STDIN_BYTES = 128 * 1024 * 1024;

/** A file as a task's input names it, and as the user named it. */
export interface NamedFile {
  readonly reference: string;
  readonly name: string;
  /** The path when it is a file of this machine: naming it on the command line is the permission to read it. */
  readonly path?: string;
}

type TaskRequest = Extract<Request, { kind: "task" }>;

/**
 * Absolute path for a file argument; addresses and data URIs stay as they are, `-` is read from standard input as data. Texts are named alone and read
 * when their turn comes; where none is named, standard input is meant unless a person sits at it.
 */
export async function resolveFiles({ files: args, takes }: TaskRequest, stdin: Readable, signal: AbortSignal): Promise<NamedFile[]> {
  if (args.filter((arg) => arg === "-").length > 1) {
    throw new InputError("Standard input (-) can be read only once.", { hint: "Name the other files by their paths." });
  }
  if (takes.files.text) {
    if (args.length > 0) return args.map((arg) => ({ reference: arg, name: arg === "-" ? "standard input" : arg }));
    if ((stdin as Partial<ReadStream>).isTTY === true)
      throw new InputError("No text file is named.", {
        hint: "Name one, or pipe a text in: sightline extract-text letter.jpg | sightline …",
      });
    return [{ reference: "-", name: "standard input" }];
  }
  return Promise.all(
    args.map(async (arg): Promise<NamedFile> => {
      if (arg === "-") return { reference: await readStdin(stdin, signal), name: "standard input" };
      if (/^https?:/i.test(arg)) return { reference: arg, name: arg };
      if (/^data:/i.test(arg)) return { reference: arg, name: "data URI" };
      const path = /^file:/i.test(arg) ? pathOfUrl(arg) : resolve(arg);
      return { reference: path, name: arg, path };
    }),
  );
}

export function pathOfUrl(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw new InputError(`${url} is not the URL of a file on this machine.`, { hint: "Give the path itself.", cause: error });
  }
}

async function readStdin(stdin: Readable, signal: AbortSignal): Promise<string> {
  const bytes = await readWhole(stdin, { name: "Standard input", maxBytes: MAX_STDIN_BYTES, signal });
  if (bytes.length === 0)
    throw new InputError("Standard input is empty.", { hint: "Pipe a picture in: sightline describe-image - < photo.jpg" });
  // The type is told by the bytes, whatever is declared here.
  return `data:application/octet-stream;name=standard%20input;base64,${bytes.toString("base64")}`;
}

/** All of a stream. InputError as soon as there is more than `maxBytes`, in which `name` begins the sentence. */
export async function readWhole(
  stream: Readable,
  { name, maxBytes, signal }: { readonly name: string; readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of addAbortSignal(signal, stream) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes)
      throw new InputError(`${name} is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB.`, { hint: "Give a smaller file." });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
