import type { SharedText } from "../model/answer-cache.ts";
import type { RedisConnection } from "./connection.ts";
import { soon } from "../soon.ts";

/** Answers of models, for all who use the same Redis. */
export type SharedAnswers = SharedText;

/** An answer is kept for this long, ms. */
const KEEP_MS = 24 * 60 * 60 * 1000;

/** A Redis that takes longer, ms, has no answer: asking the model is then as good. */
const PATIENCE_MS = 1_000;

export function createSharedAnswers(redis: RedisConnection): SharedAnswers {
  const keyOf = (key: string): string => `sightline:answer:${key}`;
  return {
    async get(key) {
      if (!redis.connected) return undefined;
      return (await soon(redis.client.get(keyOf(key)), PATIENCE_MS)) ?? undefined;
    },
    async set(key, text) {
      if (redis.connected) await soon(redis.client.set(keyOf(key), text, "PX", KEEP_MS), PATIENCE_MS);
    },
  };
}
