import type { JobCall, JobRequest, Jobs } from "@sightline/core";

/** Calls that wait until the test lets them end. */
export interface Held {
  readonly call: JobCall;
  done(result: Record<string, unknown>): void;
  fail(error: Error): void;
}

export interface HeldJobs {
  readonly jobs: Jobs;
  /** The next call that began. */
  next(): Promise<Held>;
  running(): number;
}

export type Run = (request: JobRequest, call: JobCall) => Promise<Record<string, unknown>>;

/** Jobs whose work the test ends by hand. */
export function holdJobs(create: (run: Run) => Jobs): HeldJobs {
  const waiting: Held[] = [];
  const wanted: ((held: Held) => void)[] = [];
  let running = 0;
  const jobs = create((_, call) => {
    running += 1;
    return new Promise<Record<string, unknown>>((done, fail) => {
      call.signal.addEventListener("abort", () => fail(call.signal.reason as Error));
      const held = { call, done, fail };
      const taker = wanted.shift();
      if (taker === undefined) waiting.push(held);
      else taker(held);
    }).finally(() => (running -= 1));
  });
  return {
    jobs,
    running: () => running,
    next: () => {
      const held = waiting.shift();
      return held === undefined ? new Promise((resolve) => wanted.push(resolve)) : Promise.resolve(held);
    },
  };
}

export const REQUEST: JobRequest = { task: "extract_text", input: { document: "/a.pdf" } };
