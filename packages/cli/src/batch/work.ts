import type { Job, JobRequest, Jobs, Task } from "@sightline/core";
import { setMaxListeners } from "node:events";
import { stat } from "node:fs/promises";
import pLimit from "p-limit";
import { hashFile } from "./fingerprint.ts";
import type { BatchReport } from "./report.ts";
import type { KnownRow, ResultsFile } from "./results-file.ts";
import { fromReport, rowError, type Row } from "./row.ts";

export interface NamedFile {
  readonly path: string;
  /** As its row calls it. */
  readonly name: string;
}

/** Files that are hashed at a time: as many as a disk serves well. */
const HASHES_AT_A_TIME = 4;

/**
 * The files without a row that still holds; rows that do not are taken out. A row holds while its file has the same bytes and is read in the same way.
 * That a file cannot be used is an answer; a failure of anything else (server, settings) is none.
 */
export async function filesToDo(
  files: readonly NamedFile[],
  results: ResultsFile,
  options: {
    readonly keyOf: (sha256: string) => string;
    readonly retryFailed: boolean;
    readonly report: BatchReport;
    readonly signal: AbortSignal;
  },
): Promise<NamedFile[]> {
  const { keyOf, retryFailed, report, signal } = options;
  const known = files.filter(({ name }) => results.rows.has(name));
  let looked = 0;
  const stale = new Set<string>();
  await pLimit(HASHES_AT_A_TIME).map(known, async ({ path, name }) => {
    const row = results.rows.get(name);
    const again = row?.status === "failed" && (retryFailed || row.error?.kind !== "InputError");
    const sha256 = again || row?.key === undefined ? undefined : await hashFile(path, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (sha256 === undefined || row?.key !== keyOf(sha256)) stale.add(name);
    report.looking((looked += 1), known.length);
  });
  if (stale.size > 0) await results.drop(stale);
  return files.filter(({ name }) => !results.rows.has(name));
}

export interface Work {
  readonly task: Task;
  /** The file's job, and its name where others run it: equal for the same file, so that a batch which begins again finds what it had begun. */
  jobOf(path: string, key: string | undefined): { readonly request: JobRequest; readonly id?: string };
  keyOf(sha256: string): string;
  readonly results: ResultsFile;
  readonly jobs: Jobs;
  /** Fires when no file will be done, for the reason it has. */
  readonly stuck?: AbortSignal | undefined;
  /** Files worked on at a time. */
  readonly lanes: number;
  readonly report: BatchReport;
  readonly signal: AbortSignal;
}

export interface Counts {
  /** Files that were read, whatever came of it. */
  readonly read: number;
  /** Files that were not, because another has the same bytes. */
  readonly same: number;
  /** Why the rest was not tried: too many failed in a row through no fault of their own. */
  readonly gaveUp?: NonNullable<Row["error"]>;
}

/** After so many files in a row that failed for want of a server or a setting, the rest would too. */
const HOPELESS = 10;
const NOT_THE_FILE: ReadonlySet<string> = new Set(["SetupError", "ModelError"]);

/** Does the files, several at a time, each one's row written when it is done. Returns early when cancelled or when it is of no use to go on; SetupError when a row cannot be written. */
export async function doFiles(files: readonly NamedFile[], work: Work): Promise<Counts> {
  const { results, report, lanes } = work;
  const failing = new AbortController();
  const signal = AbortSignal.any([work.signal, failing.signal]);
  // Each lane listens.
  setMaxListeners(0, signal);
  const copies = await copiesOf(work);
  /** By key, the file that has its result; undefined when it came to none. */
  const byKey = new Map<string, Promise<string | undefined>>(
    [...results.rows.values()].flatMap(({ file, key, status }) =>
      key === undefined || status === "failed" ? [] : [[key, Promise.resolve(file)]],
    ),
  );
  const counts: { read: number; same: number; gaveUp?: NonNullable<Row["error"]> } = { read: 0, same: 0 };
  const hashing = pLimit(HASHES_AT_A_TIME);
  let inARow = 0;

  /** What is under way would fare no better. */
  function giveUp(why: NonNullable<Row["error"]>): void {
    if (signal.aborted) return;
    counts.gaveUp = why;
    failing.abort(new Error("the batch gave up"));
  }
  work.stuck?.addEventListener("abort", () => giveUp(rowError(work.stuck?.reason)), { once: true });

  function judge({ status, error }: Row): void {
    if (status === "done") inARow = 0;
    else if (error !== undefined && NOT_THE_FILE.has(error.kind) && (inARow += 1) >= HOPELESS) giveUp(error);
  }

  async function doFile(file: NamedFile): Promise<void> {
    const before = await stampOf(file.path);
    const sha256 = await hashing(() => hashFile(file.path, signal)).catch(() => undefined);
    const key = sha256 === undefined ? undefined : work.keyOf(sha256);
    const twin = key === undefined ? undefined : await byKey.get(key);
    const writing = (twin === undefined ? readFile(file, key, work, signal) : takeOver(file, twin, results)).then(async (done) => {
      if (done === undefined || signal.aborted) return undefined;
      // Of a file that has changed nobody knows which bytes were read: its row does not hold, and no other takes it over.
      const isKnown = sha256 !== undefined && (await stampOf(file.path)) === before;
      const row: Row = copies.marked({ ...done, ...(isKnown ? { sha256, key } : {}) });
      await results.append(row);
      counts[twin === undefined ? "read" : "same"] += 1;
      report.done(row);
      judge(row);
      return row.status === "done" && isKnown ? row.file : undefined;
    });
    if (key !== undefined && twin === undefined)
      byKey.set(
        key,
        writing.catch(() => undefined),
      );
    await writing;
  }

  const queue = files.values();
  async function lane(): Promise<void> {
    for (const file of queue) {
      if (signal.aborted) return;
      await doFile(file);
    }
  }
  const ended = await Promise.allSettled(
    Array.from({ length: Math.min(lanes, files.length) }, () =>
      lane().catch((error: unknown) => {
        failing.abort(error);
        throw error;
      }),
    ),
  );
  for (const each of ended) if (each.status === "rejected") throw each.reason;
  return counts;
}

/** By which a file that was written to is told from what it was. */
async function stampOf(path: string): Promise<string> {
  const { size, mtimeMs, ino } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0, ino: 0 }));
  return `${size}:${mtimeMs}:${ino}`;
}

