import { expect, test } from "vitest";
import { clock, joinSpans } from "./spans.ts";

test.each([
  [0, "0:00.00"],
  [6.2, "0:06.20"],
  [59.999, "1:00.00"],
  [3723.5, "1:02:03.50"],
])("%d s is %s", (seconds, words) => {
  expect(clock(seconds)).toBe(words);
});

test("spans that touch, or nearly, are one", () => {
  const span = (start: number, end: number) => ({ start, end });
  const join = (a: { start: number; end: number }, b: { end: number }) => span(a.start, Math.max(a.end, b.end));
  expect(joinSpans([span(10, 12), span(0, 4), span(4.3, 5), span(1, 2)], 0.5, join)).toEqual([span(0, 5), span(10, 12)]);
});
