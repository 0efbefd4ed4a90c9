import { isJson, numberOf, textOf } from "../view/json.ts";
import { jobOf, type Result } from "./result.ts";

/** How far a call is. */
export interface Progress {
  readonly message: string;
  readonly done?: number;
  readonly total?: number;
  /** The model's words so far. */
  readonly text?: string;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  onProgress?(progress: Progress): void;
}

export type CallTool = (name: string, args: Readonly<Record<string, unknown>>, options: CallOptions) => Promise<Result>;

/** How long one question about a job may wait for its end, seconds. */
const WAIT_SECONDS = 20;

/**
 * The result of a call, waited for where it has become a job. When the signal fires the job is ended too.
 * @returns the tool's own output, and not the job around it.
 */
export async function followJob(first: Result, call: CallTool, options: CallOptions): Promise<Result> {
  const id = jobOf(first);
  if (id === undefined || textOf(first.output?.["status"]) !== undefined) return first;
  try {
    for (;;) {
      options.signal?.throwIfAborted();
      const answer = await call("get_job", { job_id: id, wait_seconds: WAIT_SECONDS }, options);
      const status = textOf(answer.output?.["status"]);
      if (answer.failed || status === undefined) return answer;
      if (status === "queued" || status === "running") report(answer, options);
      else if (isJson(answer.output?.["result"])) return { ...answer, output: answer.output["result"] };
      else return { ...answer, failed: true };
    }
  } catch (error) {
    if (options.signal?.aborted === true) await call("cancel_job", { job_id: id }, {}).catch(() => {});
    throw error;
  }
}

function report({ output }: Result, { onProgress }: CallOptions): void {
  const progress = output?.["progress"];
  if (!isJson(progress)) return;
  const [done, total] = [numberOf(progress["done"]), numberOf(progress["total"])];
  onProgress?.({
    message: textOf(progress["message"]) ?? "Working",
    ...(done === undefined ? {} : { done }),
    ...(total === undefined ? {} : { total }),
  });
}
