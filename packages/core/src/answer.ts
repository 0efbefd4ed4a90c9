import { jsonrepair } from "jsonrepair";
import * as z from "zod";
import { AnswerError } from "./errors.ts";
import type { ModelAnswer, ModelRequest } from "./model.ts";
import { hasLoop } from "./loop.ts";
import { isNonAnswer } from "./non-answer.ts";

/** What makes an answer unusable. */
export interface AnswerProblem {
  readonly kind: "empty" | "cut-off" | "filtered" | "non-answer" | "loop" | "unreadable";
  /** Completes the sentence "The answer …". */
  readonly words: string;
}

/**
 * What is wrong with an answer to this request before anyone reads its content; undefined when nothing is. Where there was no picture, words about not seeing one
 * are a text's own; and what is made of a text that repeats itself may do so too.
 */
export function checkAnswer(answer: ModelAnswer, { prompt, images }: Pick<ModelRequest, "prompt" | "images">): AnswerProblem | undefined {
  // A loop is what most often runs into the limit, and more room would not help it: asked first.
  if (hasLoop(entriesAsLines(answer.text)) && (images.length > 0 || !hasLoop(prompt)))
    return { kind: "loop", words: "repeats itself over and over" };
  if (answer.finish === "length") {
    return answer.text.trim() === ""
      ? { kind: "cut-off", words: "was cut off before its first word (a thinking model spends its tokens before it answers)" }
      : { kind: "cut-off", words: "was cut off before its end" };
  }
  if (answer.finish === "filtered") return { kind: "filtered", words: "was withheld by the model or its server's content filter" };
  if (answer.text.trim() === "") return { kind: "empty", words: "is empty" };
  if (images.length > 0 && isNonAnswer(mainWords(answer.text)))
    return { kind: "non-answer", words: "says that the picture cannot be seen, or that the model will not look" };
  return undefined;
}

/** A list in compact JSON with an entry a line, as print has it: ten tickets of one kind on an invoice are no loop. */
function entriesAsLines(text: string): string {
  return text.replaceAll(/\},\s*\{/g, "},\n{");
}

/** The words of a JSON answer that stand first, where our schemas put what was asked for; any other text as it is. */
function mainWords(text: string): string {
  for (const value of jsonIn(text)) {
    if (typeof value !== "object" || value === null) continue;
    return Object.values(value).find((field): field is string => typeof field === "string" && field.includes(" ")) ?? "";
  }
  return text;
}

/**
 * Model text -> JSON -> `schema`. Lenient about what stands around the JSON (fences, prose) and small slips in it (trailing commas, single
 * quotes, comments), strict about what it says; null counts as left out where a field may be left out, because `portableSchema` asks for that.
 * AnswerError, and nothing else, when no JSON in the text fits.
 */
export function parseJsonAnswer<Schema extends z.ZodType>(text: string, schema: Schema): z.output<Schema> {
  let complaint: string | undefined;
  for (const value of jsonIn(text)) {
    const parsed = safeParse(schema, value);
    if (parsed.success) return parsed.data;
    complaint ??= parsed.complaint;
  }
  throw new AnswerError(
    complaint === undefined ? "The model's answer holds no JSON." : `The model's answer does not fit what was asked for: ${complaint}`,
    {
      raw: text,
      hint: "Try again, or choose a model that follows instructions better.",
    },
  );
}

function safeParse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): { success: true; data: z.output<Schema> } | { success: false; complaint: string } {
  try {
    const strict = schema.safeParse(value);
    const parsed = strict.success ? strict : schema.safeParse(withoutNulls(value, strict.error.issues));
    return parsed.success ? { success: true, data: parsed.data } : { success: false, complaint: z.prettifyError(parsed.error) };
  } catch (error) {
    // JSON nested deeper than the stack lets zod follow.
    return { success: false, complaint: String(error) };
  }
}

/** `value` without the null fields that the issues complain about; a null that the schema wants stays. */
function withoutNulls(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const changed = structuredClone(value);
  for (const { path, code } of issues) {
    const holder = path.slice(0, -1).reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), changed);
    const key = path.at(-1);
    const at = key === undefined ? changed : isObject(holder) ? holder[key] : undefined;
    if (at === null && key !== undefined && isObject(holder) && !Array.isArray(holder)) delete holder[key];
    // Which of a union's shapes was meant, and so which null, the issue does not say.
    else if (code === "invalid_union") dropNulls(at);
  }
  return changed;
}

function dropNulls(value: unknown): void {
  if (!isObject(value)) return;
  for (const [key, field] of Object.entries(value)) {
    if (field !== null) dropNulls(field);
    else if (!Array.isArray(value)) delete value[key];
  }
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}

/** The JSON values in a text, the likeliest first. Never a bare word or number: prose is full of them. */
function* jsonIn(text: string): Generator {
  const fenced = [...text.matchAll(/```(?:\w+)?\s*\n?([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  for (const candidate of [text, ...fenced]) {
    const piece = fromBracketToBracket(candidate);
    if (piece === undefined) continue;
    const strict = parse(piece);
    if (strict !== undefined) {
      yield strict;
      continue;
    }
    // Prose with more than one object in it, or with a brace of its own: each balanced piece by itself.
    let found = false;
    for (const balanced of balancedPieces(piece)) {
      const value = parse(balanced);
      if (value === undefined) continue;
      found = true;
      yield value;
    }
    if (found || isCutOff(piece)) continue;
    const mended = parse(repaired(piece));
    if (typeof mended === "object" && mended !== null) yield mended;
  }
}

/** From the first opening bracket to the last closing one of its kind. */
function fromBracketToBracket(text: string): string | undefined {
  const start = text.search(/[{[]/);
  if (start === -1) return undefined;
  const end = text.lastIndexOf(text[start] === "{" ? "}" : "]");
  return end > start ? text.slice(start, end + 1) : undefined;
}

/** True when more brackets open than close, strings respected: mending that would invent the end of an answer that was cut off. */
function isCutOff(text: string): boolean {
  const outside = text.replaceAll(/"(?:[^"\\]|\\.)*"/gs, "");
  return (outside.match(/[{[]/g) ?? []).length > (outside.match(/[}\]]/g) ?? []).length;
}

/** Pieces that begin with `{` and end with the `}` that closes it, strings respected; the outermost only. */
function* balancedPieces(text: string): Generator<string> {
  let depth = 0;
  let start = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (inString) {
      if (char === "\\") at++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = depth > 0;
    else if (char === "{") {
      if (depth++ === 0) start = at;
    } else if (char === "}" && depth > 0 && --depth === 0) yield text.slice(start, at + 1);
  }
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function repaired(text: string): string | undefined {
  try {
    return jsonrepair(text);
  } catch {
    return undefined;
  }
}
