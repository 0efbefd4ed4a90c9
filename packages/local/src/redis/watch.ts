import type { JobProgress } from "@sightline/core";
import type { SharedRecords } from "./job-records.ts";
import type { Waiting } from "./live-runs.ts";

/** Between two looks, ms, and for each job that is waited for: 500 jobs are looked at once a second. */
const LOOK_MS = 200;
const LOOK_MS_A_JOB = 2;

/** A job whose record says nothing of an end is asked for in the queue this often, ms: it may be in none any more. */
const MISSED_MS = 5_000;

interface Watched {
  told: string | undefined;
  /** When it was last asked for in the queue, ms. */
  askedAt: number;
  readonly listeners: Set<(progress: JobProgress) => void>;
  end(): void;
  readonly over: Promise<void>;
  waiting: number;
}

/** Waits for jobs that other processes run, all of them by one look. */
export interface Watch {
  over(id: string, onProgress?: (progress: JobProgress) => void): Waiting;
  close(): void;
}

/** @param isLost ends the record of a job that no queue has any more, and says whether it did. */
export function createWatch(records: SharedRecords, isLost: (id: string) => Promise<boolean>): Watch {
  const watched = new Map<string, Watched>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function look(): Promise<void> {
    timer = undefined;
    try {
      const ids = [...watched.keys()];
      for (const [index, { over, progress }] of (await records.look(ids)).entries()) await tell(ids[index] ?? "", over, progress);
    } catch {
      // A Redis that is away for a while: the next look may.
    }
    lookLater();
  }

  async function tell(id: string, over: boolean, progress: string | undefined): Promise<void> {
    const entry = watched.get(id);
    if (entry === undefined) return;
    if (progress !== undefined && progress !== entry.told) {
      entry.told = progress;
      for (const listener of entry.listeners) listener(JSON.parse(progress) as JobProgress);
    }
    const missed = !over && performance.now() - entry.askedAt > MISSED_MS;
    if (missed) entry.askedAt = performance.now();
    if (over || (missed && (await isLost(id)))) {
      watched.delete(id);
      entry.end();
    }
  }

  function lookLater(): void {
    if (closed || watched.size === 0) return;
    timer ??= setTimeout(() => void look(), Math.max(LOOK_MS, LOOK_MS_A_JOB * watched.size));
  }

  return {
    over(id, onProgress) {
      let entry = watched.get(id);
      if (entry === undefined) {
        let end!: () => void;
        const over = new Promise<void>((resolve) => (end = resolve));
        entry = { told: undefined, askedAt: performance.now(), listeners: new Set(), end, over, waiting: 0 };
        watched.set(id, entry);
      }
      const mine = entry;
      mine.waiting += 1;
      if (onProgress !== undefined) mine.listeners.add(onProgress);
      lookLater();
      return {
        over: mine.over,
        leave() {
          if (onProgress !== undefined) mine.listeners.delete(onProgress);
          mine.waiting -= 1;
          if (mine.waiting === 0) watched.delete(id);
        },
      };
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
