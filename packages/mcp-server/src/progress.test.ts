import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startProgress, type ProgressUpdate } from "./progress.ts";

describe("startProgress", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function record() {
    const updates: ProgressUpdate[] = [];
    return { updates, progress: startProgress((update) => updates.push(update)) };
  }

  it("tells every step in the task's own words", () => {
    const { updates, progress } = record();
    progress.report("Looking at bus.jpg", 0, 3);
    progress.report("Judging colors", 1, 3);
    progress.report("Asking llama", 2, 3);
    progress.stop();
    expect(updates.map(({ message }) => message)).toEqual(["Looking at bus.jpg", "Judging colors", "Asking llama"]);
    expect(updates.slice(1)).toMatchObject([
      { progress: 1, total: 3 },
      { progress: 2, total: 3 },
    ]);
  });

  it("gives a sign of life every five seconds of silence, until it is stopped", () => {
    const { updates, progress } = record();
    progress.report("Reading page 1", 1, 2);
    vi.advanceTimersByTime(11_000);
    expect(updates.map(({ message }) => message)).toEqual(["Reading page 1", "Reading page 1 (5 s)", "Reading page 1 (10 s)"]);
    progress.stop();
    vi.advanceTimersByTime(60_000);
    expect(updates).toHaveLength(3);
  });

  it("only grows, and reaches no step before its time", () => {
    const { updates, progress } = record();
    progress.report("no count yet");
    vi.advanceTimersByTime(20_000);
    progress.report("step 1 of 2", 1, 2);
    vi.advanceTimersByTime(20_000);
    progress.report("words between");
    progress.report("a count that went back", 0, 2);
    vi.advanceTimersByTime(20_000);
    progress.report("step 2 of 2", 2, 2);
    progress.stop();
    const numbers = updates.map((update) => update.progress);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(new Set(numbers).size).toBe(numbers.length);
    const beforeLast = numbers.at(-2) ?? Number.NaN;
    expect(beforeLast).toBeLessThan(2);
  });
});
