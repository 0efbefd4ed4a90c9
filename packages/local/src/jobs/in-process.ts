import type { ErrorReport, Job, JobCall, JobProgress, JobRequest, Jobs, JobStart, JobStatus } from "@sightline/core";
import { InputError, reportError, SetupError } from "@sightline/core/errors";
import { LRUCache } from "lru-cache";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import { unlessCancelled } from "../unless-cancelled.ts";
import { createJobRecords, SIGN_OF_LIFE_MS } from "./records.ts";

export interface JobsOptions {
  /** Does the work of one job that nobody has begun yet. What it throws becomes the job's error. */
  run(request: JobRequest, call: JobCall): Promise<Readonly<Record<string, unknown>>>;
  /** Where jobs outlive this process, as files that only this user can read; several processes may share it. Default: kept in memory alone. */
  readonly folder?: string | undefined;
  /** Jobs that run at a time. Default 2. */
  readonly concurrency?: number;
  /** Jobs that may wait. Default 100. */
  readonly maxQueued?: number;
  /** Jobs that have ended are kept for this long and up to this many, the newest. Default 24 hours, 200. */
  readonly keep?: { readonly ms: number; readonly count: number };
}

/** A job of this process that has not ended yet. */
interface LiveJob {
  job: Job;
  readonly stop: AbortController;
  readonly listeners: Set<(progress: JobProgress) => void>;
  /** The job as it ended, once that is on disk too. */
  readonly ended: Promise<Job>;
  end(job: Job): void;
  /** The write that is under way. */
  writing: Promise<void>;
  /** True when the record on disk is behind. */
  stale: boolean;
}

/** What is not begun again. */
export const STANDS: ReadonlySet<JobStatus> = new Set<JobStatus>(["queued", "running", "done"]);

const KEEP = { ms: 24 * 60 * 60 * 1000, count: 200 };

/** How often, in ms, progress goes to disk, other processes' wishes are looked for, and their jobs are looked at. */
const LOOK_MS = 250;

/** How long, in ms, is waited for another process to cancel its job. */
const CANCEL_WAIT_MS = 2_000;

export const CANCELLED: ErrorReport = { kind: "InputError", message: "The job was cancelled." };
export const LOST: ErrorReport = {
  kind: "InputError",
  message: "The job did not survive: the Sightline that ran it ended before it was done.",
  hint: "Start it again with the same input.",
};

