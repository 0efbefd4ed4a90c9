import type { Job, JobCall, JobProgress } from "@sightline/core";
import type { SharedRecords } from "./job-records.ts";

/** How often, ms, a job's progress is written at most, and its record is looked at for an end that came from elsewhere. */
const LOOK_MS = 250;

/** Something to wait for; whoever does not want to any more leaves. */
export interface Waiting {
  readonly over: Promise<void>;
  leave(): void;
}

/** A job that runs in this process. */
export interface LiveRun {
  readonly call: JobCall;
  readonly progress: JobProgress | undefined;
  /** True when it is to be run by another: this process is ending. */
  readonly handedBack: boolean;
  /** Its end, unless it has one. */
  finish(end: Pick<Job, "status" | "result" | "error">): Promise<void>;
  stop(reason: Error): void;
  settled(onProgress?: (progress: JobProgress) => void): Waiting;
  /** It runs no more. */
  leave(): void;
}

export interface LiveRuns {
  begin(id: string): Promise<LiveRun>;
  get(id: string): LiveRun | undefined;
  has(id: string): boolean;
  /** Ends all of them, for others to run. */
  handBack(): Promise<void>;
}

/** The jobs of this process. One that was cancelled elsewhere, or that another ended, is stopped. */
export function createLiveRuns(records: SharedRecords): LiveRuns {
  const runs = new Map<string, LiveRun & { handBack(): void; readonly gone: Promise<void> }>();
  let looking: NodeJS.Timeout | undefined;
  let isLooking = false;

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      const ids = [...runs.keys()];
      for (const [index, { over }] of (await records.look(ids)).entries())
        if (over) runs.get(ids[index] ?? "")?.stop(new Error("the job has ended elsewhere"));
    } catch {
      // A Redis that is away for a while: the next look may.
    } finally {
      isLooking = false;
    }
  }

  return {
    get: (id) => runs.get(id),
    has: (id) => runs.has(id),

    async begin(id) {
      const stopping = new AbortController();
      const listeners = new Set<(progress: JobProgress) => void>();
      let progress: JobProgress | undefined;
      let handedBack = false;
      let written: NodeJS.Timeout | undefined;
      let stale = false;
      let gone!: () => void;
      const over = new Promise<void>((resolve) => (gone = resolve));

      /** The first step at once, those behind it a few times a second. */
      function write(): void {
        stale = written !== undefined;
        if (written !== undefined || progress === undefined) return;
        void records.change(id, { progress }).catch(() => {});
        written = setTimeout(() => {
          written = undefined;
          if (stale) write();
        }, LOOK_MS).unref();
      }

      const run = {
        call: {
          signal: stopping.signal,
          progress(message: string, done?: number, total?: number) {
            if (stopping.signal.aborted) return;
            progress = { message, ...(done === undefined ? {} : { done }), ...(total === undefined ? {} : { total }) };
            write();
            for (const listener of listeners) listener(progress);
          },
        },
        get progress() {
          return progress;
        },
        get handedBack() {
          return handedBack;
        },
        async finish(end: Pick<Job, "status" | "result" | "error">) {
          progress = undefined;
          await records.finish(id, end);
        },
        stop(reason: Error) {
          stopping.abort(reason);
          // Whoever waits need not wait for it to wind up.
          gone();
        },
        handBack() {
          handedBack = true;
          stopping.abort(new Error("the process that runs the job is ending"));
        },
        settled(onProgress?: (progress: JobProgress) => void) {
          if (onProgress !== undefined) listeners.add(onProgress);
          return { over, leave: () => void (onProgress !== undefined && listeners.delete(onProgress)) };
        },
        gone: over,
        leave() {
          clearTimeout(written);
          written = undefined;
          stale = false;
          runs.delete(id);
          gone();
          if (runs.size > 0) return;
          clearInterval(looking);
          looking = undefined;
        },
      };
      runs.set(id, run);
      looking ??= setInterval(() => void look(), LOOK_MS).unref();
      await records.change(id, { status: "running", startedAt: new Date().toISOString() });
      return run;
    },

    async handBack() {
      const all = [...runs.values()];
      for (const run of all) run.handBack();
      await Promise.all(all.map(({ gone }) => gone));
    },
  };
}
