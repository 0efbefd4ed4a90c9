import { InputError, SetupError } from "@sightline/core";
import { constants } from "node:fs";
import { open, realpath, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { linesOf } from "./json-lines.ts";
import { takeLock } from "./lock-file.ts";
import { ROW_BEGINS, rowShape, type Row } from "./row.ts";

/** A row without its result, which stays on disk. */
export type KnownRow = Omit<Row, "result">;

/**
 * The results, one JSON object a line, one line a file, in the order in which they were done. A line is written in one piece when its file is done, and
 * flushed to the disk (fdatasync) right behind it: a kill loses nothing that was done, a power cut at most the lines of the last moment.
 */
export interface ResultsFile {
  readonly path: string;
  readonly rows: ReadonlyMap<string, KnownRow>;
  /** True when it was there before. */
  readonly existed: boolean;
  /** What was found wrong with it and mended, in words. */
  readonly warnings: readonly string[];
  /** Takes rows out, in one step: the file is the old one or the new one, never half. */
  drop(files: ReadonlySet<string>): Promise<void>;
  /** Adds a row; nothing of it is left when that fails. SetupError then. */
  append(row: Row): Promise<void>;
  /** A row as it is on disk. */
  read(file: string): Promise<Row>;
  close(): Promise<void>;
}

interface Place {
  readonly start: number;
  readonly length: number;
  readonly known: KnownRow;
}

interface Found {
  readonly places: ReadonlyMap<string, Place>;
  /** Where the last whole row ends. */
  readonly end: number;
  readonly warnings: readonly string[];
  /** True when a file has several rows; the last one counts. */
  readonly repeated: boolean;
}

const NOTHING: Found = { places: new Map(), end: 0, warnings: [], repeated: false };

/** Opens or makes the results of one task. InputError when the path cannot be written, is in use by another batch, or holds anything else. */
export async function openResults(name: string, task: string): Promise<ResultsFile> {
  const path = await realpath(resolve(name)).catch(() => resolve(name));
  const aside = (ending: string): string => join(dirname(path), `.${basename(path)}${ending}`);
  const before = await stat(path).catch(() => undefined);
  if (before !== undefined && !before.isFile()) {
    throw new InputError(`${name} is ${before.isDirectory() ? "a folder" : "no regular file"}.`, {
      hint: "Name a file for --out: results.jsonl",
    });
  }
  let giveBack: (() => Promise<void>) | undefined;
  try {
    giveBack = await takeLock(aside(".lock"), name);
    const found = before === undefined ? NOTHING : await readPlaces(path, name, task);
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o666);
    if (before !== undefined && before.size > found.end) await handle.truncate(found.end);
    const results = resultsFile({ ...found, path, unfinished: aside(".part"), handle, existed: before !== undefined, giveBack });
    if (found.repeated) await results.drop(new Set());
    return results;
  } catch (error) {
    await giveBack?.();
    if (error instanceof Error && "code" in error) {
      const hint = "Name a file for --out in a folder that is there and can be written.";
      throw new InputError(`${name} cannot be written (${String(error.code)}).`, { hint, cause: error });
    }
    throw error;
  }
}

async function readPlaces(path: string, name: string, task: string): Promise<Found> {
  let repeated = false;
  const places = new Map<string, Place>();
  const warnings: string[] = [];
  let end = 0;
  let number = 0;
  for await (const { bytes, start, ended } of linesOf(path)) {
    number += 1;
    const row = ended ? rowOf(bytes) : undefined;
    if (row === undefined) {
      if (!ended && isCutOff(bytes)) {
        warnings.push(`${name} ended with half a line, as a crash leaves it; the file it was for is done again.`);
        break;
      }
      throw new InputError(`Line ${number} of ${name} is no row of a batch.`, {
        hint: "Name another file for --out: this one is left as it is.",
      });
    }
    if (row.task !== task) {
      throw new InputError(`${name} holds results of ${row.task}, not of ${task}.`, {
        hint: "Name another file for --out: each task has its own.",
      });
    }
    repeated ||= places.has(row.file);
    places.set(row.file, { start, length: bytes.length, known: known(row) });
    end = start + bytes.length + 1;
  }
  return { places, end, warnings, repeated };
}

