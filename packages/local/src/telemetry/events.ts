/** What can be counted of a host's work. None of it holds a word of a document. */
export interface Observer {
  /** A question to a model came to its end; with `tokens` where the server counts them. */
  asked?(question: {
    readonly model: string;
    readonly server: string;
    readonly answered: boolean;
    readonly seconds: number;
    readonly tokens?: { readonly input: number; readonly output: number } | undefined;
  }): void;
  /** An answer was looked for in the cache. */
  cached?(hit: boolean): void;
  /** A process that decoded untrusted bytes was ended before it was done, or ended by itself. */
  killed?(why: KillReason): void;
}

export type KillReason = "time" | "memory" | "cancelled" | "crashed";

/** What lies in a queue of Redis. */
export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  /** Waiting for their next try, or run by the server that was asked. */
  readonly delayed: number;
  /** That came to nothing, and can be retried. */
  readonly failed: number;
  /** Processes that take jobs from the queue. Left out where Redis does not say. */
  readonly workers?: number;
}
