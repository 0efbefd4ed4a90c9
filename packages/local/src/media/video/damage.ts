import type { Span } from "@sightline/core";

/** Faults nearer than this to each other are one damaged part, seconds. */
const JOIN = 2;

export interface DamageLog {
  /** Something between two frames could not be decoded; undefined: before the first, after the last of a run. */
  add(after: number | undefined, before: number | undefined): void;
  /** In order, none overlapping. */
  spans(): Span[];
}

/** Remembers where decoding failed. */
export function createDamageLog(duration: number): DamageLog {
  const seen: Span[] = [];
  return {
    add(after, before) {
      // A run that gave nothing says nothing about where.
      if (after === undefined && before === undefined) return;
      const end = before ?? duration;
      seen.push({ start: Math.min(after ?? 0, end), end });
    },
    spans() {
      const joined: { start: number; end: number }[] = [];
      // Of a fault that is known from keyframe to keyframe, a run that decoded the frames between says more exactly where it is.
      const exact = seen.filter((span) => !seen.some((other) => isInside(other, span)));
      for (const { start, end } of exact.toSorted((a, b) => a.start - b.start)) {
        const last = joined.at(-1);
        if (last !== undefined && start <= last.end + JOIN) last.end = Math.max(last.end, end);
        else joined.push({ start, end });
      }
      return joined;
    },
  };
}

/** Inside another span, and shorter. */
function isInside(span: Span, other: Span): boolean {
  return span.start >= other.start && span.end <= other.end && span.end - span.start < other.end - other.start;
}
