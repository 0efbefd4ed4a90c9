import { InputError, tasks, type Task } from "@sightline/core";
import { join } from "node:path";
import * as z from "zod";

/** The names of a kept correction's files: ours alone, and none that leads elsewhere. */
const fileName = z.string().regex(/^[a-z][a-z_]*-\d+(?:-page-\d+)?\.[a-z0-9]{1,8}$/, "must be a name that a correction gives its files");

const pageShape = z.object({
  /** From 1, in the document. */
  page: z.int().min(1),
  /** A picture of the page, upright. */
  file: fileName,
  width: z.int().min(1),
  height: z.int().min(1),
});

const fileShape = z.object({
  /** The field of the task's input that named it. */
  field: z.string(),
  /** True where that field holds a list. */
  in_list: z.boolean(),
  /** The file as it was, bytes and all. */
  file: fileName,
  /** What whoever corrected called it. */
  name: z.string(),
  media_type: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of a document: the pages that were asked about, as pictures. */
  pages: z.array(pageShape).optional(),
  page_count: z.int().min(1).optional(),
});

const anything = z.record(z.string(), z.unknown());

/** `correction.json`: an answer, and what a person says is right. */
export const correctionShape = z.object({
  /** Of this file; another number is read by another version. */
  format: z.literal(1),
  id: z.string(),
  /** The version of Sightline that kept it. */
  version: z.string(),
  /** ISO 8601, UTC. */
  corrected_at: z.iso.datetime(),
  task: z.string(),
  /** The task's input, without its files and without a password. */
  arguments: anything,
  files: z.array(fileShape).min(1),
  /** The task's own words to a model about such an input, without what stands on the pages. */
  prompt: z.string(),
  /** Who gave the answer: a model and the server it ran on where one did, else this machine's own eyes. */
  answered_by: z.object({ model: z.string(), backend: z.string().optional(), server: z.string().optional() }).or(z.literal("embedded")),
  output: anything,
  corrected: anything,
  /** Paths of the values that were wrong: "invoices[0].totals.gross". Empty where all was right. */
  changed: z.array(z.string()),
});

export type Correction = z.output<typeof correctionShape>;
export type CorrectedFile = z.output<typeof fileShape>;

/** What holds a correction, in a folder of its own beside its files. */
export const CORRECTION_FILE = "correction.json";

/** A correction that was read back. */
export interface KeptCorrection extends Correction {
  /** Absolute path of its folder. */
  readonly folder: string;
}

/** The task of a correction. InputError where this version has none of that name. */
export function taskOf({ task: name }: Pick<Correction, "task">): Task {
  const task = tasks.find((each) => each.name === name);
  if (task !== undefined) return task;
  throw new InputError(`There is no task "${name}".`, { hint: `Tasks are: ${tasks.map((each) => each.name).join(", ")}.` });
}

/** The input with which its task can be run again: the files by path; nothing is drawn once more. */
export function inputOf({ arguments: given, files, folder }: KeptCorrection): Record<string, unknown> {
  const byField: Record<string, unknown> = {};
  for (const { field, in_list: inList, file } of files) {
    const path = join(folder, file);
    byField[field] = inList ? [...((byField[field] as string[] | undefined) ?? []), path] : path;
  }
  return { ...given, ...("annotate" in given ? { annotate: false } : {}), ...byField };
}
