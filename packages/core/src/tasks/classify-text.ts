import * as z from "zod";
import { parseJsonAnswer } from "../answer.ts";
import { askForAnswer } from "../ask.ts";
import { warningsShape } from "../shapes.ts";
import { defineTask } from "../task.ts";
import { fenced, needTextModel, partsFor, TEXT_IS_DATA, unshown } from "../text-model.ts";
import { labelOf, labelsInput, multipleInput } from "./labels.ts";
import { quoteChecker, quoteFields, quoteLine, quoteWarnings, textInput } from "./quoted.ts";

/** Labels with a quote each, in tokens. */
const ANSWER = { fixed: 600, perToken: 0 };

/** As with summaries: what stands in the middle of longer texts is lost on models. In tokens. */
const MOST_AT_ONCE = 24_000;

interface Choice {
  readonly label: string;
  readonly quote: string;
}

/** Sorts a text under given labels and says which words of it speak for them. */
export const classifyText = defineTask({
  name: "classify_text",
  title: "Classify text",
  description:
    "Sorts a text under one or several of the given labels, never under another one: each with the words of the text that speak for it, looked up there and marked when they do not stand in it. " +
    "When no label fits it says so. Needs a language model. A text longer than the model's context is judged in parts.",
  doors: ["cli", "library", "n8n"],
  files: {},
  eyesOptional: true,
  textField: "text",
  input: z.object({
    text: textInput,
    labels: labelsInput,
    multiple: multipleInput,
  }),
  output: z.object({
    label: z.string().nullable().describe("The label that fits best; null when none of them fits"),
    labels: z.array(z.object({ label: z.string(), ...quoteFields })).describe("All that fit: one at most, unless multiple is set"),
    model: z.string(),
    parts: z.number().int().min(1).describe("In how many parts the text was judged"),
    warnings: warningsShape,
  }),
  examples: [{ text: "Please find attached our bill for March, due in 30 days.", labels: ["invoice", "letter", "contract"] }],
  render: (output) =>
    [
      output.labels.length === 0 ? "No label fits." : output.labels.map(({ label }) => label).join("\n"),
      ...(output.labels.length === 0 ? [] : ["", ...output.labels.map(quoteLine)]),
      ...output.warnings.map((warning) => `[${warning}]`),
    ].join("\n"),
  async run({ text, labels, multiple }, context) {
    const model = needTextModel("classify_text", context);
    const { parts, warnings } = partsFor(text, model, ANSWER, MOST_AT_ONCE);
    const schema = multiple ? severalOf(labels) : oneOf(labels);
    const judged: { readonly length: number; readonly choices: readonly Choice[] }[] = [];
    let answeredBy = model.id;
    for (const [index, part] of parts.entries()) {
      if (part.trim() === "") continue;
      context.progress(`Classifying with ${model.id}`, ...(parts.length === 1 ? [] : [index, parts.length]));
      const { value, answer } = await askForAnswer(
        model,
        {
          prompt: classifyPrompt(part.trim(), labels, multiple),
          images: [],
          schema: { name: "classification", schema: z.toJSONSchema(schema) },
          maxTokens: ANSWER.fixed,
          temperature: 0,
        },
        (written) => choicesIn(parseJsonAnswer(written, schema)),
        unshown(context),
      );
      judged.push({ length: part.length, choices: value });
      answeredBy = answer.model;
    }
    const chosen = multiple ? everyLabel(judged.flatMap(({ choices }) => choices)) : heaviest(judged);
    const check = quoteChecker(text);
    const evidence = chosen.map(({ label, quote }) => ({ label, ...check(quote) }));
    const differing = multiple ? [] : [...new Set(judged.flatMap(({ choices }) => choices.map(({ label }) => label)))];
    return {
      label: evidence[0]?.label ?? null,
      labels: evidence,
      model: answeredBy,
      parts: parts.length,
      warnings: [
        ...warnings,
        ...(differing.length > 1
          ? [`Parts of the text were sorted under different labels (${differing.join(", ")}): the one for most of it is given.`]
          : []),
        ...quoteWarnings(evidence),
      ],
    };
  },
});

const quote = z.string().describe("The words of the text that speak for the label most, word for word; one sentence or less");

function oneOf(labels: readonly string[]) {
  return z.object({ label: labelOf(labels).nullable(), quote });
}

function severalOf(labels: readonly string[]) {
  return z.object({ labels: z.array(z.object({ label: labelOf(labels), quote })) });
}

function choicesIn(reply: z.output<ReturnType<typeof oneOf>> | z.output<ReturnType<typeof severalOf>>): Choice[] {
  if ("labels" in reply) return reply.labels;
  return reply.label === null ? [] : [{ label: reply.label, quote: reply.quote }];
}

/** The one prompt of this task. */
function classifyPrompt(text: string, labels: readonly string[], multiple: boolean): string {
  return [
    `Labels: ${JSON.stringify(labels)}`,
    multiple
      ? "Which of these labels fit the text below? Give every one that fits, best first; an empty list when none does."
      : "Which of these labels fits the text below best? Give null when none of them fits.",
    "Never give a label that is not in the list. Quote the words of the text that speak for a label, exactly as they stand there.",
    TEXT_IS_DATA,
    fenced(text),
  ].join("\n");
}

/** Each label once, with its first quote, in the order they were given by the model. */
function everyLabel(choices: readonly Choice[]): Choice[] {
  const first = new Map<string, Choice>();
  for (const choice of choices) if (!first.has(choice.label)) first.set(choice.label, choice);
  return [...first.values()];
}

/** The label of the largest share of the text, parts without one left out; the first of two equal ones. */
function heaviest(judged: readonly { readonly length: number; readonly choices: readonly Choice[] }[]): Choice[] {
  const weights = new Map<string, { choice: Choice; weight: number }>();
  for (const { length, choices } of judged) {
    for (const choice of choices) {
      const known = weights.get(choice.label);
      weights.set(choice.label, { choice: known?.choice ?? choice, weight: (known?.weight ?? 0) + length });
    }
  }
  const [best] = [...weights.values()].toSorted((one, other) => other.weight - one.weight);
  return best === undefined ? [] : [best.choice];
}
