import { reportError, type ErrorReport } from "@sightline/core";
import * as z from "zod";

/** One file's line of the results: a JSON object. `file` is the first key, by which a line that was cut off can be told. */
export const rowShape = z.object({
  /** From the folder of the results; absolute where it is not below that. With `/`. */
  file: z.string(),
  status: z.enum(["done", "failed"]),
  task: z.string(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.object({ kind: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
  /** The file with the same bytes whose result this is. */
  same_as: z.string().optional(),
  /** Files that hold a copy of a document in this one and came before it. */
  duplicate_of: z.array(z.string()).optional(),
  /** Of the file's bytes. Left out where they could not be read. */
  sha256: z.string().optional(),
  /** Over the bytes, task, its input, settings and version: equal for a file that need not be read again. */
  key: z.string().optional(),
  /** How long it took. */
  seconds: z.number().optional(),
  /** ISO 8601, UTC. */
  ended_at: z.string(),
});

export type Row = z.output<typeof rowShape>;

/** How a row begins, whatever is in it. */
export const ROW_BEGINS = '{"file":"';

/** The error as a row has it. A model's own words stay out: they may be any length. */
export function rowError(error: unknown): NonNullable<Row["error"]> {
  return fromReport(reportError(error));
}

export function fromReport({ kind, message, hint }: ErrorReport): NonNullable<Row["error"]> {
  return { kind, message, ...(hint === undefined ? {} : { hint }) };
}
