import type { Job, JobProgress, JobStatus } from "@sightline/core";
import type { Redis } from "ioredis";

type End = Pick<Job, "status" | "result" | "error">;

/** Jobs as hashes in Redis, which any number of processes share. The first end of a job is the one that counts. */
export interface SharedRecords {
  /** Makes it, as waiting. */
  create(id: string, task: string): Promise<void>;
  /** Undefined when there is none. */
  find(id: string): Promise<Job | undefined>;
  /** Of each, whether it has ended or is gone, and what was reported last. */
  look(ids: readonly string[]): Promise<{ readonly over: boolean; readonly progress: string | undefined }[]>;
  /** True unless it has ended, or is gone. */
  change(
    id: string,
    changed: { readonly status?: JobStatus; readonly startedAt?: string; readonly progress?: JobProgress },
  ): Promise<boolean>;
  /** True when this was its end; false when it had one, or is gone. */
  finish(id: string, end: End): Promise<boolean>;
  remove(id: string): Promise<void>;
}

/** A record that nobody ends is forgotten after this long, ms. */
const ABANDONED_MS = 7 * 24 * 60 * 60 * 1000;

/** KEYS: the record. ARGV: ms to keep it, then fields and values. Only while it has not ended. */
const SET = `
if redis.call("EXISTS", KEYS[1]) == 0 or redis.call("HEXISTS", KEYS[1], "endedAt") == 1 then return 0 end
redis.call("HSET", KEYS[1], unpack(ARGV, 2))
redis.call("PEXPIRE", KEYS[1], ARGV[1])`;
const CHANGE = `${SET}
return 1`;
/** What was being done is no news any more. */
const FINISH = `${SET}
redis.call("HDEL", KEYS[1], "progress")
return 1`;

/** @param prefix before the id, in the keys' names. */
export function createSharedRecords(client: Redis, prefix: string, keepMs: number): SharedRecords {
  const keyOf = (id: string): string => `${prefix}${id}`;
  return {
    async create(id, task) {
      const fields = { task, status: "queued" satisfies JobStatus, createdAt: new Date().toISOString() };
      await client.multi().del(keyOf(id)).hset(keyOf(id), fields).pexpire(keyOf(id), ABANDONED_MS).exec();
    },

    async find(id) {
      const { task, status, createdAt, startedAt, endedAt, progress, result, error } = await client.hgetall(keyOf(id));
      if (task === undefined || createdAt === undefined) return undefined;
      return {
        id,
        task,
        status: status as JobStatus,
        ...(progress === undefined ? {} : { progress: JSON.parse(progress) as JobProgress }),
        ...(result === undefined ? {} : { result: JSON.parse(result) as NonNullable<Job["result"]> }),
        ...(error === undefined ? {} : { error: JSON.parse(error) as NonNullable<Job["error"]> }),
        createdAt,
        ...(startedAt === undefined ? {} : { startedAt }),
        ...(endedAt === undefined ? {} : { endedAt }),
      };
    },

    async look(ids) {
      const pipeline = client.pipeline();
      for (const id of ids) pipeline.hmget(keyOf(id), "createdAt", "endedAt", "progress");
      return ((await pipeline.exec()) ?? []).map(([error, fields]) => {
        if (error !== null) throw error;
        const [createdAt, endedAt, progress] = fields as (string | null)[];
        return { over: createdAt === null || endedAt !== null, progress: progress ?? undefined };
      });
    },

    async change(id, { status, startedAt, progress }) {
      const fields = [
        ...(status === undefined ? [] : ["status", status]),
        ...(startedAt === undefined ? [] : ["startedAt", startedAt]),
        ...(progress === undefined ? [] : ["progress", JSON.stringify(progress)]),
      ];
      return (await client.eval(CHANGE, 1, keyOf(id), ABANDONED_MS, ...fields)) === 1;
    },

    async finish(id, { status, result, error }) {
      const fields = [
        ...["status", status, "endedAt", new Date().toISOString()],
        ...(result === undefined ? [] : ["result", JSON.stringify(result)]),
        ...(error === undefined ? [] : ["error", JSON.stringify(error)]),
      ];
      return (await client.eval(FINISH, 1, keyOf(id), keepMs, ...fields)) === 1;
    },

    async remove(id) {
      await client.del(keyOf(id));
    },
  };
}
