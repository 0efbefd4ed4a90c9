import type { Clock } from "@sightline/core";
import { setImmediate as turn } from "node:timers/promises";

/**
 * A clock whose time stands still until a test moves it, so that long waits take none while sockets stay real. Nothing in it waits for real time.
 *
 * - `advance` moves time on and wakes all who sleep until then, in order: for deadlines of a server that does not answer.
 * - `asleep` says when somebody has gone to sleep for that long: what a test waits for before it advances.
 * - `skip` is for polite waits (Retry-After, polling): a sleep of at most so many milliseconds ends at once, and time jumps to its end. Deadlines, which
 *   are longer, then come nearer with each jump: an endless poll runs into them by itself.
 */
export interface FastClock extends Clock {
  /** Moves time on by `ms`, wakes who sleeps until then, and lets each of them go on before the next one wakes. */
  advance(ms: number): Promise<void>;
  /** Resolves once somebody sleeps who went to sleep for exactly `ms`. */
  asleep(ms: number): Promise<void>;
  /** What was slept through or skipped so far, each as long as it was asked for. */
  readonly slept: readonly number[];
  /** How many sleep now: 0 when no timer was left behind. */
  readonly sleepers: number;
}

interface Sleeper {
  readonly ms: number;
  readonly until: number;
  wake(): void;
}

export interface FastClockOptions {
  /** Sleeps of at most so many milliseconds end at once. Default: none does. */
  readonly skip?: number;
}

export function createFastClock({ skip = -1 }: FastClockOptions = {}): FastClock {
  let time = 0;
  const sleeping = new Set<Sleeper>();
  const slept: number[] = [];
  const watchers = new Set<{ readonly ms: number; told(): void }>();

  function wake(sleeper: Sleeper): void {
    sleeping.delete(sleeper);
    slept.push(sleeper.ms);
    sleeper.wake();
  }

  /** Moves to `until`, by way of everyone who sleeps until an earlier time; no further than to the one who ends `signal`. */
  async function moveTo(until: number, signal?: AbortSignal): Promise<void> {
    for (;;) {
      const [next] = [...sleeping].filter((each) => each.until <= until).sort((a, b) => a.until - b.until);
      if (next === undefined) break;
      time = Math.max(time, next.until);
      wake(next);
      // What wakes may go to sleep again, for a time that is still before the end.
      await turn();
      signal?.throwIfAborted();
    }
    time = Math.max(time, until);
  }

  return {
    now: () => time,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      if (ms <= skip) {
        await turn();
        signal?.throwIfAborted();
        await moveTo(time + ms, signal);
        slept.push(ms);
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const leave = (): void => {
          sleeping.delete(sleeper);
          reject(signal?.reason as Error);
        };
        const sleeper: Sleeper = {
          ms,
          until: time + ms,
          wake() {
            signal?.removeEventListener("abort", leave);
            resolve();
          },
        };
        signal?.addEventListener("abort", leave, { once: true });
        sleeping.add(sleeper);
        for (const watcher of watchers) if (watcher.ms === ms) watcher.told();
      });
    },
    async advance(ms) {
      await moveTo(time + ms);
      await turn();
    },
    asleep(ms) {
      if ([...sleeping].some((each) => each.ms === ms)) return Promise.resolve();
      return new Promise((resolve) => {
        const watcher = {
          ms,
          told() {
            watchers.delete(watcher);
            resolve();
          },
        };
        watchers.add(watcher);
      });
    },
    slept,
    get sleepers() {
      return sleeping.size;
    },
  };
}
