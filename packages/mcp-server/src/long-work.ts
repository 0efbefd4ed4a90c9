import type { Jobs, JobProgress, JobRequest, Usage } from "@sightline/core";
import { InputError } from "@sightline/core/errors";
import type { JobCall } from "@sightline/local/jobs";

/** What a call of a tool comes to, as its job keeps it. */
export interface Outcome {
  readonly output: Readonly<Record<string, unknown>>;
  readonly usage?: Readonly<Usage>;
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
  /** Makes a job of it; returns the job's id. InputError when too many are under way. */
  adopt(tool: string, work: UnderWay): Promise<string>;
  jobs(): Promise<Jobs>;
  /** Ends what is under way; who asks for it later hears that it did not survive. */
  close(): Promise<void>;
}

/** Jobs under way at a time. Each has a question at the model or pages at the workers, and few of those run at once. */
const MAX_JOBS = 32;

/** Long work of one server. Jobs are kept where other servers of this user find them too. */
export function createLongWork(answerWithinMs: number): LongWork {
  const works = new WeakMap<JobRequest, UnderWay>();
  let underWay = 0;
  let opened: Promise<Jobs> | undefined;

  function jobs(): Promise<Jobs> {
    // Loaded now: most servers never need it.
    opened ??= import("@sightline/local/jobs").then(({ createJobs, jobsFolder }) =>
      createJobs({ folder: jobsFolder(process.env), concurrency: Infinity, run: follow }),
    );
    return opened;
  }

  async function follow(request: JobRequest, { signal, progress }: JobCall) {
    const work = works.get(request);
    if (work === undefined) throw new Error(`no work is under way for this job of ${request.task}`);
    signal.addEventListener("abort", () => work.stop.abort(signal.reason), { once: true });
    if (signal.aborted) work.stop.abort(signal.reason);
    progress(work.last.message, work.last.done, work.last.total);
    work.listen(progress);
    return { ...(await work.outcome) };
  }

  return {
    answerWithinMs,
    async adopt(tool, work) {
      if (underWay >= MAX_JOBS) {
        throw new InputError(`${MAX_JOBS} jobs are under way already, so this call was ended unanswered.`, {
          hint: "Wait for one of them with get_job, or end one with cancel_job. Then call again.",
        });
      }
      underWay += 1;
      const leave = (): void => void (underWay -= 1);
      work.outcome.then(leave, leave);
      const request: JobRequest = { task: tool, input: {} };
      works.set(request, work);
      return (await jobs()).start(request);
    },
    jobs,
    async close() {
      await (await opened)?.close();
    },
  };
}
