import type { Correcting } from "../correcting.ts";
import { InputError } from "../errors.ts";
import type { Task } from "../task.ts";
import { scoreValues } from "./score.ts";
import type { Score } from "./score.ts";

type Output = Readonly<Record<string, unknown>>;

/** How right a task's answer to this input is, held against the correct one; all three as the task's schemas have them. One that is not there has no value. InputError for a task whose answers nobody can correct. */
export function scoreAnswers(
  task: Task,
  input: Output,
  { correct, given }: { readonly correct: Output; readonly given: Output | undefined },
): Score {
  const { values, kindOf } = correctingOf(task);
  return scoreValues(values(correct), given === undefined ? undefined : values(given), (path) => kindOf?.(path, input) ?? "text");
}

/** How corrections of a task's answers are dealt with. InputError for a task whose answers nobody can correct. */
export function correctingOf({ name, correcting }: Task): Correcting<Record<string, unknown>, Record<string, unknown>> {
  if (correcting !== undefined) return correcting;
  throw new InputError(`Corrections of ${name} are not kept.`, {
    hint: "They are kept of answers that a person can say the right values of, about pictures and documents: an invoice, data, text, a label, a description.",
  });
}
