import { InputError } from "@sightline/core";
import { randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** What tells a set of ours from a folder that holds something else. */
export const SET_FILE = "export.json";

/**
 * Writes a folder whole or not at all: `write` fills one beside it, which then takes its place. InputError when it cannot be written, or when something else than an earlier set lies
 * there.
 */
export async function writeFolder(path: string, write: (unfinished: string) => Promise<void>): Promise<void> {
  const aside = (what: string): string => join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}.${what}`);
  const [unfinished, old] = [aside("part"), aside("old")];
  try {
    const before = await namesIn(path);
    if (before !== undefined && before.length > 0 && !before.includes(SET_FILE)) {
      throw new InputError(`${path} holds something else than a training set.`, {
        hint: "Name a folder for --out that is empty or not there yet.",
      });
    }
    await mkdir(unfinished);
    await write(unfinished);
    if (before !== undefined) await rename(path, old);
    await rename(unfinished, path).catch(async (error: unknown) => {
      if (before !== undefined) await rename(old, path);
      throw error;
    });
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new InputError(`The training set could not be written to ${path} (${"code" in error ? String(error.code) : error.message}).`, {
      hint: "Name a folder for --out in a folder that exists and can be written.",
      cause: error,
    });
  } finally {
    for (const each of [unfinished, old]) await rm(each, { recursive: true, force: true }).catch(() => {});
  }
}

/** Undefined where there is nothing. InputError for a file. */
async function namesIn(path: string): Promise<readonly string[] | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return undefined;
  if (!stats.isDirectory()) throw new InputError(`${path} is a file.`, { hint: "Name a folder for --out." });
  return readdir(path);
}
