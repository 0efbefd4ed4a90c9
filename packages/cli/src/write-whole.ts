import { InputError } from "@sightline/core";
import { randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Writes a file whole or not at all, in the place of one that is there. InputError when it cannot be written; `what` begins the sentence that says so. */
export async function writeWhole(path: string, content: string | Uint8Array, what: string): Promise<void> {
  const unfinished = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}`);
  try {
    await writeFile(unfinished, content, { flag: "wx" });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new InputError(`${what} could not be written to ${path} (${why}).`, {
      hint: "Name a file in a folder that exists and can be written.",
      cause: error,
    });
  }
}
