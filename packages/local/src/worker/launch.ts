import type { PoolMessage, WorkerMessage } from "./protocol.ts";

/** One worker that runs jobs, whatever it is made of. */
export interface Launched {
  send(message: PoolMessage): void;
  /** Resident memory in bytes; undefined when it cannot be told (any more). */
  memory(): Promise<number | undefined>;
  /** How often `memory` is worth asking, ms. */
  readonly memoryEveryMs: number;
  /** Ends it at once, whatever it is doing. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Whether it keeps this process alive: yes while it works, no while it idles. */
  hold(alive: boolean): void;
}

export interface LaunchEvents {
  onMessage(message: WorkerMessage): void;
  /** It is gone; `how` says in words how it ended, `log` is the end of what it wrote to stderr. */
  onExit(how: string, log: string): void;
}

/** Starts a worker on the module that exports `jobs`. Throws, or exits before `ready`, where no such worker can be started. */
export type Launch = (module: string, events: LaunchEvents) => Launched;

/** Sources run as they are in development (tsx, vitest); the built package is plain JavaScript. */
export const FROM_SOURCE = import.meta.url.endsWith(".ts");

/** The worker's entry, beside this file. */
export const ENTRY = new URL(FROM_SOURCE ? "./child.ts" : "./child.js", import.meta.url);

/** How much of the end of what a worker wrote to stderr is kept: enough for a decoder's last words. */
export const LOG_BYTES = 4096;
