import type { CallOptions, Clock } from "@sightline/core";
import { unlessCancelled } from "../unless-cancelled.ts";

/** How often a server is asked: one request every so many ms, however many ask. */
export interface RateLimiter {
  /** Takes the next moment of that server's; returns how long it is until then, ms. */
  next(server: string): Promise<number>;
}

/** For one process. */
export function createRateLimiter(everyMs: number, clock: Clock): RateLimiter {
  const free = new Map<string, number>();
  return {
    next(server) {
      const now = clock.now();
      const at = Math.max(now, free.get(server) ?? now);
      free.set(server, at + everyMs);
      return Promise.resolve(at - now);
    },
  };
}

/** Told when there is to be waited for longer than this, ms. */
const TOLD_MS = 2_000;

/** Waits for this server's turn. Rejects with the signal's reason when that fires first; its moment passes unused then. */
export async function waitForTurn(
  limiter: RateLimiter,
  server: string,
  { clock, signal, onWait }: { readonly clock: Clock; readonly onWait: ((message: string) => void) | undefined } & CallOptions,
): Promise<void> {
  // Whose clock is away is not waited for by who has gone.
  const ms = await unlessCancelled(limiter.next(server), signal);
  if (ms <= 0) return;
  if (ms > TOLD_MS) onWait?.(`Waiting ${Math.round(ms / 1000)} s for ${server}, as --rate-limit asks`);
  await clock.sleep(ms, signal);
}
