import { InputError } from "@sightline/core";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";

export interface FoundFiles {
  /** Absolute paths, sorted; a file that is reached by several ways is there once. */
  readonly files: readonly string[];
  /** What was passed over, in words. */
  readonly warnings: readonly string[];
}

/**
 * The files that these arguments name: a folder with all that is below it, a file, or a pattern (`scans/**\/*.pdf`). Names that begin with a dot are left
 * out below a folder, and linked folders are not entered. InputError for what is not there, and for a pattern that nothing fits.
 */
export async function findFiles(args: readonly string[]): Promise<FoundFiles> {
  const warnings: string[] = [];
  const found: string[] = [];
  for (const arg of args) {
    const path = resolve(arg);
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isDirectory() === true) found.push(...(await filesBelow(path, warnings)));
    else if (stats !== undefined) found.push(path);
    else if (isDynamicPattern(arg)) found.push(...(await filesOfPattern(arg)));
    else throw new InputError(`${arg} does not exist.`, { hint: "Name a folder, files, or a pattern in quotes: 'scans/**/*.pdf'." });
  }
  const byPlace = new Map<string, string>();
  // The way that is no link comes first.
  for (const path of found) {
    const real = await realpath(path).catch(() => path);
    if (!byPlace.has(real) || path === real) byPlace.set(real, path);
  }
  return { files: [...byPlace.values()].sort(), warnings };
}

async function filesBelow(folder: string, warnings: string[]): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    warnings.push(`The folder ${folder} could not be read (${error.code}).`);
    return [];
  });
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await filesBelow(path, warnings)));
    else if (!entry.isSymbolicLink()) files.push(path);
    else if ((await stat(path).catch(() => undefined))?.isDirectory() === true) {
      warnings.push(`The linked folder ${path} was not entered: name it too if its files are meant.`);
    } else files.push(path);
  }
  return files;
}

async function filesOfPattern(pattern: string): Promise<string[]> {
  const files = await glob(pattern, { absolute: true, expandDirectories: false });
  if (files.length === 0)
    throw new InputError(`No file fits ${pattern}.`, { hint: "Check the pattern; in quotes it is taken as it stands." });
  return files.map((file) => resolve(file));
}
