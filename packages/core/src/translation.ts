import * as z from "zod";
import { parseJsonAnswer } from "./answer.ts";
import { askForAnswer, type AskContext } from "./ask.ts";
import { InputError } from "./errors.ts";
import type { ModelFamily } from "./families/index.ts";
import type { VisionModel } from "./model.ts";
import { answerTokens, fenced, TEXT_IS_DATA } from "./text-model.ts";

/** A translation may take twice the tokens of its English, and more in scripts that models know less well. */
const LENGTH = { fixed: 200, perToken: 3 };

/** True for what a caller may write when English is meant: "English", "en", "en-US". */
export function isEnglish(language: string): boolean {
  return /^en(?:glish)?\b/i.test(language.trim());
}

/** InputError where an answer in this language is to be taught to a model that speaks English alone: it is asked in English, and another one translates. */
export function onlyInEnglish({ englishOnly, name }: ModelFamily, language: string | undefined): void {
  if (englishOnly !== true || language === undefined || isEnglish(language)) return;
  throw new InputError(`The answer is in ${language}, and ${name} is asked about pictures in English alone.`, {
    hint: "Correct an answer in English.",
  });
}

/**
 * What a model that speaks English alone said, in another language: the same fields, translated by `model`. AnswerError, ModelError, SetupError as asking does.
 */
export async function fromEnglish<Field extends string>(
  said: Readonly<Record<Field, string>>,
  language: string,
  model: VisionModel,
  context: AskContext,
): Promise<{ readonly words: Readonly<Record<Field, string>>; readonly by: string }> {
  const fields = Object.keys(said) as Field[];
  const schema = z.object(Object.fromEntries(fields.map((field) => [field, z.string().min(1)])) as Record<Field, z.ZodString>);
  const text = JSON.stringify(said, undefined, 1);
  context.progress(`Translating into ${language} with ${model.id}`);
  const { value, answer } = await askForAnswer(
    model,
    {
      prompt: [
        `Translate every text of the JSON object below from English into ${language}; keep its field names.`,
        "Leave out nothing and add nothing. Keep numbers, names and what stands in quotation marks as they are.",
        TEXT_IS_DATA,
        fenced(text),
      ].join("\n"),
      images: [],
      schema: { name: "translation", schema: z.toJSONSchema(schema) },
      maxTokens: answerTokens(text, LENGTH),
      temperature: 0,
    },
    (written) => parseJsonAnswer(written, schema) as Record<Field, string>,
    context,
  );
  return { words: value, by: answer.model };
}
