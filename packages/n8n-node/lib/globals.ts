import { sleep } from "n8n-workflow";

/**
 * What the build puts in place of the globals that n8n forbids to community nodes, for the libraries that are bundled in. They find no environment and no
 * process here, and their timers run on n8n's own `sleep`.
 */

/** The longest a Node timer can be, in ms: libraries write it for "never". */
const NEVER = 2 ** 31 - 1;

interface Timer {
  cleared: boolean;
}

function startTimer(run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Timer {
  const timer: Timer = { cleared: false };
  if (ms < NEVER) void sleep(ms).then(() => (timer.cleared ? undefined : run(...args)));
  return timer;
}

function clearTimer(timer: Timer | undefined): void {
  if (timer !== undefined) timer.cleared = true;
}

export { startTimer as setTimeout, clearTimer as clearTimeout };

/** Stands for `globalThis`: what the libraries look for there, and a place for what they leave. */
export const limitedGlobal: Record<string, unknown> = {
  Blob,
  Buffer,
  Error,
  File,
  ReadableStream,
  TextDecoder,
  TextEncoder,
  crypto,
  fetch,
};
