import { portableSchema, promptWithSchema } from "../backends/schema.ts";
import { InputError } from "../errors.ts";
import { familyOf } from "../families/index.ts";
import type { ModelFamily } from "../families/index.ts";
import type { ModelAnswer, ModelRequest, VisionModel } from "../model.ts";
import type { Page } from "../page.ts";
import type { EncodedImage, TextRecognizer } from "../ports.ts";
import { parseInput, runTask } from "../task.ts";
import type { Task, TaskContext } from "../task.ts";
import { estimateTokens } from "../tokens.ts";
import { correctingOf, scoreAnswers } from "./score-answers.ts";

/** One question as a task puts it to a model, with the reply that would have been right. */
export interface Lesson {
  /** As servers are sent it. */
  readonly prompt: string;
  readonly image: EncodedImage;
  readonly reply: string;
  /** Of prompt and reply, estimated; the picture takes none where the model looks at it beside the text. */
  readonly tokens: number;
}

export interface Lessons {
  readonly lessons: readonly Lesson[];
  /** What of the right answer they do not teach, and why, in words. */
  readonly untaught: readonly string[];
}

/** The model that is to be taught. */
export interface Pupil {
  /** As its maker calls it: the family's facts follow from it. */
  readonly id: string;
  /** Tokens that question and reply share. */
  readonly contextTokens: number;
}

/** Paths that a sentence names of those that are not taught. */
const NAMED = 8;

/**
 * What a model should be asked about an input, and reply, so that the task comes to the correct answer: the task itself is run, with a teacher who knows that answer in the place
 * of the model. So prompts and pictures are those that the pupil will be sent, each reply is one that the task can read, and what the task makes of the replies is held against the
 * correct answer. InputError where the answer cannot be taught.
 */
export async function lessonsOf(
  task: Task,
  { input, correct, pupil }: { readonly input: unknown; readonly correct: Readonly<Record<string, unknown>>; readonly pupil: Pupil },
  context: TaskContext,
): Promise<Lessons> {
  const correcting = correctingOf(task);
  const parsed = parseInput(task.name, task.input, input);
  const right = task.output.parse(correct);
  const asking = correcting.teaching?.(parsed) ?? parsed;
  const pages: Page[] = [];
  const family = familyOf(pupil.id);
  const teacher = createTeacher(pupil, family, (request, turn) => correcting.reply({ request, family, turn, pages }, right, asking));
  const output = await runTask(task, asking, {
    ...context,
    model: teacher.model,
    textModel: teacher.model,
    text: remembering(context.text, pages),
    // Of a picture nothing is looked for that the question does not hold.
    ...(task.eyesOptional === true && Object.values(task.files).every((kind) => kind === "image") ? { eyes: "none" as const } : {}),
    answers: undefined,
    onText: undefined,
    fallback: "none",
    original: false,
  });
  const { wrong } = scoreAnswers(task, parsed, { correct: right, given: output });
  const missed = wrong.map(({ path }) => path);
  const blind = teacher.asked.filter(({ request }) => request.images.length !== 1).length;
  return {
    lessons: teacher.asked.flatMap(({ request: { images, schema, ...request }, reply }) => {
      const [image] = images;
      const prompt = promptWithSchema(request.prompt, schema && portableSchema(schema.schema));
      return image === undefined || images.length > 1
        ? []
        : [{ prompt, image, reply, tokens: estimateTokens(prompt) + estimateTokens(reply) }];
    }),
    untaught: [
      ...(teacher.asked.length === 0 ? ["The task asks a model nothing about it."] : []),
      ...(blind === 0 ? [] : [`${blind} of its ${teacher.asked.length} questions go without a picture.`]),
      ...(missed.length === 0 || blind === teacher.asked.length
        ? []
        : [
            `The model is not asked for, or what it is taught to reply does not give: ${missed.slice(0, NAMED).join(", ")}${missed.length > NAMED ? ` and ${missed.length - NAMED} more` : ""}.`,
          ]),
    ],
  };
}

interface Asked {
  readonly request: ModelRequest;
  readonly reply: string;
}

function createTeacher({ id, contextTokens }: Pupil, family: ModelFamily, replyTo: (request: ModelRequest, turn: number) => string) {
  const asked: Asked[] = [];
  const model: VisionModel = {
    id,
    backend: "teacher",
    server: "none",
    family,
    abilities: { vision: true, maxImages: family.maxImages, longSide: family.longSide, contextTokens },
    parameters: {},
    async ask(request): Promise<ModelAnswer> {
      // The same pictures again: the reply was refused.
      if (asked.at(-1)?.request.images === request.images) {
        throw new InputError(
          "The task does not take the right answer as a model's reply: it is empty, repeats itself, or is none that it can read.",
          {
            hint: "Correct it once more, in the form that the task answers in.",
          },
        );
      }
      const reply = replyTo(request, asked.length);
      asked.push({ request, reply });
      return { text: reply, finish: "stop", model: id };
    },
  };
  return { model, asked };
}

/** Recognition as it is, with what it reads added to `pages`. */
function remembering({ recognize }: TextRecognizer, pages: Page[]): TextRecognizer {
  return {
    async recognize(image, options) {
      const read = await recognize(image, options);
      const { warnings: _, ...picture } = read;
      pages.push({ number: pages.length + 1, source: "ocr", ...picture });
      return read;
    },
  };
}
