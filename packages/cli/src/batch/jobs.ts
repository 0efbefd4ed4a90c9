import { isCancellation, isSightlineError, type Jobs, runTask, type Task } from "@sightline/core";
import type { Host } from "@sightline/local";
import { createJobs } from "@sightline/local/jobs";
import { inspect } from "node:util";
import type { BatchReport } from "./report.ts";

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

/** The files' jobs, run by workers; `report` is told while there are none. SetupError where no Redis can be reached. */
export async function sharedJobs(host: Host, report: BatchReport, signal: AbortSignal): Promise<Jobs> {
  const shared = await host.shared();
  if (shared === undefined) throw new Error("nothing is shared without --redis");
  const jobs = shared.jobs({ queue: "batch" });
  const looking = setInterval(() => void look(), LOOK_MS).unref();
  signal.addEventListener("abort", () => clearInterval(looking), { once: true });
  let missed = false;
  async function look(): Promise<void> {
    const counts = await jobs.counts().catch(() => undefined);
    if (counts === undefined) return;
    if (counts.workers === 0 && !missed) {
      report.note(
        `Nobody takes files from Redis at ${shared?.address}: start \`sightline worker --redis URL --allow DIR\`, as many as you like.`,
      );
    }
    missed = counts.workers === 0;
  }
  return {
    ...jobs,
    async close() {
      clearInterval(looking);
      await jobs.close();
    },
  };
}
