import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createReport, durationOf, problemOf, rateOf } from "./report.ts";
import type { Row } from "./row.ts";

const row = (changes: Partial<Row>): Row => ({ file: "a.pdf", status: "done", task: "t", ended_at: "", seconds: 1.5, ...changes });
const FAILED = row({ file: "b\u001B[2J.pdf", status: "failed", error: { kind: "InputError", message: "It is damaged." } });

/** What is shown of two files, one of which fails, on a stream that says of itself that it is a terminal, or does not. */
function shown(isTTY: boolean): string {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 120 }) as unknown as NodeJS.WriteStream & PassThrough;
  const report = createReport(stream);
  report.begin(2);
  report.step("Reading page 1");
  report.done(row({}));
  report.done(FAILED);
  report.end();
  return String(stream.read());
}

test("a terminal shows a bar with rate, time left and failures, gone in the end", () => {
  const text = shown(true);
  expect(text).toMatch(/░ 0\/2 · – files\/s · – left/);
  expect(text).toMatch(/█ 2\/2 · [\d.]+ files\/s · 0 s left · 1 failed · Reading page 1/);
  expect(text).not.toContain("a.pdf");
});

test("anything else gets a line a file, in which no file's name is a command to a terminal", () => {
  expect(shown(false)).toBe("[1/2] a.pdf: done in 1.5 s\n[2/2] b [2J.pdf: failed: InputError: It is damaged.\n");
});

test.each([
  [0.2, "0.2 s"],
  [7, "7 s"],
  [59.4, "59 s"],
  [192, "3 min 12 s"],
  [7_500, "2 h 5 min"],
])("%d s are %s", (seconds, words) => expect(durationOf(seconds)).toBe(words));

test.each([
  [10, 4, "2.5 files/s"],
  [1, 5, "12.0 files/min"],
  [1, 0, "1000.0 files/s"],
])("%d files in %d s are %s", (files, seconds, words) => expect(rateOf(files, seconds)).toBe(words));

test("a file is named once", () => {
  expect(problemOf("in/a.pdf", "a.pdf: It is damaged.")).toBe("It is damaged.");
  expect(problemOf("in/a.pdf", "page 2 of a.pdf is damaged.")).toBe("page 2 of a.pdf is damaged.");
});
