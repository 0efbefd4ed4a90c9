import type { TaskContext } from "@sightline/core";
import type * as z from "zod";
import type { Host } from "./host.ts";
import type { Links } from "./links.ts";
import type { LongWork } from "./long-work.ts";
import type { Answer } from "./result.ts";

export interface CallContext {
  readonly signal: AbortSignal;
  readonly progress: TaskContext["progress"];
  /** Shown the model's words as they come, where the caller asked for them. */
  readonly onText?: TaskContext["onText"];
  readonly links: Links;
  /** The machine's eyes, started by the first call that needs them. */
  host(): Promise<Host>;
  readonly longWork: LongWork;
}

/** One row of `tools/list` and what answers it, whether a task or an operation of the server stands behind it. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Whether a call may load a picture from the web or ask a model server. */
  readonly reach: "world" | "machine";
  /** True when it ends something instead of reading. */
  readonly ends?: boolean;
  /** True when a call may take longer than clients wait: it is answered with a job then. */
  readonly long?: boolean;
  /** True when results may name pictures that were saved for them. */
  readonly savesPictures?: boolean;
  /** True when it looks at a file: its answers can be shown beside it. */
  readonly shows?: boolean;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** Input defaults at this door. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Throws one of the four errors. */
  call(args: Readonly<Record<string, unknown>>, call: CallContext): Promise<Answer>;
}
