/** How often the decoders of one video may hang or die: each time costs the wait for it. */
export interface Patience {
  /** Longest wait for a frame, ms. */
  readonly silenceMs: number;
  /** True when no more is tried: what was not read until now stays unread. */
  readonly isOver: boolean;
  /** A decoder hung or died. */
  tried(): void;
}

const MOST_STOPS = 5;

export function createPatience(silenceMs: number): Patience {
  let stops = 0;
  return {
    silenceMs,
    get isOver() {
      return stops >= MOST_STOPS;
    },
    tried: () => void stops++,
  };
}
