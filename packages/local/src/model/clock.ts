import type { Clock } from "@sightline/core";

/** The longest a timer of Node's can be, in ms (about 24.8 days); a longer one would end at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The machine's clock: monotonic, so that no wait ends early because somebody sets the time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  // By hand: node:timers/promises makes an error with a stack for every wait that is not needed in the end, and a request has three of them.
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      const end = (): void => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(
        () => {
          signal?.removeEventListener("abort", end);
          resolve();
        },
        Math.min(ms, LONGEST_TIMER),
      );
      signal?.addEventListener("abort", end, { once: true });
    }),
};

/** Why a deadline's wait ends that was not needed. */
const KEPT = new Error("the deadline was kept");

/**
 * Calls `due` after `ms` unless what it returns is called first; then nothing of it is left, neither timer nor listener.
 */
export function startDeadline(clock: Clock, ms: number, due: () => void): () => void {
  const cancelled = new AbortController();
  clock.sleep(ms, cancelled.signal).then(due, () => {});
  return () => cancelled.abort(KEPT);
}
