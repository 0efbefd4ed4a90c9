import { isCancellation, runTask, type TaskContext } from "@sightline/core";
import { exitCodeOf, formatFailure } from "./failures.ts";
import type { OutputFile } from "./output-file.ts";
import type { ProgressLine } from "./progress.ts";
import type { Request } from "./program.ts";
import type { NamedFile } from "./references.ts";
import { readText } from "./text-files.ts";
import { createWordStream } from "./word-stream.ts";

type TaskRequest = Extract<Request, { kind: "task" }>;

export interface AnswerOptions {
  readonly json: boolean;
  /** Where the answers go in place of standard output, once all are there. */
  readonly output: OutputFile | undefined;
  /** True: the words of an answer are written as they come. Not with `json`. */
  readonly stream: boolean;
  readonly progress: ProgressLine;
  readonly signal: AbortSignal;
  context(call: Pick<TaskContext, "signal" | "progress" | "onText">): TaskContext | Promise<TaskContext>;
}

/**
 * Answers for the files one after the other, each as soon as it is there. A file that fails is told on standard error and the next
 * one is still answered. Returns the exit code: the first failure's, or 0. Throws only when cancelled.
 */
export async function answerFiles(request: TaskRequest, files: readonly NamedFile[], options: AnswerOptions): Promise<number> {
  const { json, output: file, progress, signal } = options;
  const stream = options.stream && file === undefined;
  const { field, text, together } = request.takes.files;
  const calls = together ? [files] : files.map((file) => [file]);
  let exitCode = 0;
  let first = true;
  const outputs: Record<string, unknown>[] = [];
  for (const call of calls) {
    const name = call.map((file) => file.name).join(", ");
    const references = call.map((file) => file.reference);
    let heading = calls.length > 1 && !json ? `${first ? "" : "\n"}==> ${name} <==\n` : "";
    let shown = false;
    const words = createWordStream((more) => {
      // From here on the line on the screen is the answer's.
      if (!shown) progress.clear();
      shown = true;
      process.stdout.write(`${heading}${more}`);
      heading = "";
    });
    try {
      const value = text ? await readText(references[0] ?? "-", process.stdin, signal) : together ? references : references[0];
      const context = await options.context({
        signal,
        progress: (...step) => void (shown || progress.show(...step)),
        onText: stream && !json ? (soFar) => words.show(soFar) : undefined,
      });
      const output = await runTask(request.task, { ...request.fields, [field]: value }, context);
      if (file === undefined) words.finish(json ? JSON.stringify(output) : inWords(request, output));
      else progress.clear();
      outputs.push(output);
      first = false;
    } catch (error) {
      words.abandon();
      if (shown) first = false;
      if (!shown) progress.clear();
      if (signal.aborted || isCancellation(error, signal)) throw error;
      process.stderr.write(formatFailure(error, { json, file: calls.length > 1 ? name : undefined }));
      exitCode ||= exitCodeOf(error);
    }
  }
  if (outputs.length > 0) await file?.write(outputs);
  return exitCode;
}

/** Words alone, so that text can be piped on; with the boxes when the user asked for them by name. */
function inWords({ task, fields }: TaskRequest, output: Record<string, unknown>): string {
  const evidence = fields["evidence"] === undefined ? "" : (task.renderEvidence?.(output) ?? "");
  return evidence === "" ? task.render(output) : `${task.render(output)}\n\n${evidence}`;
}
