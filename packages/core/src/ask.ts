import { type AnswerProblem, checkAnswer } from "./answer.ts";
import { AnswerError, isSightlineError } from "./errors.ts";
import type { ModelAnswer, ModelRequest, VisionModel } from "./model.ts";
import type { CallOptions } from "./ports.ts";

/** What a question is asked in: the part of a task's context that has to do with it. */
export interface AskContext {
  readonly signal: AbortSignal;
  /** Told in words a person can read; `done` of `total` steps where they are known. */
  progress(message: string, done?: number, total?: number): void;
  /** The answer's words as they come, for doors that show them; what was shown may be superseded by another try. */
  readonly onText?: ((soFar: string) => void) | undefined;
  readonly answers?: AnswerCache | undefined;
}

export interface UsableAnswer<Value> {
  readonly value: Value;
  readonly answer: ModelAnswer;
}

/** Told to the model on the second try. */
const ADVICE: Record<Exclude<AnswerProblem["kind"], "unreadable">, string> = {
  empty: "Your last answer was empty. Write the answer.",
  "cut-off": "Your last answer was too long and was cut off. Be brief.",
  filtered: "Your last answer was withheld. Say plainly and neutrally what can be seen.",
  "non-answer": "The picture is attached to this message and you can see it. Answer from what it shows.",
  loop: "Your last answer repeated itself. Say each thing once, then stop.",
};

/** Told to whoever must find out why the second try failed too. */
const HINTS: Record<AnswerProblem["kind"], string> = {
  empty: "Choose another model, or switch off its thinking at the server.",
  "cut-off": "Ask for less at a time, give the server a longer context, or switch off the model's thinking at the server.",
  filtered: "The model will not answer this; another model may.",
  "non-answer": "The model may have no vision, or the server may drop pictures: `sightline status` shows which model is used.",
  loop: "Choose a larger model, or ask about a smaller part of the picture.",
  unreadable: "Try again, or choose a model that follows instructions better.",
};

/**
 * Asks, and when the answer is unusable asks once more in another way: other temperature, a word on what was wrong, more room when it was cut
 * off. AnswerError, with the model's own words kept, when that is no use either. What the model itself throws passes through.
 */
export async function askForAnswer<Value>(
  model: VisionModel,
  request: ModelRequest,
  options: AskForAnswerOptions<Value>,
): Promise<UsableAnswer<Value>> {
  const first = await attempt(model, request, options);
  if ("value" in first) return first;
  options.signal?.throwIfAborted();
  const second = await attempt(model, secondTry(request, first.problem), options);
  if ("value" in second) return second;
  throw new AnswerError(`${model.id} gave no usable answer in two tries: the answer ${second.problem.words}.`, {
    raw: second.answer.text,
    hint: HINTS[second.problem.kind],
    cause: second.cause,
  });
}

interface Unusable {
  readonly answer: ModelAnswer;
  readonly problem: AnswerProblem;
  readonly cause?: unknown;
}

async function attempt<Value>(
  model: VisionModel,
  request: ModelRequest,
  { parse, signal, onText }: AskForAnswerOptions<Value>,
): Promise<UsableAnswer<Value> | Unusable> {
  const answer = await model.ask(request, { ...(signal ? { signal } : {}), ...(onText ? { onText } : {}) });
  const problem = checkAnswer(answer);
  if (problem !== undefined) return { answer, problem };
  try {
    return { value: parse(answer.text), answer };
  } catch (error) {
    if (!isSightlineError(error) || error.kind !== "AnswerError") throw error;
    return { answer, problem: { kind: "unreadable", words: `could not be used: ${error.message.replace(/\.$/, "")}` }, cause: error };
  }
}

function secondTry(request: ModelRequest, problem: AnswerProblem): ModelRequest {
  const advice = problem.kind === "unreadable" ? `Your last answer ${problem.words}.` : ADVICE[problem.kind];
  return {
    ...request,
    prompt: `${request.prompt}\n\n${advice}`,
    // The same request at temperature 0 gives the same answer; a lively one is calmed.
    temperature: request.temperature < 0.4 ? 0.4 : 0,
    maxTokens: problem.kind === "cut-off" ? request.maxTokens * 2 : request.maxTokens,
  };
}
