import {
  correctingOf,
  InputError,
  OCR_DPI,
  parseInput,
  scoreAnswers,
  SetupError,
  wantedPages,
  type InputFile,
  type Task,
  type TaskContext,
  type Usage,
  usageSchema,
} from "@sightline/core";
import { createHash, randomBytes } from "node:crypto";
import { access, chmod, mkdir, readdir, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { savePrivately } from "../private-folder.ts";
import { CORRECTION_FILE, taskOf, type CorrectedFile, type Correction } from "./correction.ts";

/** Pages of one document that are kept as pictures: more than any answer that a person corrects by hand is about. */
const MAX_PAGES = 100;

/** Bytes that must be left free where corrections are kept: they are never removed by themselves. */
const LEFT_FREE = 1_000_000_000;

/** A folder that was being written for so long, in ms, was left by a crash. */
const ABANDONED_MS = 60 * 60 * 1000;
const UNFINISHED = ".part";

const anything = z.record(z.string(), z.unknown());
const givenShape = z.object({
  tool: z.string().min(1),
  arguments: anything,
  output: anything,
  corrected: anything,
  /** What the call's questions to models took, where the caller was told: who answered, and where. */
  usage: usageSchema.optional(),
});

export interface Kept {
  readonly id: string;
  /** True when an earlier correction of the same answer gave way to this one. */
  readonly replaced: boolean;
  /** Paths of the values that were wrong. */
  readonly changed: readonly string[];
}

/**
 * Keeps an answer and what is right in a folder of its own below `folder`, with the pictures it is about, whole or not at all. A correction of the same task, input and files takes
 * the place of the earlier one. `given` is `{tool, arguments, output, corrected, usage?}`; its files are read as a call of the task would. InputError where it cannot be used, or a file may
 * not be read; SetupError where it cannot be written.
 */
export async function keepCorrection(
  folder: string,
  given: unknown,
  context: TaskContext,
  { version }: { readonly version: string },
): Promise<Kept> {
  const { tool, arguments: args, output: shown, corrected: right, usage } = parseInput("A correction", givenShape, given);
  const task = taskOf({ task: tool });
  const correcting = correctingOf(task);
  const input = parseInput(task.name, task.input, { ...task.agentDefaults, ...args });
  const output = asAnswer(task, shown, "output");
  const corrected = asAnswer(task, right, "corrected");
  const { wrong } = scoreAnswers(task, input, { correct: corrected, given: output });

  const named = await readFiles(task, input, context);
  const secretless = Object.entries(input).filter(([field]) => !(field in task.files) && field !== "password");
  const asked = Object.fromEntries(secretless.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const id = `${task.name.replaceAll("_", "-")}-${hash(JSON.stringify([task.name, asked, named.map(({ sha256, field }) => [field, sha256])])).slice(0, 16)}`;
  const correction: Omit<Correction, "files"> = {
    format: 1,
    id,
    version,
    corrected_at: new Date().toISOString(),
    task: task.name,
    arguments: asked,
    prompt: correcting.prompt(input),
    answered_by: answeredBy(output, usage, context),
    output,
    corrected,
    changed: wrong.map(({ path }) => path),
  };
  const replaced = await keepWhole(folder, correction, async (place) => {
    const files: CorrectedFile[] = [];
    for (const each of named) files.push(await keepFile(place, each, input, context));
    return files;
  });
  return { id, replaced, changed: correction.changed };
}

type Answer = Readonly<Record<string, unknown>>;

/** An answer as the task's own schema has it. InputError for one that is none, and for what the schema would drop in silence. */
function asAnswer(task: Task, answer: Answer, what: "output" | "corrected"): Answer {
  const parsed = parseInput(`${task.name}, ${what}`, task.output, answer);
  const unknown = firstUnknown(answer, parsed, "");
  if (unknown === undefined) return parsed;
  throw new InputError(`${task.name}, ${what}: there is no field "${unknown}".`, {
    hint: "An answer has the fields of the task's output schema.",
  });
}

function firstUnknown(given: unknown, known: unknown, path: string): string | undefined {
  if (typeof given !== "object" || given === null || typeof known !== "object" || known === null) return undefined;
  for (const [key, value] of Object.entries(given)) {
    const at = Array.isArray(given) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    if (!Object.hasOwn(known, key)) return at;
    const below = firstUnknown(value, (known as Answer)[key], at);
    if (below !== undefined) return below;
  }
  return undefined;
}

/** Who gave an answer: the model that it names, and the server that was asked; where nobody says which, the one that is set up. */
function answeredBy(output: Answer, usage: Usage | undefined, { model }: TaskContext): Correction["answered_by"] {
  const said = output["model"] ?? usage?.models[0];
  if (typeof said !== "string") return "embedded";
  const server = usage?.servers[0] ?? model?.server;
  return {
    model: said,
    ...(model === undefined || server !== model.server ? {} : { backend: model.backend }),
    ...(server === undefined ? {} : { server }),
  };
}

interface NamedFile {
  readonly field: string;
  readonly inList: boolean;
  readonly number: number;
  readonly file: InputFile;
  readonly sha256: string;
}

async function readFiles(task: Task, input: Answer, { input: reader, signal }: TaskContext): Promise<NamedFile[]> {
  const files: NamedFile[] = [];
  for (const field of Object.keys(task.files)) {
    const value = input[field];
    for (const reference of [value].flat()) {
      const file = await reader.read(String(reference), { accept: ["image", "pdf"], signal });
      files.push({ field, inList: Array.isArray(value), number: files.length + 1, file, sha256: hash(file.bytes) });
    }
  }
  return files;
}

/** Writes a file as it is and, of a document, the pages that were asked about as pictures. */
async function keepFile(
  place: string,
  { field, inList, number, file, sha256 }: NamedFile,
  input: Answer,
  context: TaskContext,
): Promise<CorrectedFile> {
  const { kind, mediaType, bytes, name } = file;
  const stem = `${field}-${number}`;
  const kept = { field, in_list: inList, file: `${stem}.${extensionOf(mediaType)}`, name, media_type: mediaType, sha256 };
  await writeFile(join(place, kept.file), bytes, { mode: 0o600, signal: context.signal });
  if (kind !== "pdf" && mediaType !== "image/tiff") return kept;
  const { signal } = context;
  const password = input["password"];
  const document = await context.documents.open(file, { signal, name, ...(typeof password === "string" ? { password } : {}) });
  try {
    const wanted = wantedPages(input["pages"] as string | undefined, document.pageCount, name);
    if (wanted.length > MAX_PAGES) {
      throw new InputError(`${name} has ${wanted.length} pages, and ${MAX_PAGES} are kept with a correction at most.`, {
        hint: "Ask about the pages that matter: name them with `pages`.",
      });
    }
    const pages: NonNullable<CorrectedFile["pages"]> = [];
    for (const page of wanted) {
      context.progress(`Keeping page ${page} of ${name}`, pages.length, wanted.length);
      const drawn = await document.image(page, { signal, dpi: OCR_DPI });
      const picture = `${stem}-page-${page}.${drawn.mediaType === "image/png" ? "png" : "jpg"}`;
      await writeFile(join(place, picture), drawn.bytes, { mode: 0o600, signal });
      pages.push({ page, file: picture, width: drawn.width, height: drawn.height });
    }
    return { ...kept, pages, page_count: document.pageCount };
  } finally {
    await document.close();
  }
}

/** "image/svg+xml" is "svg", "application/pdf" is "pdf". */
function extensionOf(mediaType: string): string {
  const [subtype = ""] = (mediaType.split("/")[1] ?? "").split("+");
  return subtype === "jpeg" ? "jpg" : subtype.replaceAll(/[^a-z0-9]/g, "").slice(0, 8) || "bin";
}

/** Returns whether there was one before. Its files are the same then, so that what was said of them alone is written anew. */
async function keepWhole(
  folder: string,
  correction: Omit<Correction, "files">,
  keepFiles: (place: string) => Promise<CorrectedFile[]>,
): Promise<boolean> {
  const place = join(folder, correction.id);
  const unfinished = join(folder, `.${randomBytes(8).toString("hex")}${UNFINISHED}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    await removeAbandoned(folder);
    await checkRoom(folder);
    await mkdir(unfinished, { mode: 0o700 });
    const text = `${JSON.stringify({ ...correction, files: await keepFiles(unfinished) } satisfies Correction, undefined, 2)}\n`;
    if (!(await exists(place))) {
      await writeFile(join(unfinished, CORRECTION_FILE), text, { mode: 0o600 });
      const isFirst = await rename(unfinished, place).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          // Somebody else's was quicker.
          if (error.code === "ENOTEMPTY" || error.code === "EEXIST") return false;
          throw error;
        },
      );
      if (isFirst) return false;
    }
    await savePrivately(place, CORRECTION_FILE, text);
    return true;
  } catch (error) {
    throw error instanceof Error && "syscall" in error ? notKept(folder, error) : error;
  } finally {
    await rm(unfinished, { recursive: true, force: true }).catch(() => {});
  }
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((each) => each.startsWith(".") && each.endsWith(UNFINISHED))) {
    const path = join(folder, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats !== undefined && Date.now() - stats.mtimeMs > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}

async function checkRoom(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= LEFT_FREE) return;
  throw new SetupError(`There is no room for another correction: less than ${LEFT_FREE / 1e9} GB is free in ${folder}.`, {
    hint: "Move corrections that were used elsewhere, or name another folder with --keep-corrections.",
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function notKept(folder: string, error: Error): SetupError {
  return new SetupError(`The correction could not be kept in ${folder} (${"code" in error ? String(error.code) : error.message}).`, {
    hint: "Make the folder writable, free some space, or name another with --keep-corrections.",
    cause: error,
  });
}

function hash(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
