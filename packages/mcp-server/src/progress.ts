import { HEARTBEAT_MS } from "./policy.ts";

export interface ProgressUpdate {
  readonly progress: number;
  readonly total?: number;
  readonly message: string;
  /** A model's words so far, for clients that want to see them come. */
  readonly text?: string;
}

export interface Progress {
  /** `done` of `total` steps where they are known. */
  report(message: string, done?: number, total?: number): void;
  /** A model's words so far. */
  tell(text: string): void;
  stop(): void;
}

/** For clients that did not ask for progress. */
export const SILENT: Progress = { report() {}, tell() {}, stop() {} };

/** Characters that must have come before words are told again: each time all of them are. */
const TEXT_STEP = 40;

/**
 * Tells `send` each step, and every five seconds that work still goes on. The protocol wants a number that only grows: signs of life
 * move it towards the next step without reaching it.
 */
export function startProgress(send: (update: ProgressUpdate) => void): Progress {
  const started = performance.now();
  let steps = 0;
  let signs = 0;
  let total: number | undefined;
  let last = "Starting";
  let told = 0;

  function tell(message: string, text?: string): void {
    const progress = steps + signs / (signs + 1);
    send({ progress, ...(total === undefined ? {} : { total }), message, ...(text === undefined ? {} : { text }) });
  }

  const heartbeat = setInterval(() => {
    signs += 1;
    tell(`${last} (${Math.round((performance.now() - started) / 1000)} s)`);
  }, HEARTBEAT_MS);

  return {
    report(message, done, of) {
      last = message;
      if (of !== undefined) total = Math.max(of, total ?? 0);
      if (done !== undefined && done > steps) [steps, signs] = [done, 0];
      else signs += 1;
      tell(message);
    },
    tell(text) {
      // Another try begins anew.
      if (text.length < told) told = 0;
      if (text.length - told < TEXT_STEP) return;
      told = text.length;
      signs += 1;
      tell(last, text);
    },
    stop() {
      clearInterval(heartbeat);
    },
  };
}