/** Jobs that run in this process. With a folder they can be read after a restart, and by processes beside this one. */
export function createJobs(options: JobsOptions): Jobs {
  const { run, folder, concurrency = 2, maxQueued = 100, keep = KEEP } = options;
  const records = folder === undefined ? undefined : createJobRecords(folder, keep);
  const limit = pLimit(concurrency);
  const live = new Map<string, LiveJob>();
  /** Ended ones that are not on disk. */
  const ended = new LRUCache<string, Job>({ max: keep.count, ttl: keep.ms });
  let closed = false;
  let looking: NodeJS.Timeout | undefined;
  let isLooking = false;
  let signOfLifeAt = 0;

  async function execute(entry: LiveJob, request: JobRequest, here: JobStart["here"]): Promise<void> {
    if (entry.stop.signal.aborted) return;
    change(entry, { status: "running", startedAt: new Date().toISOString() });
    const call: JobCall = {
      signal: entry.stop.signal,
      progress: (message, done, total) => progress(entry, message, done, total),
    };
    try {
      const result = await (here === undefined ? run(request, call) : here(call));
      finish(entry, { status: "done", result });
    } catch (error) {
      finish(entry, { status: "failed", error: reportError(error) });
    }
  }

  function progress(entry: LiveJob, message: string, done?: number, total?: number): void {
    if (entry.job.endedAt !== undefined) return;
    const step = { message, ...(done === undefined ? {} : { done }), ...(total === undefined ? {} : { total }) };
    change(entry, { progress: step });
    for (const listener of entry.listeners) listener(step);
  }

  function change(entry: LiveJob, changed: Partial<Job>): void {
    entry.job = { ...entry.job, ...changed };
    entry.stale = true;
  }

  /** The first end is the one that counts: what comes after a cancellation is dropped. */
  function finish(entry: LiveJob, end: Pick<Job, "status" | "result" | "error">): void {
    if (entry.job.endedAt !== undefined) return;
    const { id, task, createdAt, startedAt } = entry.job;
    entry.job = { id, task, createdAt, ...(startedAt === undefined ? {} : { startedAt }), ...end, endedAt: new Date().toISOString() };
    void keepEnded(entry);
  }

  async function keepEnded(entry: LiveJob): Promise<void> {
    const { id } = entry.job;
    const onDisk = await write(entry);
    // A disk that is full takes nothing from who asks here.
    if (!onDisk) ended.set(id, entry.job);
    leave(id);
    entry.end(entry.job);
    await records?.tidy();
  }

  function leave(id: string): void {
    live.delete(id);
    if (live.size > 0) return;
    clearInterval(looking);
    looking = undefined;
  }

  /** Writes the job as it is when its turn comes; false when it is not on disk then. */
  async function write(entry: LiveJob): Promise<boolean> {
    if (records === undefined) return false;
    const mine = entry.writing.then(() => {
      entry.stale = false;
      return records.write(entry.job);
    });
    entry.writing = mine.catch(() => {});
    return mine.then(
      () => true,
      () => false,
    );
  }

  /** What has to be done from time to time while jobs are under way and other processes may look at them. */
  async function look(): Promise<void> {
    if (records === undefined || isLooking) return;
    isLooking = true;
    try {
      const signOfLife = performance.now() - signOfLifeAt >= SIGN_OF_LIFE_MS;
      if (signOfLife) signOfLifeAt = performance.now();
      for (const entry of live.values()) {
        if (entry.job.endedAt !== undefined) continue;
        if (entry.stale) await write(entry);
        else if (signOfLife) await records.touch(entry.job.id);
      }
      for (const id of await records.takeCancelRequests([...live.keys()])) cancelOwn(live.get(id));
    } catch {
      // A folder that cannot be read for a while: the next look may.
    } finally {
      isLooking = false;
    }
  }

  function cancelOwn(entry: LiveJob | undefined): void {
    if (entry === undefined) return;
    finish(entry, { status: "cancelled", error: CANCELLED });
    entry.stop.abort(new Error("the job was cancelled"));
  }

  async function find(id: string): Promise<Job | undefined> {
    const own = live.get(id)?.job ?? ended.get(id);
    if (own !== undefined) return own;
    const record = await records?.find(id);
    if (record === undefined || record.alive || record.job.endedAt !== undefined) return record?.job;
    const { task, createdAt } = record.job;
    return { id, task, status: "lost", error: LOST, createdAt, endedAt: record.seenAt.toISOString() };
  }

  /** Looks at another process's job again and again until `enough`. */
  async function watch(id: string, enough: (job: Job) => boolean, signal?: AbortSignal): Promise<Job | undefined> {
    for (;;) {
      signal?.throwIfAborted();
      const job = await find(id);
      if (job === undefined || enough(job)) return job;
      await unlessCancelled(sleep(LOOK_MS), signal);
    }
  }

  return {
    async start(request, { id: named, here } = {}) {
      const known = named === undefined ? undefined : await find(named);
      if (known !== undefined && STANDS.has(known.status)) return known.id;
      if (closed)
        throw new SetupError("No more jobs are taken: this Sightline is ending.", { hint: "Start the job again once it is back." });
      if (limit.pendingCount >= maxQueued) {
        throw new InputError(`${maxQueued} jobs are waiting already.`, {
          hint: "Wait for some of them to end, then start this one again.",
        });
      }
      const id = named ?? randomUUID();
      ended.delete(id);
      const entry = liveJob({ id, task: request.task, status: "queued", createdAt: new Date().toISOString() });
      live.set(id, entry);
      looking ??= records === undefined ? undefined : setInterval(() => void look(), LOOK_MS).unref();
      if (records !== undefined && !(await write(entry))) {
        leave(id);
        throw new SetupError(`The job could not be kept in ${folder}.`, {
          hint: "Make the folder writable, free some space, or set XDG_CACHE_HOME to another.",
        });
      }
      void limit(() => execute(entry, request, here));
      return id;
    },

    find,

    async settled(id, { signal, onProgress } = {}) {
      const entry = live.get(id);
      if (entry !== undefined) {
        if (onProgress !== undefined) entry.listeners.add(onProgress);
        try {
          return await unlessCancelled(entry.ended, signal);
        } finally {
          if (onProgress !== undefined) entry.listeners.delete(onProgress);
        }
      }
      let told = "";
      return watch(
        id,
        ({ progress, endedAt }) => {
          const words = JSON.stringify(progress ?? "");
          if (progress !== undefined && endedAt === undefined && words !== told) onProgress?.(progress);
          told = words;
          return endedAt !== undefined;
        },
        signal,
      );
    },

    async cancel(id) {
      const entry = live.get(id);
      if (entry !== undefined) {
        cancelOwn(entry);
        return entry.ended;
      }
      const job = await find(id);
      if (job === undefined || job.endedAt !== undefined) return job;
      await records?.requestCancel(id);
      const until = performance.now() + CANCEL_WAIT_MS;
      return watch(id, ({ endedAt }) => endedAt !== undefined || performance.now() >= until);
    },

    async forget(id) {
      if (live.has(id)) return;
      ended.delete(id);
      if ((await find(id))?.endedAt !== undefined) await records?.remove(id);
    },

    async close() {
      closed = true;
      const entries = [...live.values()];
      for (const entry of entries) {
        finish(entry, { status: "lost", error: LOST });
        entry.stop.abort(new Error("the process that runs the job is ending"));
      }
      await Promise.all(entries.map((entry) => entry.ended));
    },
  };
}

function liveJob(job: Job): LiveJob {
  let end!: (job: Job) => void;
  const ended = new Promise<Job>((resolve) => (end = resolve));
  return { job, stop: new AbortController(), listeners: new Set(), ended, end, writing: Promise.resolve(), stale: false };
}
