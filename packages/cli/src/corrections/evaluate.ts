import {
  InputError,
  isCancellation,
  isSightlineError,
  runTask,
  scoreAnswers,
  type Score,
  type Tally,
  type TaskContext,
} from "@sightline/core";
import { inputOf, taskOf, type KeptCorrection, type ReadCorrections } from "@sightline/local/corrections";
import { readFile } from "node:fs/promises";
import pLimit from "p-limit";
import { rowError } from "../batch/row.ts";
import type { ProgressLine } from "../progress.ts";
import type { CorrectionsRequest } from "./command.ts";
import { evaluationShape, fieldsOf, plainFields, RULE, sumOf, type Compared, type EvaluatedAnswer, type Evaluation } from "./evaluation.ts";
import { sidesOf } from "./split.ts";

type EvaluateRequest = Extract<CorrectionsRequest, { kind: "evaluate" }>;

export interface EvaluateOptions {
  readonly version: string;
  readonly progress: ProgressLine;
  readonly signal: AbortSignal;
  /** Answers asked for at a time. */
  readonly lanes: number;
  context(call: Pick<TaskContext, "signal" | "progress">): Promise<TaskContext>;
}

/** After so many answers in a row that failed for want of a server or a setting, the rest would too. */
const HOPELESS = 10;
const NOT_THE_FILE: ReadonlySet<string> = new Set(["SetupError", "ModelError"]);

/**
 * Runs the task of each correction again and holds what it answers against the corrected answer. InputError when there is nothing to evaluate, or when the earlier report cannot be
 * used. Rejects with the signal's reason when cancelled.
 */
export async function evaluate(request: EvaluateRequest, read: ReadCorrections, options: EvaluateOptions): Promise<Evaluation> {
  const { progress, signal, version, lanes } = options;
  const sides = sidesOf(read.corrections, request.split);
  const corrections = read.corrections.filter(({ id }) => request.only === undefined || sides.get(id) === request.only);
  if (corrections.length === 0) throw nothingToEvaluate(request, read);
  const earlier = request.against === undefined ? undefined : await readReport(request.against);
  const { model } = await options.context({ signal, progress: () => {} });

  let done = 0;
  let inARow = 0;
  let gaveUp: Evaluation["gave_up"];
  const limit = pLimit(lanes);
  progress.show("Evaluating", 0, corrections.length);
  const scored = await limit
    .map(corrections, async (correction) => {
      if (gaveUp !== undefined) return undefined;
      signal.throwIfAborted();
      const now = await answeredNow(correction, options, (message) => progress.show(message, done, corrections.length));
      inARow = now.error !== undefined && NOT_THE_FILE.has(now.error.kind) ? inARow + 1 : 0;
      if (inARow >= HOPELESS) gaveUp ??= now.error;
      progress.show("Evaluating", (done += 1), corrections.length);
      return { correction, ...now };
    })
    .finally(() => progress.clear());

  const leftOut = [...read.problems];
  const compared = scored.flatMap((each, index): Compared[] => {
    if (each === undefined) {
      leftOut.push({ id: corrections[index]?.id ?? "", message: "It was not come to." });
      return [];
    }
    const { correction, score, error } = each;
    const before = beforeOf(correction, earlier);
    if (typeof before === "string") leftOut.push({ id: correction.id, message: before });
    const answer: EvaluatedAnswer = {
      id: correction.id,
      task: correction.task,
      name: correction.files[0]?.name ?? correction.id,
      corrected_at: correction.corrected_at,
      ...(typeof before === "string" ? {} : { before: { right: before.right, total: before.total } }),
      now: { right: score.right, total: score.total },
      fields: plainFields(score),
      wrong: score.wrong.map((value) => ({ ...value })),
      ...(error === undefined ? {} : { error }),
    };
    return [{ answer, beforeFields: typeof before === "string" ? undefined : before.fields }];
  });
  return {
    version,
    evaluated_at: new Date().toISOString(),
    model: model === undefined ? "embedded" : { id: model.id, backend: model.backend, server: model.server },
    rule: RULE,
    before_is: request.against === undefined ? "as first answered" : `as in ${request.against}`,
    before: sumOf(compared.flatMap(({ answer }) => answer.before ?? [])),
    now: sumOf(compared.map(({ answer }) => answer.now)),
    fields: fieldsOf(compared),
    answers: compared.map(({ answer }) => answer),
    left_out: leftOut,
    ...(gaveUp === undefined ? {} : { gave_up: gaveUp }),
  };
}

interface Now {
  readonly score: Score;
  readonly error?: NonNullable<EvaluatedAnswer["error"]>;
}

/** The task's answer of today, scored. One that failed has none of the values. */
async function answeredNow(correction: KeptCorrection, options: EvaluateOptions, tell: (message: string) => void): Promise<Now> {
  const { signal } = options;
  const task = taskOf(correction);
  const { corrected: correct } = correction;
  const input = inputOf(correction);
  try {
    const given = await runTask(task, input, await options.context({ signal, progress: tell }));
    return { score: scoreAnswers(task, input, { correct, given }) };
  } catch (error) {
    if (isCancellation(error, signal) || signal.aborted || !isSightlineError(error)) throw error;
    return { score: scoreAnswers(task, input, { correct, given: undefined }), error: rowError(error) };
  }
}

/** How right it was before; why it cannot be compared, in words, where an earlier report does not tell. */
function beforeOf(correction: KeptCorrection, earlier: Evaluation | undefined): (Tally & Pick<Score, "fields">) | string {
  const { id, corrected: correct, output: given, corrected_at: at } = correction;
  if (earlier === undefined) return scoreAnswers(taskOf(correction), inputOf(correction), { correct, given });
  const answer = earlier.answers.find((each) => each.id === id);
  if (answer === undefined) return "The earlier report has no answer to it: it is not compared.";
  if (answer.corrected_at !== at) return "It was corrected once more since the earlier report: it is not compared.";
  return { ...answer.now, fields: answer.fields };
}

async function readReport(path: string): Promise<Evaluation> {
  const hint = "Name what an earlier `sightline evaluate … --json` printed.";
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${path} cannot be read (${error.code}).`, { hint, cause: error });
  });
  try {
    return evaluationShape.parse(JSON.parse(text));
  } catch (error) {
    throw new InputError(`${path} is no report of an evaluation.`, { hint, cause: error });
  }
}

function nothingToEvaluate({ folder, only }: EvaluateRequest, { corrections, problems }: ReadCorrections): InputError {
  if (corrections.length > 0) {
    return new InputError(`None of the ${corrections.length} corrections in ${folder} lies on the ${only} side.`, {
      hint: "Another --seed or --validation draws others; without --only all are evaluated.",
    });
  }
  const [first] = problems;
  return new InputError(
    first === undefined
      ? `${folder} holds no corrections.`
      : `${folder} holds no correction that can be read. ${first.id}: ${first.message}`,
    {
      hint: "They are kept there by sightline-mcp --http 8000 --keep-corrections DIR.",
    },
  );
}
