import {
  type ErrorReport,
  isCancellation,
  isSightlineError,
  type JobProgress,
  type Jobs,
  runTask,
  SetupError,
  type Task,
} from "@sightline/core";
import type { Host } from "@sightline/local";
import { createJobs, soon, unlessCancelled } from "@sightline/local/jobs";
import { setMaxListeners } from "node:events";
import { inspect } from "node:util";
import type { BatchReport } from "./report.ts";

/** A queue that is away is not waited for longer than this, ms, by a batch that ends. */
const PARTING_MS = 2_000;

/** Between two looks whether anybody takes files, ms. */
const LOOK_MS = 5_000;

/** The files' jobs, run by this process. */
export function ownJobs(task: Task, host: Host): Jobs {
  return createJobs({
    concurrency: Infinity,
    maxQueued: Infinity,
    async run({ input }, { signal, progress }) {
      try {
        return await runTask(task, input, await host.context({ signal, progress }));
      } catch (error) {
        if (!isSightlineError(error) && !isCancellation(error, signal)) process.stderr.write(`sightline: ${inspect(error)}\n`);
        throw error;
      }
    },
  });
}

/** After so many looks in a row at which nobody did anything but refuse, nobody will. */
const HOPELESS_LOOKS = 3;

export interface WorkersJobs {
  readonly jobs: Jobs;
  /** Fires when no worker there is does any file of the batch, with the SetupError that says why. */
  readonly stuck: AbortSignal;
}

/** The files' jobs, run by workers; `report` is told while there are none, and why they refuse. SetupError where no Redis can be reached. */
export async function sharedJobs(host: Host, report: BatchReport, signal: AbortSignal): Promise<WorkersJobs> {
  const shared = await host.shared();
  if (shared === undefined) throw new Error("nothing is shared without --redis");
  const jobs = shared.jobs({ queue: "batch" });
  // Each file under way listens.
  setMaxListeners(0, signal);
  const stuck = new AbortController();
  const looking = setInterval(() => void look(), LOOK_MS).unref();
  signal.addEventListener("abort", () => clearInterval(looking), { once: true });
  let missed = false;
  /** The last refusal, unless something else was heard since. */
  let refusal: ErrorReport | undefined;
  let idleLooks = 0;
  const toldHints = new Set<string>();

  async function look(): Promise<void> {
    const counts = await jobs.counts().catch(() => undefined);
    if (counts === undefined) return;
    if (counts.workers === 0 && !missed) {
      report.note(
        `Nobody takes files from Redis at ${shared?.address}: start \`sightline worker --redis URL --allow DIR\`, as many as you like.`,
      );
    }
    missed = counts.workers === 0;
    idleLooks = refusal !== undefined && counts.active === 0 ? idleLooks + 1 : 0;
    if (refusal !== undefined && idleLooks >= HOPELESS_LOOKS) stuck.abort(new SetupError(refusal.message, { hint: refusal.hint }));
  }

  function hear(progress: JobProgress): void {
    ({ refusal } = progress);
    if (refusal === undefined) return;
    const { message, hint = "" } = refusal;
    // Each file has a message of its own; what mends it is the same.
    if (!toldHints.has(hint)) report.note(`${message} ${hint}`.trim());
    toldHints.add(hint);
  }

  return {
    stuck: stuck.signal,
    jobs: {
      ...jobs,
      start: (request, options) => unlessCancelled(jobs.start(request, options), signal),
      async settled(id, { onProgress, ...options } = {}) {
        const job = await jobs.settled(id, {
          ...options,
          onProgress(progress) {
            hear(progress);
            onProgress?.(progress);
          },
        });
        refusal = undefined;
        return job;
      },
      // What is left of one lies in Redis for a day, and hurts nobody.
      cancel: (id) => soon(jobs.cancel(id), PARTING_MS),
      forget: (id) => soon(jobs.forget(id), PARTING_MS),
      async close() {
        clearInterval(looking);
        await jobs.close();
      },
    },
  };
}
