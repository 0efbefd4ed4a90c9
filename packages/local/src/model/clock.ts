import type { Clock } from "@sightline/core";
import { setTimeout as wait } from "node:timers/promises";

/** The longest a timer of Node's can be, in ms (about 24.8 days); a longer one would end at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The machine's clock: monotonic, so that no wait ends early because somebody sets the time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await wait(Math.min(ms, LONGEST_TIMER), undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // Node's own AbortError hides the reason in its cause.
      signal?.throwIfAborted();
      throw error;
    }
  },
};

/**
 * Calls `due` after `ms` unless what it returns is called first; then nothing of it is left, neither timer nor listener.
 */
export function startDeadline(clock: Clock, ms: number, due: () => void): () => void {
  const cancelled = new AbortController();
  clock.sleep(ms, cancelled.signal).then(due, () => {});
  return () => cancelled.abort();
}
