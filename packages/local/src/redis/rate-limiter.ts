import type { Redis } from "ioredis";
import type { RateLimiter } from "../model/rate-limit.ts";

export type { RateLimiter };

/** KEYS: the server's. ARGV: µs between two requests. Returns the µs until the moment that was taken. Redis's clock is the one that all go by. */
const NEXT = `
local time = redis.call("TIME")
local now = time[1] * 1000000 + time[2]
local at = math.max(now, tonumber(redis.call("GET", KEYS[1]) or now))
redis.call("SET", KEYS[1], string.format("%.0f", at + ARGV[1]), "PX", math.ceil((at + ARGV[1] - now) / 1000) + 1000)
return string.format("%.0f", at - now)`;

/** For all processes that use the same Redis: requests to a server are spaced evenly, whoever sends them. */
export function createSharedRateLimiter(client: Redis, everyMs: number): RateLimiter {
  return {
    async next(server) {
      return Number(await client.eval(NEXT, 1, `sightline:turn:${server}`, Math.round(everyMs * 1000))) / 1000;
    },
  };
}
