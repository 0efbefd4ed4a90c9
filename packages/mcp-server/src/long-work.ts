import type { JobCall, JobProgress, JobRequest, Jobs, Spent } from "@sightline/core";
import { InputError } from "@sightline/core/errors";
import type { Host } from "./host.ts";

/** What a call of a tool comes to, as its job keeps it. */
export interface Outcome {
  readonly output: Readonly<Record<string, unknown>>;
  readonly usage?: Spent;
}

/** Work that outlives the call that began it. */
export interface UnderWay {
  readonly outcome: Promise<Outcome>;
  /** Ends it. */
  readonly stop: AbortController;
  /** Tells each step from now on. */
  listen(progress: (message: string, done?: number, total?: number) => void): void;
  readonly last: JobProgress;
}

export interface LongWork {
  /** A call that is not answered by then becomes a job, ms. */
  readonly answerWithinMs: number;
  /** Makes a job of it, which another replica can begin anew by `request`; returns the job's id. InputError when too many are under way. */
  adopt(request: JobRequest, work: UnderWay): Promise<string>;
  /** Opened by the first who asks. */
  jobs(): Promise<Jobs>;
  /** Ends what is under way; who asks for it later hears that it did not survive. */
  close(): Promise<void>;
}

/** Jobs under way at a time. Each has a question at the model or pages at the workers, and few of those run at once. */
const MAX_JOBS = 32;

export interface LongWorkOptions {
  readonly answerWithinMs: number;
  /** True where replicas share jobs: each begins anew what one of them has left behind. */
  readonly replicas: boolean;
  host(): Promise<Host>;
}

/** Long work of one server. Jobs are kept where other servers of this user find them too, and with replicas where all of them do. */
export function createLongWork({ answerWithinMs, replicas, host }: LongWorkOptions): LongWork {
  let underWay = 0;
  let opened: Promise<Jobs> | undefined;

  async function jobs(): Promise<Jobs> {
    // Loaded now: most servers never need it.
    opened ??= replicas ? sharedJobs() : ownJobs();
    opened.catch(() => (opened = undefined));
    return opened;
  }

  async function ownJobs(): Promise<Jobs> {
    const { createJobs, jobsFolder } = await import("@sightline/local/jobs");
    return createJobs({ folder: jobsFolder(process.env), concurrency: Infinity, run: takeOver });
  }

  async function sharedJobs(): Promise<Jobs> {
    const shared = await (await host()).shared();
    if (shared === undefined) throw new Error("replicas share nothing without --redis");
    return shared.jobs({ queue: "calls", run: takeOver });
  }

  /** What another server began and could not end. */
  async function takeOver(request: JobRequest, call: JobCall) {
    const { runCall } = await import("./take-over.ts");
    return runCall(request, { ...call, host, longWork });
  }

  async function follow(work: UnderWay, { signal, progress }: JobCall) {
    signal.addEventListener("abort", () => work.stop.abort(signal.reason), { once: true });
    if (signal.aborted) work.stop.abort(signal.reason);
    progress(work.last.message, work.last.done, work.last.total);
    work.listen(progress);
    return { ...(await work.outcome) };
  }

  const longWork: LongWork = {
    answerWithinMs,
    async adopt(request, work) {
      if (underWay >= MAX_JOBS) {
        throw new InputError(`${MAX_JOBS} jobs are under way already, so this call was ended unanswered.`, {
          hint: "Wait for one of them with get_job, or end one with cancel_job. Then call again.",
        });
      }
      underWay += 1;
      const leave = (): void => void (underWay -= 1);
      work.outcome.then(leave, leave);
      return (await jobs()).start(request, { here: (call) => follow(work, call) });
    },
    jobs,
    async close() {
      await (await opened)?.close();
    },
  };
  return longWork;
}
