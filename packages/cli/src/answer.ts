import { isCancellation, runTask, type TaskContext } from "@sightline/core";
import { exitCodeOf, formatFailure } from "./failures.ts";
import type { ProgressLine } from "./progress.ts";
import type { Request } from "./program.ts";
import type { NamedFile } from "./references.ts";

type TaskRequest = Extract<Request, { kind: "task" }>;

export interface AnswerOptions {
  readonly json: boolean;
  readonly progress: ProgressLine;
  readonly signal: AbortSignal;
  context(call: { readonly signal: AbortSignal; readonly progress: TaskContext["progress"] }): TaskContext | Promise<TaskContext>;
}

/**
 * Answers for the files one after the other, each as soon as it is there. A file that fails is told on standard error and the next
 * one is still answered. Returns the exit code: the first failure's, or 0. Throws only when cancelled.
 */
export async function answerFiles(request: TaskRequest, files: readonly NamedFile[], options: AnswerOptions): Promise<number> {
  const { json, progress, signal } = options;
  const { field, together } = request.takes.files;
  const calls = together ? [files] : files.map((file) => [file]);
  let exitCode = 0;
  let first = true;
  for (const call of calls) {
    const name = call.map((file) => file.name).join(", ");
    const references = call.map((file) => file.reference);
    try {
      const context = await options.context({ signal, progress: (...step) => progress.show(...step) });
      const output = await runTask(request.task, { ...request.fields, [field]: together ? references : references[0] }, context);
      progress.clear();
      const heading = calls.length > 1 ? `${first ? "" : "\n"}==> ${name} <==\n` : "";
      process.stdout.write(json ? `${JSON.stringify(output)}\n` : `${heading}${inWords(request, output)}\n`);
      first = false;
    } catch (error) {
      progress.clear();
      if (signal.aborted || isCancellation(error, signal)) throw error;
      process.stderr.write(formatFailure(error, { json, file: calls.length > 1 ? name : undefined }));
      exitCode ||= exitCodeOf(error);
    }
  }
  return exitCode;
}

/** Words alone, so that text can be piped on; with the boxes when the user asked for them by name. */
function inWords({ task, fields }: TaskRequest, output: Record<string, unknown>): string {
  const evidence = fields["evidence"] === undefined ? "" : (task.renderEvidence?.(output) ?? "");
  return evidence === "" ? task.render(output) : `${task.render(output)}\n\n${evidence}`;
}
