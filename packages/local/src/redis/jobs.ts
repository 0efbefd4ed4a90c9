import type { ErrorReport, JobCall, JobRequest, Jobs, JobStart } from "@sightline/core";
import { InputError, reportError, SetupError } from "@sightline/core";
import { DelayedError, type Job as QueuedJob, Queue, UnrecoverableError, WaitingError, Worker } from "bullmq";
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { CANCELLED, LOST, STANDS } from "../jobs/in-process.ts";
import type { QueueCounts } from "../telemetry/events.ts";
import { continueTrace, inSpan, traceHeaders } from "../telemetry/trace.ts";
import { unlessCancelled } from "../unless-cancelled.ts";
import type { RedisConnection } from "./connection.ts";
import { createDeadLetters, KEPT_DEAD, type DeadLetters } from "./dead-letters.ts";
import { createSharedRecords } from "./job-records.ts";
import { createLiveRuns, type LiveRun } from "./live-runs.ts";
import { plainError, withPlainErrors } from "./plain-errors.ts";
import { soon } from "../soon.ts";
import { createWatch } from "./watch.ts";

export interface SharedJobsOptions {
  readonly redis: RedisConnection;
  /** Those who name the same queue share its jobs. */
  readonly queue: string;
  /** Does the work of one job that nobody here has begun yet. Left out: this process starts jobs and runs none. */
  readonly run?: ((request: JobRequest, call: JobCall) => Promise<Readonly<Record<string, unknown>>>) | undefined;
  /** Why this process cannot do a job that another may be able to: it rests a while then, and the job waits for another. Default: it can do all. */
  readonly refuses?: ((request: JobRequest) => Promise<Error | undefined>) | undefined;
  /** Jobs taken from the queue that run here at a time. Default 2. */
  readonly concurrency?: number;
  /** Jobs that may wait, of all processes. Default: any number. */
  readonly maxQueued?: number;
  /** Jobs that have ended are kept for this long, ms. Default 24 hours. */
  readonly keepMs?: number;
  /** How often a job is run at most, when what failed may pass. Default 4. */
  readonly attempts?: number;
  /** Before the second run, ms; doubled with each. Default 3 s. */
  readonly backoffMs?: number;
  /** A process without a sign of life for this long, ms, is taken for dead, and its jobs are run by another. Default 15 s. */
  readonly leaseMs?: number;
  log(words: string): void;
}

/** Jobs that any process may run, read and cancel, by whichever they were started. */
export interface SharedJobs extends Jobs {
  counts(): Promise<QueueCounts>;
  readonly dead: DeadLetters;
}

/** What BullMQ's keys begin with, and ours. */
const PREFIX = "sightline";

/** A Redis that is away is waited for no longer than this, ms, by whoever ends: service managers kill what takes 10 s. */
const PARTING_MS = 5_000;

/** A job that was refused is offered again after this long, ms; who refuses one after the other takes the next ever later, up to so long. */
const OFFERED_AGAIN_MS = 5_000;
const SHORTEST_REST_MS = 1_000;
const LONGEST_REST_MS = 15_000;

/** The same trouble is told again after this long, ms. */
const TOLD_AGAIN_MS = 60_000;

/** After so many processes died running it, a job is run no more: it may be what ends them. */
const DEATHS = 5;

const DIED: ErrorReport = {
  kind: "InputError",
  message: `Every Sightline that ran the job ended before it was done, ${DEATHS + 1} of them.`,
  hint: "Try the file by itself. Look for what ended the workers: a machine that runs out of memory ends them.",
};

