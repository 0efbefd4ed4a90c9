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