/** How often a file's job is started anew that nobody knows any more. */
const MOST_LOSSES = 3;

type DoneFile = Pick<Row, "file" | "status" | "task" | "result" | "error" | "same_as" | "seconds" | "ended_at">;

/** The file through its job; undefined when cancelled. */
async function readFile(
  { path, name }: NamedFile,
  key: string | undefined,
  { task, jobOf, jobs, report }: Work,
  signal: AbortSignal,
): Promise<DoneFile | undefined> {
  const { request, ...named } = jobOf(path, key);
  let id = await jobs.start(request, named);
  try {
    const settled = (): Promise<Job | undefined> => jobs.settled(id, { signal, onProgress: ({ message }) => report.step(message) });
    let job = await settled();
    // A queue whose machine lost power has forgotten its last moment.
    for (let again = 0; again < MOST_LOSSES && (job === undefined || job.status === "lost"); again += 1) {
      id = await jobs.start(request, named);
      job = await settled();
    }
    const { result, error, startedAt, endedAt = new Date().toISOString() } = job ?? {};
    const seconds = startedAt === undefined ? 0 : Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
    const end = { task: task.name, seconds, ended_at: endedAt };
    if (result !== undefined) return { file: name, status: "done", result, ...end };
    const why = error === undefined ? rowError(new Error(`The job ended as ${job?.status ?? "unknown"}.`)) : fromReport(error);
    return { file: name, status: "failed", error: why, ...end };
  } catch (error) {
    if (!signal.aborted) throw error;
    await jobs.cancel(id);
    return undefined;
  } finally {
    await jobs.forget(id);
  }
}

async function takeOver({ name }: NamedFile, twin: string, results: ResultsFile): Promise<DoneFile> {
  const { task, status, result } = await results.read(twin);
  return { file: name, status, task, ...(result === undefined ? {} : { result }), same_as: twin, ended_at: new Date().toISOString() };
}

interface Copies {
  /** The row, with copies of documents in files that came before it marked as such. */
  marked(row: Row): Row;
}

/** Remembers which file held a document first, from the rows that are there on. */
async function copiesOf({ task, results }: Work): Promise<Copies> {
  const firstFile = new Map<string, string>();
  /** Notes the keys of a row; returns those that another file had before it. */
  const note = ({ file, result }: Row): string[] => {
    const keys = result === undefined ? [] : (task.copyKeys?.(result) ?? []);
    const seen = keys.filter((key) => (firstFile.get(key) ?? file) !== file);
    for (const key of keys) if (!firstFile.has(key)) firstFile.set(key, file);
    return seen;
  };
  if (task.copyKeys !== undefined) {
    const done = [...results.rows.values()].filter(({ status }) => status === "done").sort(byEnd);
    for (const { file } of done) note(await results.read(file));
  }
  return {
    marked(row) {
      const seen = note(row);
      if (seen.length === 0 || row.result === undefined) return row;
      const files = [...new Set(seen.map((key) => firstFile.get(key) ?? ""))];
      const result = task.markCopies?.(row.result, new Set(seen)) ?? row.result;
      return { ...row, result, duplicate_of: files };
    },
  };
}

const byEnd = (a: KnownRow, b: KnownRow): number => (a.ended_at < b.ended_at ? -1 : 1);
