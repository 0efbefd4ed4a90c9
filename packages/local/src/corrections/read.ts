import { InputError } from "@sightline/core";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CORRECTION_FILE, correctionShape, type KeptCorrection, taskOf } from "./correction.ts";

export interface ReadCorrections {
  /** Sorted by id. */
  readonly corrections: readonly KeptCorrection[];
  /** What lies in the folder and could not be used, in words. */
  readonly problems: readonly { readonly id: string; readonly message: string }[];
}

/** The corrections that are kept in a folder. InputError when it cannot be read. */
export async function readCorrections(folder: string): Promise<ReadCorrections> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${folder} ${error.code === "ENOENT" ? "does not exist" : `cannot be read (${error.code})`}.`, {
      hint: "Name the folder that the server keeps corrections in: sightline-mcp --http 8000 --keep-corrections DIR",
      cause: error,
    });
  });
  const corrections: KeptCorrection[] = [];
  const problems: { id: string; message: string }[] = [];
  // What begins with a dot is still being written.
  for (const id of names.filter((name) => !name.startsWith(".")).sort()) {
    try {
      corrections.push(await readCorrection(join(resolve(folder), id), id));
    } catch (error) {
      problems.push({ id, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return { corrections, problems };
}

async function readCorrection(folder: string, id: string): Promise<KeptCorrection> {
  const text = await readFile(join(folder, CORRECTION_FILE), "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`It holds no ${CORRECTION_FILE} that can be read (${error.code}).`);
  });
  const parsed = correctionShape.safeParse(jsonOf(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(`Its ${CORRECTION_FILE} is none that this version reads: ${issue?.path.join(".")}: ${issue?.message}.`);
  }
  const correction = { ...parsed.data, id, folder };
  const task = taskOf(correction);
  // What another version kept may have another form.
  if (![correction.output, correction.corrected].every((answer) => task.output.safeParse(answer).success)) {
    throw new InputError(`Its answers are none of ${task.name} as this version knows it.`);
  }
  return correction;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
