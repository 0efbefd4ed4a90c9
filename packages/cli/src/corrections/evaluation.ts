import { accuracyOf, type Score, type Tally } from "@sightline/core";
import * as z from "zod";
import { inOneLine } from "../batch/report.ts";

const tallyShape = z.object({ right: z.int().min(0), total: z.int().min(0) });
const fieldsShape = z.record(z.string(), tallyShape);

/** One corrected answer, as it was evaluated. */
const answerShape = z.object({
  id: z.string(),
  task: z.string(),
  /** Of its first file. */
  name: z.string(),
  /** When it was corrected: another correction of it is compared with nothing that was held against this one. */
  corrected_at: z.string(),
  before: tallyShape.optional(),
  now: tallyShape,
  /** Of the answer now, by field. */
  fields: fieldsShape,
  wrong: z.array(z.object({ path: z.string(), correct: z.unknown().optional(), given: z.unknown().optional() })),
  /** Why there is no answer now: all of its values count as wrong. */
  error: z.object({ kind: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
});

/** What `evaluate --json` prints, and reads as --against. */
export const evaluationShape = z.object({
  version: z.string(),
  evaluated_at: z.string(),
  /** Who answers now. */
  model: z.object({ id: z.string(), backend: z.string(), server: z.string() }).or(z.literal("embedded")),
  /** How values are compared, in words. */
  rule: z.string(),
  /** What `before` counts: the answers as first given, or those of an earlier report. */
  before_is: z.string(),
  before: tallyShape.extend({ accuracy: z.number() }),
  now: tallyShape.extend({ accuracy: z.number() }),
  /** By task and field, those with most values wrong now first. */
  fields: z.array(z.object({ task: z.string(), field: z.string(), before: tallyShape, now: tallyShape })),
  answers: z.array(answerShape),
  /** What was not evaluated, or not compared, and why. */
  left_out: z.array(z.object({ id: z.string(), message: z.string() })),
  /** Why answers were left though nobody cancelled. */
  gave_up: z.object({ kind: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
});

export type Evaluation = z.output<typeof evaluationShape>;
export type EvaluatedAnswer = Evaluation["answers"][number];

export const RULE =
  "A value is a field that is no object and no list. It is right when the corrected answer has the same in the same place; one that is missing and one that is too much are wrong. " +
  "Amounts, numbers and dates are compared by value, texts by their letters and digits without regard to case. Rows of lists are paired so that most values are right.";

/** An answer with how it was before; undefined where there is nothing to compare with. */
export interface Compared {
  readonly answer: EvaluatedAnswer;
  readonly beforeFields: Readonly<Record<string, Tally>> | undefined;
}

/** By field, over all answers. */
export function fieldsOf(compared: readonly Compared[]): Evaluation["fields"] {
  const rows = new Map<
    string,
    { task: string; field: string; before: { right: number; total: number }; now: { right: number; total: number } }
  >();
  for (const { answer, beforeFields = {} } of compared) {
    const { task } = answer;
    for (const [when, fields] of [
      ["before", beforeFields],
      ["now", answer.fields],
    ] as const) {
      for (const [field, { right, total }] of Object.entries(fields)) {
        const key = `${task} ${field}`;
        const row = rows.get(key) ?? { task, field, before: { right: 0, total: 0 }, now: { right: 0, total: 0 } };
        row[when].right += right;
        row[when].total += total;
        rows.set(key, row);
      }
    }
  }
  return [...rows.values()].sort(
    (a, b) => missing(b.now) - missing(a.now) || missing(b.before) - missing(a.before) || (a.field < b.field ? -1 : 1),
  );
}

const missing = ({ right, total }: Tally): number => total - right;

export function sumOf(tallies: readonly Tally[]): Evaluation["now"] {
  const sum = { right: tallies.reduce((so, { right }) => so + right, 0), total: tallies.reduce((so, { total }) => so + total, 0) };
  return { ...sum, accuracy: accuracyOf(sum) };
}

export function plainFields({ fields }: Score): Record<string, { right: number; total: number }> {
  return Object.fromEntries(Object.entries(fields).map(([field, { right, total }]) => [field, { right, total }]));
}

/** Fields shown in the table, and examples of wrong values. */
const SHOWN_FIELDS = 40;
const EXAMPLES = 8;
/** Longest value that is shown, in characters. */
const SHOWN_VALUE = 60;

export function renderEvaluation(evaluation: Evaluation): string {
  const { answers, before, now, fields, left_out: leftOut, gave_up: gaveUp, before_is: beforeIs, model } = evaluation;
  const by = model === "embedded" ? "this machine's own eyes" : model.id;
  const failed = answers.filter(({ error }) => error !== undefined);
  const rows = fields
    .slice(0, SHOWN_FIELDS)
    .map(({ task, field, before: then, now: today }) => [`${task}: ${field}`, share(then), share(today)]);
  const table = answers.length === 0 ? [] : [["field", "before", "now"], ...rows, ["all", percent(before), percent(now)]];
  const [first = 0, second = 0] = [0, 1].map((column) => Math.max(0, ...table.map((row) => row[column]?.length ?? 0)));
  const wrong = fields.filter(({ now: today }) => missing(today) > 0);
  return [
    `${answers.length} corrected ${answers.length === 1 ? "answer" : "answers"}: ${percent(before)} of the values right before (${beforeIs}), ${percent(now)} now (${by}).`,
    "",
    ...table.map(([field = "", then = "", today = ""]) => `  ${field.padEnd(first)}  ${then.padStart(second)}  ${today.padStart(7)}`),
    ...(fields.length > SHOWN_FIELDS ? [`  … and ${fields.length - SHOWN_FIELDS} more fields: --json has them all.`] : []),
    ...(wrong.length === 0
      ? []
      : ["", "Wrong now, most often first:", ...wrong.slice(0, EXAMPLES).map((each) => `  ${exampleOf(each, answers)}`)]),
    ...(failed.length === 0
      ? []
      : [
          "",
          "No answer now, all values counted as wrong:",
          ...failed.map(({ id, name, error }) => `  ${id} (${inOneLine(name)}): ${inOneLine(error?.message ?? "")}`),
        ]),
    ...(leftOut.length === 0 ? [] : ["", "Left out:", ...leftOut.map(({ id, message }) => `  ${inOneLine(id)}: ${inOneLine(message)}`)]),
    ...(gaveUp === undefined
      ? []
      : ["", `Stopped, because answer after answer failed like this: ${[gaveUp.message, gaveUp.hint ?? ""].join(" ").trim()}`]),
  ].join("\n");
}

function exampleOf({ task, field, now }: Evaluation["fields"][number], answers: readonly EvaluatedAnswer[]): string {
  const [example] = answers
    .filter((answer) => answer.task === task && answer.error === undefined)
    .flatMap(({ name, wrong }) =>
      wrong.filter(({ path }) => path.replaceAll(/\[\d+\]/g, "[]") === field).map((value) => ({ name, ...value })),
    );
  const words = `${task}: ${field}, ${missing(now)} of ${now.total} wrong`;
  if (example === undefined) return words;
  return `${words}; ${inOneLine(example.name)}: ${shown(example.given)} in the place of ${shown(example.correct)}`;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = inOneLine(JSON.stringify(value));
  return text.length > SHOWN_VALUE ? `${text.slice(0, SHOWN_VALUE)}…` : text;
}

function share({ right, total }: Tally): string {
  return total === 0 ? "–" : `${right}/${total}`;
}

function percent(tally: Tally): string {
  return tally.total === 0 ? "–" : `${(Math.floor(accuracyOf(tally) * 1000) / 10).toFixed(1)} %`;
}
