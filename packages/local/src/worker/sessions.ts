import type { Kept } from "./define-job.ts";

/** Documents that stay open in one worker. More than this are in use at a time only where many are read at once; a page of one that was closed costs opening it again. */
const MAX_SESSIONS = 4;

/** What a worker keeps for sessions, the one used longest ago closed first. */
export interface Sessions {
  /** What is kept under `key`; `open` makes it where there is nothing. */
  keep<State extends Kept>(key: string, open: () => Promise<State>): Promise<State>;
  end(key: string): void;
}

export function createSessions(most: number = MAX_SESSIONS): Sessions {
  /** In the order of their last use. */
  const kept = new Map<string, Kept>();

  function end(key: string): void {
    kept.get(key)?.close();
    kept.delete(key);
  }

  return {
    end,
    async keep<State extends Kept>(key: string, open: () => Promise<State>): Promise<State> {
      // A session's jobs all open the same thing.
      let state = kept.get(key) as State | undefined;
      if (state === undefined) {
        for (const oldest of kept.keys()) if (kept.size >= most) end(oldest);
        state = await open();
      } else kept.delete(key);
      kept.set(key, state);
      return state;
    },
  };
}
