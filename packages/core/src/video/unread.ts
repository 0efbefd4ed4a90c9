import { type InputError, isSightlineError } from "../errors.ts";
import { clock } from "./spans.ts";

/** Frames that were to be looked at and could not be: one that cannot be had does not end the work on the others. */
export interface UnreadFrames {
  /** Seconds, and why. */
  add(time: number, why: Pick<InputError, "message">): void;
  has(time: number): boolean;
  readonly count: number;
  /** Why the first of them could not be looked at; undefined where there is none. */
  readonly reason: string | undefined;
  /** What a reader of the answer must know; none where there is none. */
  warnings(): string[];
}

/** Whether work on a frame failed by the frame's own fault: another one can be looked at. */
export function isFramesFault(error: unknown, signal: AbortSignal): error is InputError {
  return !signal.aborted && isSightlineError(error) && error.kind === "InputError";
}

/** The times that are named, at the most. */
const NAMED = 5;

export function createUnreadFrames(): UnreadFrames {
  const whys = new Map<string, { readonly time: number; readonly message: string }>();
  const keyOf = (time: number): string => time.toFixed(3);
  const all = () => [...whys.values()].toSorted((a, b) => a.time - b.time);
  return {
    add(time, { message }) {
      const key = keyOf(time);
      if (!whys.has(key)) whys.set(key, { time, message });
    },
    has: (time) => whys.has(keyOf(time)),
    get count() {
      return whys.size;
    },
    get reason() {
      return all()[0]?.message;
    },
    warnings() {
      if (whys.size === 0) return [];
      const times = all().map(({ time }) => clock(time));
      const named = times.slice(0, NAMED).join(", ") + (times.length > NAMED ? ` and ${times.length - NAMED} more` : "");
      const which = whys.size === 1 ? `The frame at ${named}` : `${whys.size} frames (at ${named})`;
      return [`${which} could not be looked at, and what shows there may have been missed. ${all()[0]!.message}`];
    },
  };
}
