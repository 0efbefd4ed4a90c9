import * as z from "zod";
import { parseJsonAnswer } from "../answer.ts";
import { askForAnswer } from "../ask.ts";
import type { VisionModel } from "../model.ts";
import { warningsShape } from "../shapes.ts";
import { splitText } from "../split-text.ts";
import { defineTask } from "../task.ts";
import type { TaskContext } from "../task.ts";
import { fenced, needTextModel, partsFor, TEXT_IS_DATA, unshown } from "../text-model.ts";
import { quoteChecker, quoteFields, quoteLine, quoteWarnings, textInput, textLanguageInput } from "./quoted.ts";

const LENGTHS = ["sentence", "paragraph", "bullets"] as const;
type Length = (typeof LENGTHS)[number];

/** A summary with its points and quotes, in tokens. */
const ANSWER = { fixed: 1000, perToken: 0 };

/** Models lose the middle of longer texts, whatever their context (NVIDIA's notes say so of Llama 3.2 90B above 32k). In tokens. */
const MOST_AT_ONCE = 24_000;

const points = z
  .array(z.object({ point: z.string().min(1), quote: z.string().describe("The words of the text it rests on, word for word") }))
  .describe("The main points, most important first");
const proseReply = z.object({ summary: z.string().min(1), points });
const bulletsReply = z.object({ points: points.min(1) });
type Reply = z.output<typeof proseReply>;

const WISHES: Record<Length, string> = {
  sentence: "Write the summary as one sentence. Then give the one to three main points it rests on.",
  paragraph: "Write the summary as one paragraph of three to six sentences. Then give the two to six main points it rests on.",
  bullets: "Give the three to seven main points, each as one short sentence that can be understood by itself.",
};

/** Summarizes a text and says which words of it each point rests on. */
export const summarizeText = defineTask({
  name: "summarize_text",
  title: "Summarize text",
  description:
    "Summarizes a text in a sentence, a paragraph or bullets: each point with the words of the text it rests on, looked up there and marked when they do not stand in it. " +
    "Needs a language model. A text longer than the model's context is read in parts, whose summaries are summarized again.",
  doors: ["cli", "library", "n8n"],
  files: {},
  eyesOptional: true,
  textField: "text",
  input: z.object({
    text: textInput,
    length: z.enum(LENGTHS).default("paragraph").describe("How long the summary is"),
    language: textLanguageInput.optional().describe("Language of the summary, e.g. German; default: the text's"),
  }),
  output: z.object({
    summary: z.string().describe("With bullets: a point a line, each after a dash"),
    points: z.array(z.object({ point: z.string(), ...quoteFields })).describe("The main points, each with the words it rests on"),
    model: z.string(),
    parts: z.number().int().min(1).describe("In how many parts the text was read"),
    warnings: warningsShape,
  }),
  examples: [{ text: "The council met on Tuesday. It agreed to mend the bridge by May for 40,000 euros.", length: "sentence" }],
  render: (output) =>
    [
      output.summary,
      ...(output.points.length === 0 ? [] : ["", ...output.points.map(quoteLine)]),
      ...output.warnings.map((warning) => `[${warning}]`),
    ].join("\n"),
  async run({ text, length, language }, context) {
    const model = needTextModel("summarize_text", context);
    const { parts, room, warnings } = partsFor(text, model, ANSWER, MOST_AT_ONCE);
    const said = await summarizeParts(parts, { length, language, room }, model, context);
    const check = quoteChecker(text);
    const checked = said.points.map(({ point, quote }) => ({ point, ...check(quote) }));
    return {
      summary: said.summary,
      points: checked,
      model: said.model,
      parts: parts.length,
      warnings: [...warnings, ...said.warnings, ...quoteWarnings(checked)],
    };
  },
});

interface Wish {
  readonly length: Length;
  readonly language: string | undefined;
  /** Tokens of text that one request has room for. */
  readonly room: number;
}

interface Said extends Reply {
  model: string;
}

/** Part by part, then the summaries of the parts like a text, as often as it takes until one is left. */
async function summarizeParts(
  parts: readonly string[],
  wish: Wish,
  model: VisionModel,
  context: TaskContext,
): Promise<Said & { readonly warnings: readonly string[] }> {
  let texts = parts;
  for (let notes = false; ; notes = true) {
    const said: Said[] = [];
    for (const [index, text] of texts.entries()) {
      const doing = notes ? "Summarizing the summaries of the parts" : `Summarizing with ${model.id}`;
      context.progress(doing, ...(texts.length === 1 ? [] : [index, texts.length]));
      said.push(await summarizeOne(text, { ...wish, notes, last: texts.length === 1 }, model, context));
    }
    const [only] = said;
    if (only !== undefined && said.length === 1) return { ...only, warnings: [] };
    const shorter = splitText(said.map(toNotes).join("\n\n"), wish.room);
    if (shorter.length >= texts.length) {
      return {
        summary: said.map((each) => each.summary).join("\n\n"),
        points: said.flatMap((each) => each.points),
        model: said.at(-1)?.model ?? model.id,
        warnings: [
          `The summaries of ${texts.length} parts stand one after the other: they are too long for ${model.id} to make one of them.`,
        ],
      };
    }
    texts = shorter;
  }
}

async function summarizeOne(
  text: string,
  { length, language, notes, last }: Wish & { readonly notes: boolean; readonly last: boolean },
  model: VisionModel,
  context: TaskContext,
): Promise<Said> {
  // What is summarized again is prose with its evidence, whatever was asked for.
  const shape = last ? length : "paragraph";
  const { value, answer } = await askForAnswer(
    model,
    {
      prompt: [
        notes
          ? "Below are summaries of the consecutive parts of one text, each with its main points and the words of the text they rest on, in quotation marks. Make one summary of the whole text from them."
          : "Summarize the text below.",
        WISHES[shape],
        notes
          ? "For each point copy the quoted words it rests on, exactly as they stand in the quotation marks, and no others."
          : "For each point quote the words of the text it rests on, exactly as they stand there: one sentence or less.",
        "State only what the text says.",
        language === undefined ? "Write in the language of the text." : `Write in ${language}; quotes stay in the language of the text.`,
        TEXT_IS_DATA,
        fenced(text.trim()),
      ].join("\n"),
      images: [],
      schema: { name: "summary", schema: z.toJSONSchema(shape === "bullets" ? bulletsReply : proseReply) },
      maxTokens: ANSWER.fixed,
      temperature: 0,
    },
    (written) => (shape === "bullets" ? withBullets(parseJsonAnswer(written, bulletsReply)) : parseJsonAnswer(written, proseReply)),
    last && shape !== "bullets" ? context : unshown(context),
  );
  return { ...value, model: answer.model };
}

function withBullets(reply: z.output<typeof bulletsReply>): Reply {
  return { summary: reply.points.map(({ point }) => `- ${point}`).join("\n"), points: reply.points };
}

function toNotes({ summary, points: made }: Reply): string {
  return [summary, ...made.map(({ point, quote }) => `- ${point} "${quote}"`)].join("\n").replaceAll(/\n{2,}/g, "\n");
}
