import * as z from "zod";
import { type AnswerProblem, checkAnswer } from "./answer.ts";
import { AnswerError, isSightlineError } from "./errors.ts";
import type { ModelAnswer, ModelRequest, VisionModel } from "./model.ts";
import { partialWords } from "./partial-words.ts";
import type { AnswerCache, AskedQuestion } from "./ports.ts";

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

/** Temperatures of the last tries: what a model wrote by its likeliest words did not fit, so others are let in. */
const LADDER = [0.4, 0.8] as const;

/** How much of its own answer a model is shown for repair, in characters: enough to see every field's shape. */
const SHOWN_FOR_REPAIR = 4_000;

/** Told to the model on the try after. */
const ADVICE: Record<Exclude<AnswerProblem["kind"], "unreadable" | "cut-off">, string> = {
  empty: "Your last answer was empty. Write the answer.",
  filtered: "Your last answer was withheld. Say plainly and neutrally what can be seen.",
  "non-answer": "The picture is attached to this message and you can see it. Answer from what it shows.",
  loop: "Your last answer repeated itself. Say each thing once, then stop.",
};

/** Told to whoever must find out why the last try failed too. */
const HINTS: Record<AnswerProblem["kind"], string> = {
  empty: "Choose another model, or switch off its thinking at the server.",
  "cut-off":
    "Ask for less at a time, allow a longer answer with --max-tokens (SIGHTLINE_MAX_TOKENS), give the server a longer context, or switch off the model's thinking there.",
  filtered: "The model will not answer this; another model may.",
  "non-answer": "The model may have no vision, or the server may drop pictures: `sightline status` shows which model is used.",
  loop: "Choose a larger model, or ask about a smaller part of the picture.",
  unreadable: "Try again, or choose a model that follows instructions better.",
};

/**
 * Asks, with the operator's parameters laid over the request. An unusable answer is asked for again, each time in another way: one that was cut off with
 * twice the room; an empty, withheld or looping one with a word on that; one that `parse` refuses with its own words and what was wrong with them,
 * then at two higher temperatures. AnswerError, with the model's own words kept, when none of it helps. What the model itself throws passes through.
 * `parse` throws AnswerError, and nothing else, for what it cannot use. At temperature 0 answers are looked up and kept in `context.answers`.
 */
export async function askForAnswer<Value>(
  model: VisionModel,
  request: ModelRequest,
  parse: (text: string) => Value,
  context: AskContext,
): Promise<UsableAnswer<Value>> {
  const base = withParameters(request, model);
  const question = base.temperature === 0 && context.answers !== undefined ? asQuestion(base, model) : undefined;
  const known = question && kept(await context.answers?.find(question));
  if (known !== undefined) {
    const outcome = judge(known, base, parse);
    if ("value" in outcome) return outcome;
  }

  const failures: Unusable[] = [];
  for (let next: Try | undefined = { request: base, kind: "first" }; next !== undefined; next = nextTry(base, failures, model)) {
    context.signal.throwIfAborted();
    if (next.words !== undefined) context.progress(next.words);
    const outcome: UsableAnswer<Value> | Omit<Unusable, "made"> = judge(await ask(model, next.request, context), next.request, parse);
    if ("value" in outcome) {
      // Tries above temperature 0 are chance's answers: the next caller asks anew.
      if (question !== undefined && next.request.temperature === 0) await context.answers?.keep(question, JSON.stringify(outcome.answer));
      return outcome;
    }
    failures.push({ ...outcome, made: next });
  }

  const last = failures.at(-1) as Unusable;
  throw new AnswerError(
    `${model.id} gave no usable answer in ${failures.length} ${failures.length === 1 ? "try" : "tries"}: the answer ${last.problem.words}.`,
    { raw: last.answer.text, hint: HINTS[last.problem.kind], cause: last.cause },
  );
}

/** One way of asking. */
interface Try {
  readonly request: ModelRequest;
  readonly kind: "first" | "more-room" | "another-way" | "repair" | "warmer";
  /** What the caller is told. */
  readonly words?: string;
}

interface Unusable {
  readonly answer: ModelAnswer;
  readonly problem: AnswerProblem;
  readonly cause?: unknown;
  readonly made: Try;
}

function withParameters(request: ModelRequest, { parameters }: VisionModel): ModelRequest {
  const { maxTokens, temperature, topP, stream } = parameters;
  return {
    ...request,
    maxTokens: maxTokens ?? request.maxTokens,
    temperature: temperature ?? request.temperature,
    topP: topP ?? request.topP,
    stream: stream ?? request.stream,
  };
}

