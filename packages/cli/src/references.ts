import { InputError } from "@sightline/core";
import { resolve } from "node:path";
import { addAbortSignal, type Readable } from "node:stream";
import { fileURLToPath } from "node:url";

/** More than any document this reads; an endless pipe must not fill the memory. */
const MAX_STDIN_BYTES = 128 * 1024 * 1024;

/** A file as a task's input names it, and as the user named it. */
export interface NamedFile {
  readonly reference: string;
  readonly name: string;
  /** The path when it is a file of this machine: naming it on the command line is the permission to read it. */
  readonly path?: string;
}

/** Absolute path for a file argument; addresses and data URIs stay as they are, `-` is read from standard input as data. */
export async function resolveFiles(args: readonly string[], stdin: Readable, signal: AbortSignal): Promise<NamedFile[]> {
  if (args.filter((arg) => arg === "-").length > 1) {
    throw new InputError("Standard input (-) can be read only once.", { hint: "Name the other files by their paths." });
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

function pathOfUrl(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw new InputError(`${url} is not the URL of a file on this machine.`, { hint: "Give the path itself.", cause: error });
  }
}

async function readStdin(stdin: Readable, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of addAbortSignal(signal, stdin) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_STDIN_BYTES)
      throw new InputError(`Standard input is larger than ${MAX_STDIN_BYTES / 1024 / 1024} MB.`, { hint: "Give a smaller file." });
    chunks.push(chunk);
  }
  if (length === 0) throw new InputError("Standard input is empty.", { hint: "Pipe a picture in: sightline describe-image - < photo.jpg" });
  // The type is told by the bytes, whatever is declared here.
  return `data:application/octet-stream;name=standard%20input;base64,${Buffer.concat(chunks).toString("base64")}`;
}
