import type { JobRequest } from "@sightline/core";
import type { Queue } from "bullmq";
import type { SharedRecords } from "./job-records.ts";

/** A job that came to nothing, though it was tried as often as it may be. */
export interface DeadLetter {
  readonly id: string;
  readonly task: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Why, in words. */
  readonly reason: string;
  readonly attempts: number;
  /** ISO 8601, UTC. */
  readonly failedAt: string;
}

/** Dead letters of a queue: kept for a week, 10,000 at most. */
export interface DeadLetters {
  /** The newest first. */
  read(limit: number): Promise<DeadLetter[]>;
  /** Puts all of them into the queue again; returns how many. */
  retry(): Promise<number>;
}

export const KEPT_DEAD = { age: 7 * 24 * 60 * 60, count: 10_000 };

export function createDeadLetters(queue: Queue<JobRequest>, records: SharedRecords): DeadLetters {
  return {
    async read(limit) {
      const jobs = await queue.getFailed(0, limit - 1);
      return jobs.map(({ id = "", data, failedReason, attemptsMade, finishedOn }) => ({
        id,
        task: data.task,
        input: data.input,
        reason: failedReason,
        attempts: attemptsMade,
        failedAt: new Date(finishedOn ?? 0).toISOString(),
      }));
    },

    async retry() {
      const jobs = await queue.getFailed(0, KEPT_DEAD.count - 1);
      let retried = 0;
      for (const job of jobs) {
        await records.create(job.id ?? "", job.data.task);
        // One that somebody else has taken meanwhile is not there any more.
        await job.retry("failed", { resetAttemptsMade: true }).then(
          () => (retried += 1),
          () => {},
        );
      }
      return retried;
    },
  };
}
