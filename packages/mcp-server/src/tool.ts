import type { TaskContext } from "@sightline/core";
import type * as z from "zod";
import type { Host } from "./host.ts";
import type { Answer } from "./result.ts";

export interface CallContext {
  readonly signal: AbortSignal;
  readonly progress: TaskContext["progress"];
}

/** One row of `tools/list` and what answers it, whether a task or an operation of the server stands behind it. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Whether a call may load a picture from the web or ask a model server. */
  readonly reach: "world" | "machine";
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** Input defaults at this door. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Throws one of the four errors. */
  call(args: Readonly<Record<string, unknown>>, host: Host, call: CallContext): Promise<Answer>;
}
