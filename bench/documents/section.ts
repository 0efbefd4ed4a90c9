import type { Readings } from "./readings.ts";

/** What a part of `bench:documents` works with. */
export interface Bench {
  readonly readings: Readings;
  /** Print every value that is wrong, of files that are not held out. */
  readonly verbose: boolean;
  /** A bound of the promise: one that does not hold is printed, and ends the run with exit code 1. */
  check(bound: string, holds: boolean): void;
}

/** One part of `bench:documents`, a file of its own. It prints what it measures. */
export interface Section {
  /** As `--only` names it. */
  readonly name: string;
  run(bench: Bench): Promise<void>;
}

/** A share as it is printed: "0.971 (33/34)", "-" of nothing. */
export function share(count: number, of: number): string {
  return of === 0 ? "-" : `${(count / of).toFixed(3)} (${count}/${of})`;
}

/** Precision, recall and F1 from counts; 0 where there is nothing to divide by. */
export function f1({ right, got, wanted }: { readonly right: number; readonly got: number; readonly wanted: number }): {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
} {
  const precision = got === 0 ? 0 : right / got;
  const recall = wanted === 0 ? 0 : right / wanted;
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
