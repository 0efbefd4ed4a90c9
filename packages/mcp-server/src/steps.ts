import type { JobProgress } from "@sightline/core";

type Report = (message: string, done?: number, total?: number) => void;

/** Hands each step on to `first` and to whoever listens later, and remembers the last one. */
export function createSteps(first: Report) {
  const listeners = [first];
  let last: JobProgress = { message: "Starting" };
  return {
    report(message: string, done?: number, total?: number): void {
      last = { message, ...(done === undefined ? {} : { done }), ...(total === undefined ? {} : { total }) };
      for (const listener of listeners) listener(message, done, total);
    },
    listen(listener: Report): void {
      listeners.push(listener);
    },
    get last(): JobProgress {
      return last;
    },
  };
}
