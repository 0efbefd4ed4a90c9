import type { Span } from "../ports.ts";

/** Spans that overlap, or lie no further apart than `gap` seconds, as one; in order. `join` makes one of two, the earlier first. */
export function joinSpans<Each extends Span>(spans: readonly Each[], gap: number, join: (a: Each, b: Each) => Each): Each[] {
  const joined: Each[] = [];
  for (const each of spans.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last !== undefined && each.start <= last.end + gap) joined[joined.length - 1] = join(last, each);
    else joined.push(each);
  }
  return joined;
}

/** A time as people read it, to the hundredth: "1:02:03.50", "0:06.20". */
export function clock(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const whole = Math.floor(hundredths / 100);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = `${String(whole % 60).padStart(2, "0")}.${String(hundredths % 100).padStart(2, "0")}`;
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${String(minutes).padStart(2, "0")}:${rest}`;
}

/** To the millisecond: what comes after is noise of the time base. */
export function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
