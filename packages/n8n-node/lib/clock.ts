import { sleep } from "n8n-workflow";
import type { Clock } from "../bridge/core.ts";

/** Time as n8n's rules for community nodes allow it: its own `sleep` in place of timers. */
export const n8nClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      const end = (): void => reject(signal?.reason as Error);
      signal?.addEventListener("abort", end, { once: true });
      void sleep(ms)
        .then(resolve)
        .finally(() => signal?.removeEventListener("abort", end));
    }),
};
