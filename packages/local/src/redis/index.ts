/** What several Sightlines share through one Redis: jobs, files, answers of models, and how often a model server may be asked. */
import { connectRedis } from "./connection.ts";
import { createSharedAnswers, type SharedAnswers } from "./answers.ts";
import { createSharedFiles, type SharedFiles } from "./files.ts";
import { createSharedJobs, type SharedJobs, type SharedJobsOptions } from "./jobs.ts";
import type { QueueCounts } from "../telemetry/events.ts";
import { withPlainErrors } from "./plain-errors.ts";
import { createSharedRateLimiter, type RateLimiter } from "./rate-limiter.ts";
import { soon } from "../soon.ts";

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
  /** What lies in each queue now; undefined while Redis is away. */
  counts(): Promise<Readonly<Record<QueueName, QueueCounts>> | undefined>;
  close(): Promise<void>;
}

/** Whoever only looks waits for a Redis that is away no longer than this, ms. */
const PATIENCE_MS = 2_000;

/** Connects. SetupError when nothing answers there, or it lets us not in. */
export async function openShared(url: string, log: (words: string) => void): Promise<Shared> {
  const redis = await connectRedis(url, log);
  const plain = <Functions extends object>(functions: Functions): Functions => withPlainErrors(functions, redis.address);
  /** Those that are only looked at. */
  const looked = new Map<QueueName, SharedJobs>();
  function countsOf(queue: QueueName): Promise<QueueCounts | undefined> {
    const jobs = looked.get(queue) ?? createSharedJobs({ redis, queue, log });
    looked.set(queue, jobs);
    return soon(jobs.counts(), PATIENCE_MS);
  }
  return {
    address: redis.address,
    files: plain(createSharedFiles(redis.client)),
    answers: createSharedAnswers(redis),
    rateLimiter: (everyMs) => plain(createSharedRateLimiter(redis.client, everyMs)),
    jobs: (options) => createSharedJobs({ ...options, redis, log }),
    async counts() {
      if (!redis.connected) return undefined;
      const [calls, batch] = await Promise.all([countsOf("calls"), countsOf("batch")]);
      return calls === undefined || batch === undefined ? undefined : { calls, batch };
    },
    async close() {
      await Promise.all([...looked.values()].map((jobs) => jobs.close()));
      await redis.close();
    },
  };
}