/** Jobs on BullMQ: what waits, who runs what, and what is run again is its business; what came of a job lies beside, for whoever asks. */
export function createSharedJobs(options: SharedJobsOptions): SharedJobs {
  const {
    redis,
    queue: name,
    run,
    refuses = () => Promise.resolve(undefined),
    concurrency = 2,
    maxQueued = Infinity,
    keepMs = 24 * 60 * 60 * 1000,
  } = options;
  const { attempts = 4, backoffMs = 3_000, leaseMs = 15_000, log } = options;
  const common = { connection: redis.client, prefix: PREFIX, skipVersionCheck: redis.skipVersionCheck };
  const queue = new Queue<JobRequest>(name, common);
  const records = withPlainErrors(createSharedRecords(redis.client, `${PREFIX}:${name}:result:`, keepMs), redis.address);
  const live = createLiveRuns(records);
  const watch = createWatch(records, async (id) => {
    const state = await queue.getJobState(id);
    return state === "failed" || state === "completed" || state === "unknown" ? records.finish(id, { status: "lost", error: LOST }) : false;
  });
  const jobOptions = {
    attempts,
    backoff: { type: "exponential", delay: backoffMs, jitter: 0.2 },
    removeOnComplete: true,
    removeOnFail: KEPT_DEAD,
    stackTraceLimit: 1,
  };
  let closed = false;

  const worker =
    run === undefined
      ? undefined
      : new Worker<JobRequest>(name, (job, token) => take(run, job, token), {
          ...common,
          name: `${hostname()}:${process.pid}`,
          concurrency,
          lockDuration: leaseMs,
          stalledInterval: Math.round(leaseMs / 3),
          maxStalledCount: DEATHS,
        });
  const toldAt = new Map<string, number>();
  function told(error: Error): void {
    // A connection that is lost is told by whoever holds it.
    if (!redis.connected || closed || error.message.startsWith("Socket timeout")) return;
    const { message, hint } = plainError(error, redis.address) as Error & { hint?: string };
    // Each file has a message of its own; what mends it is the same.
    const trouble = hint ?? message;
    if (performance.now() - (toldAt.get(trouble) ?? -Infinity) < TOLD_AGAIN_MS) return;
    toldAt.set(trouble, performance.now());
    log(hint === undefined ? `jobs: ${message}` : `${message} ${hint}`);
  }
  queue.on("error", told);
  worker?.on("error", told);
  worker?.on("failed", (job, error) => {
    // Found dead too often, by this worker; who ran it could say nothing.
    if (job?.id !== undefined && error.message.includes("stalled"))
      void records.finish(job.id, { status: "failed", error: DIED }).catch(() => {});
  });

  let refusals = 0;
  /** Who refuses is quick, and would have had every job before those who can do it. */
  function rest(refusal: Error): void {
    told(refusal);
    if (worker === undefined || worker.isPaused()) return;
    const ms = Math.min(SHORTEST_REST_MS * 2 ** refusals, LONGEST_REST_MS);
    refusals += 1;
    void worker.pause(true);
    setTimeout(() => void (closed || worker.resume()), ms).unref();
  }

  /** Runs a job of the queue to its end, or hands it back. */
  async function take(work: NonNullable<typeof run>, job: QueuedJob<JobRequest>, token: string | undefined): Promise<void> {
    const id = job.id ?? "";
    if (live.has(id)) {
      // This process was silent for so long that it was taken for dead, and runs the job all the same.
      await job.moveToDelayed(Date.now() + leaseMs, token);
      throw new DelayedError();
    }
    const record = await records.find(id);
    if (record === undefined || record.endedAt !== undefined) return;
    const refusal = await refuses(job.data);
    if (refusal !== undefined) {
      await records.change(id, { status: "queued", progress: { message: refusal.message, refusal: reportError(refusal) } });
      rest(refusal);
      await job.moveToDelayed(Date.now() + OFFERED_AGAIN_MS, token);
      throw new DelayedError();
    }
    refusals = 0;
    const isLast = job.attemptsMade + 1 >= attempts;
    const entry = await live.begin(id);
    try {
      const result = await continueTrace(job.data.context?.["trace"], () =>
        inSpan(`job ${job.data.task}`, { "sightline.task": job.data.task, "sightline.try": job.attemptsMade + 1 }, () =>
          work(job.data, entry.call),
        ),
      );
      await entry.finish({ status: "done", result });
    } catch (error) {
      if (entry.handedBack) {
        await records.change(id, { status: "queued" });
        await job.moveToWait(token);
        throw new WaitingError();
      }
      if (entry.call.signal.aborted) return;
      const report = reportError(error);
      if (mayPass(report) && !isLast) {
        await records.change(id, { status: "queued", progress: { message: `Trying again after: ${report.message}` } });
        throw error;
      }
      await entry.finish({ status: "failed", error: report });
      // That a file cannot be used is an answer.
      if (report.kind !== "InputError") throw new UnrecoverableError(`${report.kind}: ${report.message}`);
    } finally {
      entry.leave();
    }
  }

  /** Runs a job that was begun here. In the queue it is due when this process gives no sign of life for too long: then another begins it anew. */
  async function runHere(entry: LiveRun, job: QueuedJob<JobRequest>, here: NonNullable<JobStart["here"]>): Promise<void> {
    const signs = setInterval(() => void job.changeDelay(leaseMs).catch(() => {}), leaseMs / 3).unref();
    try {
      const result = await here(entry.call);
      await entry.finish({ status: "done", result });
    } catch (error) {
      if (!entry.handedBack) await entry.finish({ status: "failed", error: reportError(error) });
    } finally {
      clearInterval(signs);
      if (entry.handedBack) await job.promote().catch(() => {});
      else await queue.remove(job.id ?? "").catch(() => {});
      entry.leave();
    }
  }

  async function add(id: string, request: JobRequest, delay: number): Promise<QueuedJob<JobRequest>> {
    // A dead letter of that name would be taken for it.
    if ((await queue.getJobState(id)) === "failed") await queue.remove(id);
    const context = { trace: traceHeaders(), ...request.context };
    return queue.add(request.task, { ...request, context }, { ...jobOptions, jobId: id, delay });
  }

  /** Hands over what runs, and ends. */
  async function leave(): Promise<true> {
    // First: it would take again what is handed back.
    const ending = worker?.close();
    await live.handBack();
    await ending;
    await queue.close();
    return true;
  }

  const jobs: Omit<SharedJobs, "dead"> = {
    async start(request, { id = randomUUID(), here } = {}) {
      if (closed)
        throw new SetupError("No more jobs are taken: this Sightline is ending.", { hint: "Start the job again once it is back." });
      const known = await records.find(id);
      if (known?.status === "done") return id;
      if (here === undefined && (await queue.getWaitingCount()) >= maxQueued) {
        throw new InputError(`${maxQueued} jobs are waiting already.`, {
          hint: "Wait for some of them to end, then start this one again.",
        });
      }
      if (known === undefined || !STANDS.has(known.status)) await records.create(id, request.task);
      // What waits or runs already is left as it is.
      const job = await add(id, request, here === undefined ? 0 : leaseMs);
      if (here !== undefined) {
        const entry = await live.begin(id);
        void runHere(entry, job, here).catch((error: unknown) => log(`jobs: ${String(error)}`));
      }
      return id;
    },

    async find(id) {
      const job = await records.find(id);
      const progress = live.get(id)?.progress;
      return job === undefined || job.endedAt !== undefined || progress === undefined ? job : { ...job, progress };
    },

    async settled(id, { signal, onProgress } = {}) {
      const ending = live.get(id)?.settled(onProgress) ?? watch.over(id, onProgress);
      try {
        await unlessCancelled(ending.over, signal);
      } finally {
        ending.leave();
      }
      return records.find(id);
    },

    async cancel(id) {
      const ended = await records.finish(id, { status: "cancelled", error: CANCELLED });
      // Who runs it elsewhere sees that it has ended.
      if (ended) live.get(id)?.stop(new Error("the job was cancelled"));
      await queue.remove(id).catch(() => {});
      return records.find(id);
    },

    async forget(id) {
      if ((await records.find(id))?.endedAt !== undefined) await records.remove(id);
    },

    async counts() {
      const { waiting = 0, active = 0, delayed = 0, failed = 0 } = await queue.getJobCounts("waiting", "active", "delayed", "failed");
      // The list of clients is not for every user to see.
      const workers = await queue.getWorkersCount().catch(() => undefined);
      return { waiting, active, delayed, failed, ...(workers === undefined ? {} : { workers }) };
    },

    async close() {
      closed = true;
      watch.close();
      const left = await soon(leave(), redis.connected ? PARTING_MS : 0);
      if (left !== undefined) return;
      // What runs here is found without a sign of life, once Redis is back. That it has gone is not told by a connection that never came about.
      redis.client.disconnect();
      worker?.disconnect().catch(() => {});
    },
  };
  return {
    ...withPlainErrors(jobs, redis.address),
    dead: withPlainErrors(createDeadLetters(queue, records), redis.address),
  };
}

/** What the same job may come through the next time: the fault is a server's or a setting's. */
function mayPass({ kind, retryable }: ErrorReport): boolean {
  return kind === "SetupError" || (kind === "ModelError" && retryable === true);
}