async function ask(model: VisionModel, request: ModelRequest, { signal, progress, onText }: AskContext): Promise<ModelAnswer> {
  return model.ask(request, {
    signal,
    onWait: (message) => progress(message),
    ...(onText === undefined ? {} : { onText: request.schema === undefined ? onText : (soFar) => onText(partialWords(soFar)) }),
  });
}

function judge<Value>(
  answer: ModelAnswer,
  request: ModelRequest,
  parse: (text: string) => Value,
): UsableAnswer<Value> | Omit<Unusable, "made"> {
  const problem = checkAnswer(answer, request);
  if (problem !== undefined) return { answer, problem };
  try {
    return { value: parse(answer.text), answer };
  } catch (error) {
    if (!isSightlineError(error) || error.kind !== "AnswerError") throw error;
    return { answer, problem: { kind: "unreadable", words: `could not be used: ${error.message.replace(/\.$/, "")}` }, cause: error };
  }
}

/** Each way once; undefined when there is none left that could help against what went wrong last. */
function nextTry(base: ModelRequest, failures: readonly Unusable[], model: VisionModel): Try | undefined {
  const last = failures.at(-1);
  if (last === undefined) return undefined;
  const made = (kind: Try["kind"]): number => failures.filter((failure) => failure.made.kind === kind).length;
  const { kind } = last.problem;
  // Room that was once too little stays larger.
  const { maxTokens } = last.made.request;

  if (kind === "cut-off") {
    const room = made("more-room") === 0 ? moreRoom(maxTokens, model) : maxTokens;
    if (room <= maxTokens) return undefined;
    return {
      kind: "more-room",
      request: { ...last.made.request, maxTokens: room },
      words: `The answer was cut off: asking again with room for ${room} tokens`,
    };
  }
  if (kind === "unreadable") {
    if (made("repair") === 0) {
      return {
        kind: "repair",
        request: { ...base, maxTokens, prompt: repairPrompt(base.prompt, last) },
        words: "The answer could not be read: asking the model to mend it",
      };
    }
    const temperature = LADDER[made("warmer")];
    if (temperature === undefined) return undefined;
    return {
      kind: "warmer",
      request: { ...base, maxTokens, temperature },
      words: `The answer could not be read: asking again at temperature ${temperature}`,
    };
  }
  if (made("another-way") > 0) return undefined;
  return {
    kind: "another-way",
    request: {
      ...base,
      maxTokens,
      prompt: `${base.prompt}\n\n${ADVICE[kind]}`,
      // The same request at temperature 0 gives the same answer; a lively one is calmed.
      temperature: base.temperature < 0.4 ? 0.4 : 0,
    },
    words: `The answer ${last.problem.words}: asking again in another way`,
  };
}

/** Twice the room, as far as the model and its context have it; the operator's own limit is one. */
function moreRoom(maxTokens: number, { id, family, abilities, parameters }: VisionModel): number {
  if (parameters.maxTokens !== undefined) return maxTokens;
  return Math.min(2 * maxTokens, family.maxOutputTokens?.(id) ?? Infinity, abilities.contextTokens ?? Infinity);
}

function repairPrompt(prompt: string, { answer, problem }: Unusable): string {
  const shown = answer.text.length > SHOWN_FOR_REPAIR ? `${answer.text.slice(0, SHOWN_FOR_REPAIR)} […]` : answer.text;
  return `${prompt}\n\nYour last answer was:\n${shown}\n\nIt ${problem.words}.\nWrite it again and mend that; keep what was right.`;
}

function asQuestion(request: ModelRequest, { backend, server, id }: VisionModel): AskedQuestion {
  const { prompt, images, schema, maxTokens, temperature, topP } = request;
  return { backend, server, model: id, prompt, images, settings: JSON.stringify({ schema, maxTokens, temperature, topP }) };
}

const keptAnswer = z.object({
  text: z.string(),
  finish: z.enum(["stop", "length", "filtered", "unknown"]),
  model: z.string(),
  usage: z.object({ inputTokens: z.number(), outputTokens: z.number() }).exactOptional(),
});

/** An answer as it was kept; undefined when it is none. */
function kept(text: string | undefined): ModelAnswer | undefined {
  if (text === undefined) return undefined;
  try {
    return keptAnswer.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