function rowOf(bytes: Buffer): Row | undefined {
  try {
    return rowShape.safeParse(JSON.parse(bytes.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

/** The beginning of a row, or what a file system leaves where bytes never came. Anything else is somebody's own. */
function isCutOff(bytes: Buffer): boolean {
  const text = bytes.toString("latin1", 0, ROW_BEGINS.length);
  return (
    text.startsWith(ROW_BEGINS) || (ROW_BEGINS.startsWith(text) && bytes.length < ROW_BEGINS.length) || bytes.every((byte) => byte === 0)
  );
}

function known(row: Row): KnownRow {
  const { result, ...rest } = row;
  return result === undefined ? row : rest;
}

interface Opened extends Found {
  readonly path: string;
  /** Where the file is written anew, before it takes the old one's place. */
  readonly unfinished: string;
  readonly handle: FileHandle;
  readonly existed: boolean;
  giveBack(): Promise<void>;
}

function resultsFile(opened: Opened): ResultsFile {
  const { path, unfinished, existed, warnings, giveBack } = opened;
  let { handle, end } = opened;
  const places = new Map(opened.places);
  const rows = new Map([...places].map(([file, place]) => [file, place.known]));
  /** Rows are written one after the other. */
  let writing: Promise<unknown> = Promise.resolve();
  let flushing: Promise<void> | undefined;

  async function read({ start, length }: Place): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await handle.read(bytes, 0, length, start);
    if (bytesRead < length) throw new SetupError(`${path} is shorter than it was.`, { hint: "Leave it alone while the batch is running." });
    return bytes;
  }

  async function write(row: Row): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(row)}\n`);
    try {
      const { bytesWritten } = await handle.write(bytes, 0, bytes.length, end);
      if (bytesWritten < bytes.length) throw new Error("the disk is full");
    } catch (error) {
      await handle.truncate(end).catch(() => {});
      const why = error instanceof Error ? error.message : String(error);
      throw new SetupError(`A row could not be written to ${path}: ${why}`, {
        hint: "What was done before is kept. Make room, then run the same command again: it goes on from here.",
        cause: error,
      });
    }
    places.set(row.file, { start: end, length: bytes.length - 1, known: known(row) });
    rows.set(row.file, known(row));
    end += bytes.length;
    // Rows that come while one is flushed are flushed together.
    flushing ??= handle.datasync().then(
      () => (flushing = undefined),
      () => (flushing = undefined),
    );
  }

  return {
    path,
    rows,
    existed,
    warnings,

    async drop(files) {
      const kept = [...places].filter(([file]) => !files.has(file)).sort(([, a], [, b]) => a.start - b.start);
      const mode = (await handle.stat()).mode & 0o777;
      const anew = await open(unfinished, "w+", mode);
      let length = 0;
      const moved = new Map<string, Place>();
      try {
        for (const [file, place] of kept) {
          await anew.writeFile(Buffer.concat([await read(place), Buffer.from("\n")]));
          moved.set(file, { ...place, start: length });
          length += place.length + 1;
        }
        await anew.sync();
        await rename(unfinished, path);
      } catch (error) {
        await anew.close();
        await rm(unfinished, { force: true });
        throw error;
      }
      await handle.close();
      [handle, end] = [anew, length];
      for (const file of files) rows.delete(file);
      places.clear();
      for (const [file, place] of moved) places.set(file, place);
    },

    append(row) {
      const mine = writing.then(() => write(row));
      writing = mine.catch(() => {});
      return mine;
    },

    async read(file) {
      const place = places.get(file);
      if (place === undefined) throw new Error(`no row of ${file}`);
      return JSON.parse((await read(place)).toString("utf8")) as Row;
    },

    async close() {
      await writing;
      await handle.datasync().catch(() => {});
      await handle.close();
      await giveBack();
    },
  };
}
