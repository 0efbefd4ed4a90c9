import * as z from "zod";
import { parseJsonAnswer } from "../answer.ts";
import { askForAnswer } from "../ask.ts";
import { missingNumbers } from "../missing-numbers.ts";
import { warningsShape } from "../shapes.ts";
import { defineTask } from "../task.ts";
import { answerTokens, fenced, needTextModel, partsFor, TEXT_IS_DATA } from "../text-model.ts";
import { textInput, textLanguageInput } from "./quoted.ts";

/** Twice the tokens of the text: other languages are longer, and other scripts take more tokens a word. */
const ANSWER = { fixed: 200, perToken: 2 };

/** In longer answers small models leave out and shorten. In tokens. */
const MOST_AT_ONCE = 1_500;

/** Numbers that a warning names. */
const NAMED_NUMBERS = 10;

const modelReply = z.object({
  translation: z.string().min(1),
  source_language: z.string().describe("Language the text is written in, in English, e.g. German"),
});

/** Translates a text and says which of its numbers the translation does not show. */
export const translateText = defineTask({
  name: "translate_text",
  title: "Translate text",
  description:
    "Translates a text into another language. Numbers and amounts of the text that the translation does not show are named in a warning. " +
    "Needs a language model. A long text is translated in parts and joined.",
  doors: ["cli", "library", "n8n"],
  files: {},
  eyesOptional: true,
  textField: "text",
  input: z.object({
    text: textInput,
    language: textLanguageInput.describe("Language to translate into, e.g. German"),
    source_language: textLanguageInput.optional().describe("Language of the text, where known"),
  }),
  output: z.object({
    translation: z.string(),
    source_language: z.string().describe("Language of the text: as given, else as the model names it"),
    model: z.string(),
    parts: z.number().int().min(1).describe("In how many parts the text was translated"),
    warnings: warningsShape,
  }),
  examples: [{ text: "Der Zug fährt um 14:05 Uhr ab.", language: "English" }],
  render: (output) => [output.translation.trimEnd(), ...output.warnings.map((warning) => `[${warning}]`)].join("\n"),
  async run(input, context) {
    const model = needTextModel("translate_text", context);
    const { parts, warnings } = partsFor(input.text, model, ANSWER, MOST_AT_ONCE);
    let translation = "";
    let answeredBy = model.id;
    const languages: string[] = [];
    for (const [index, part] of parts.entries()) {
      const text = part.trim();
      const at = part.indexOf(text);
      translation += part.slice(0, at);
      if (text !== "") {
        const before = translation;
        const { onText } = context;
        context.progress(`Translating into ${input.language} with ${model.id}`, ...(parts.length === 1 ? [] : [index, parts.length]));
        const { value, answer } = await askForAnswer(
          model,
          {
            prompt: translatePrompt(text, input.language, input.source_language),
            images: [],
            schema: { name: "translation", schema: z.toJSONSchema(modelReply) },
            maxTokens: answerTokens(text, ANSWER),
            temperature: 0,
          },
          (written) => parseJsonAnswer(written, modelReply),
          {
            signal: context.signal,
            progress: (...step) => context.progress(...step),
            answers: context.answers,
            ...(onText === undefined ? {} : { onText: (soFar: string) => onText(before + soFar) }),
          },
        );
        translation += value.translation.trim();
        languages.push(value.source_language.trim());
        answeredBy = answer.model;
      }
      translation += part.slice(at + text.length);
    }
    return {
      translation,
      source_language: input.source_language ?? mostFrequent(languages.filter((language) => language !== "")) ?? "unknown",
      model: answeredBy,
      parts: parts.length,
      warnings: [...warnings, ...numberWarnings(missingNumbers(input.text, translation))],
    };
  },
});

/** The one prompt of this task. */
function translatePrompt(text: string, language: string, from: string | undefined): string {
  return [
    `Translate the text below${from === undefined ? "" : ` from ${from}`} into ${language}.`,
    "Leave out nothing and add nothing. Keep names, numbers, amounts, line breaks and markup as they are.",
    TEXT_IS_DATA,
    fenced(text),
  ].join("\n");
}

function numberWarnings(missing: readonly string[]): string[] {
  if (missing.length === 0) return [];
  const more = missing.length > NAMED_NUMBERS ? ` and ${missing.length - NAMED_NUMBERS} more` : "";
  return [
    `Numbers of the text that the translation does not show in digits: ${missing.slice(0, NAMED_NUMBERS).join(", ")}${more}. Compare them.`,
  ];
}

/** The first of them when several are. */
function mostFrequent(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted((one, other) => other[1] - one[1])[0]?.[0];
}
