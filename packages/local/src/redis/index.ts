/** What several Sightlines share through one Redis: jobs, files, answers of models, and how often a model server may be asked. */
import { connectRedis } from "./connection.ts";
import { createSharedAnswers, type SharedAnswers } from "./answers.ts";
import { createSharedFiles, type SharedFiles } from "./files.ts";
import { createSharedJobs, type SharedJobs, type SharedJobsOptions } from "./jobs.ts";
import type { QueueCounts } from "../telemetry/events.ts";
import { createSharedRateLimiter, type RateLimiter } from "./rate-limiter.ts";

/** Long calls of servers, and files of batches. */
export type QueueName = "calls" | "batch";

export interface Shared {
  /** Host, port and database, without name or password. */
  readonly address: string;
  readonly files: SharedFiles;
  readonly answers: SharedAnswers;
  rateLimiter(everyMs: number): RateLimiter;
  /** Closed by whoever asked for it, before this is. */
  jobs(options: Omit<SharedJobsOptions, "redis" | "log" | "queue"> & { readonly queue: QueueName }): SharedJobs;
  /** What lies in each queue now. */
  counts(): Promise<Readonly<Record<QueueName, QueueCounts>>>;
  close(): Promise<void>;
}

/** Connects. SetupError when nothing answers there, or it lets us not in. */
export async function openShared(url: string, log: (words: string) => void): Promise<Shared> {
  const redis = await connectRedis(url, log);
  async function countsOf(queue: QueueName): Promise<QueueCounts> {
    const jobs = createSharedJobs({ redis, queue, log });
    try {
      return await jobs.counts();
    } finally {
      await jobs.close();
    }
  }
  return {
    address: redis.address,
    files: createSharedFiles(redis.client),
    answers: createSharedAnswers(redis),
    rateLimiter: (everyMs) => createSharedRateLimiter(redis.client, everyMs),
    jobs: (options) => createSharedJobs({ ...options, redis, log }),
    counts: async () => ({ calls: await countsOf("calls"), batch: await countsOf("batch") }),
    close: () => redis.close(),
  };
}
