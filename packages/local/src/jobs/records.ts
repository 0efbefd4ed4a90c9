import type { Job } from "@sightline/core";
import { randomUUID } from "node:crypto";
import { readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { filesOf, savePrivately, tidy } from "../private-folder.ts";

/** A job as it lies on disk, and whether its process still works on it. */
export interface FoundRecord {
  readonly job: Job;
  readonly alive: boolean;
  /** When it was last written, or its process last gave a sign of life. */
  readonly seenAt: Date;
}

/** Jobs as files of one folder, which any number of processes may share; readable by this user alone. */
export interface JobRecords {
  /** Whole or not at all. */
  write(job: Job): Promise<void>;
  find(id: string): Promise<FoundRecord | undefined>;
  remove(id: string): Promise<void>;
  /** Says that this process still works on it. */
  touch(id: string): Promise<void>;
  /** Asks whichever process runs the job to cancel it. */
  requestCancel(id: string): Promise<void>;
  /** Which of these jobs were asked to be cancelled since this was last called. */
  takeCancelRequests(ids: readonly string[]): Promise<string[]>;
  /** Removes what is not kept any more. */
  tidy(): Promise<void>;
}

/** This process: a number of the system's is used again, this is not. */
const PROCESS = randomUUID();

/** Without a sign of life for this long, ms, a process is taken for dead. It gives one every `SIGN_OF_LIFE_MS`. */
const DEAD_AFTER_MS = 60_000;
export const SIGN_OF_LIFE_MS = 5_000;

const RECORD = ".job.json";
const CANCEL = ".cancel";
const OURS = /^(?:[0-9a-f-]{36}(?:\.job\.json|\.cancel)|\.[0-9a-f]{8}\.part)$/;
const isId = (id: string): boolean => /^[0-9a-f-]{36}$/.test(id);

/** Loose about what is inside: the file was written by some version of Sightline. */
const recordShape = z.object({
  process: z.object({ id: z.string(), pid: z.number(), host: z.string() }),
  job: z.looseObject({
    id: z.string(),
    task: z.string(),
    status: z.enum(["queued", "running", "done", "failed", "cancelled", "lost"]),
    createdAt: z.string(),
    endedAt: z.string().optional(),
  }),
});

export function createJobRecords(folder: string, keep: { readonly ms: number; readonly count: number }): JobRecords {
  const recordPath = (id: string): string => join(folder, `${id}${RECORD}`);
  const cancelPath = (id: string): string => join(folder, `${id}${CANCEL}`);

  return {
    async write(job) {
      const owner = { id: PROCESS, pid: process.pid, host: hostname() };
      await savePrivately(folder, `${job.id}${RECORD}`, JSON.stringify({ process: owner, job }));
    },

    async find(id) {
      // An id is a part of a path here.
      if (!isId(id)) return undefined;
      const path = recordPath(id);
      const [text, stats] = await Promise.all([readFile(path, "utf8"), stat(path)]).catch(() => []);
      if (text === undefined || stats === undefined) return undefined;
      const ageMs = Date.now() - stats.mtimeMs;
      const record = recordOf(text);
      if (record === undefined || record.job.id !== id || ageMs > keep.ms) return undefined;
      return { job: record.job as Job, alive: isAlive(record.process, ageMs), seenAt: stats.mtime };
    },

    async remove(id) {
      await Promise.all([rm(recordPath(id), { force: true }), rm(cancelPath(id), { force: true })]);
    },

    async touch(id) {
      const now = new Date();
      await utimes(recordPath(id), now, now);
    },

    async requestCancel(id) {
      await savePrivately(folder, `${id}${CANCEL}`, "");
    },

    async takeCancelRequests(ids) {
      const names = new Set(await readdir(folder));
      const asked = ids.filter((id) => names.has(`${id}${CANCEL}`));
      await Promise.all(asked.map((id) => rm(cancelPath(id), { force: true })));
      return asked;
    },

    async tidy() {
      const ours = (await filesOf(folder)).filter(({ name }) => OURS.test(name));
      await tidy(ours, { maxAgeMs: keep.ms, maxFiles: keep.count });
    },
  };
}

function recordOf(text: string): z.output<typeof recordShape> | undefined {
  try {
    return recordShape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** By its signs of life; on this machine also by its number, which says at once that it is gone. */
function isAlive({ id, pid, host }: z.output<typeof recordShape>["process"], ageMs: number): boolean {
  if (id === PROCESS) return true;
  // In containers every process may be number 1.
  if (host === hostname() && (pid === process.pid || !exists(pid))) return false;
  return ageMs < DEAD_AFTER_MS;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be asked, but it is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
