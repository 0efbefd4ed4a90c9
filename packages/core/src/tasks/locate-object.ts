import * as z from "zod";
import { isSightlineError } from "../errors.ts";
import { locateByEyes, locateByModel, type Located, locateText, lookFor, METHODS, type Task } from "../locate/index.ts";
import { LONGEST_QUERY, parseVisualQuery } from "../query/index.ts";
import { place } from "../scene.ts";
import { boxShape, confidenceShape, imageInput, warningsShape } from "../shapes.ts";
import { defineTask, type TaskContext } from "../task.ts";

/** More boxes than this on one picture show nothing any more. */
const MOST = 50;

/** Says where something is, or that it is not there. */
export const locateObject = defineTask({
  name: "locate_object",
  title: "Locate object",
  description:
    "Finds where something is in a picture: people by clothing, things by kind, color and place, text by its words; answers with bounding boxes, or found: false. " +
    "Works without a model for people, the other 79 kinds of things of COCO and text; what the words ask beyond that (gender, age, hair, …) is then reported as not judged. " +
    "With a model anything can be asked for. No box is invented: each is the detector's, OCR's, or the model's after a second look.",
  doors: ["mcp", "cli", "library", "n8n"],
  files: { image: "image" },
  savesPictures: true,
  input: z.object({
    image: imageInput,
    query: z.string().min(1).max(LONGEST_QUERY).describe('What to find, e.g. "the woman in the striped top" or "the sign that says EXIT"'),
    max: z.number().int().min(1).max(MOST).default(10).describe("The most boxes to return"),
    annotate: z.boolean().default(false).describe("Also save a copy of the picture with the boxes drawn on it"),
  }),
  output: z.object({
    found: z.boolean(),
    objects: z
      .array(
        z.object({
          label: z.string(),
          box: boxShape,
          confidence: confidenceShape.optional().describe("Absent where nobody measured it"),
          method: z.enum(METHODS).describe("Who drew the box: the detector, OCR, or the model in its own numbers, by a mark or by a grid"),
        }),
      )
      .describe("Surest first"),
    width: z.number().describe("Pixels, upright"),
    height: z.number().describe("Pixels, upright"),
    annotated: z.string().optional().describe("Path of the copy with boxes drawn"),
    source: z.enum(["embedded", "model"]).describe("Who chose: this machine's own eyes, or the model"),
    model: z.string().optional(),
    warnings: warningsShape,
  }),
  examples: [
    { image: "/home/me/Pictures/street.jpg", query: "the woman in the black and white striped top", annotate: true },
    { image: "/home/me/Pictures/hall.jpg", query: "the sign that says EXIT" },
  ],
  render: (output) =>
    [
      output.found ? "" : "Not found.",
      ...output.objects.map(({ label, box, confidence, method }) => {
        const sure = confidence === undefined ? "" : `${Math.round(confidence * 100)} %, `;
        return `${label} ${place(box, output)} (${sure}by ${BY[method]}, box x=${box.x} y=${box.y} width=${box.width} height=${box.height})`;
      }),
      output.annotated === undefined ? "" : `Annotated picture: ${output.annotated}`,
      ...output.warnings.map((warning) => `[${warning}]`),
    ]
      .filter((line) => line !== "")
      .join("\n"),
  async run(input, context) {
    const query = parseVisualQuery(input.query);
    const file = await context.input.read(input.image, { accept: ["image"], signal: context.signal });
    const warnings: string[] = [];
    const sight = await lookFor(file, query, context, warnings);
    const task: Task = { file, query, max: input.max, sight };
    const answer = await locate(task, context, warnings);
    const annotated = input.annotate && answer.objects.length > 0 ? await saveAnnotated(task, answer.objects, context) : undefined;
    if (input.annotate && annotated === undefined) warnings.push("No annotated copy was saved: there is nothing to draw on it.");
    return {
      found: answer.objects.length > 0,
      objects: answer.objects.map((object) => ({ ...object, box: { ...object.box } })),
      width: sight.width,
      height: sight.height,
      ...(annotated === undefined ? {} : { annotated }),
      source: answer.model === undefined ? ("embedded" as const) : ("model" as const),
      ...(answer.model === undefined ? {} : { model: answer.model }),
      warnings,
    };
  },
});

const BY: Readonly<Record<(typeof METHODS)[number], string>> = {
  detector: "the detector",
  text: "OCR",
  "model boxes": "the model's own box, looked at twice",
  marks: "the model's choice among the detector's boxes",
  grid: "the model's choice of grid cells",
};

interface Chosen {
  readonly objects: readonly Located[];
  /** The model that chose; absent where this machine's own eyes did. */
  readonly model?: string;
}

async function locate(task: Task, context: TaskContext, warnings: string[]): Promise<Chosen> {
  const { query, sight } = task;
  const { model } = context;
  const byEyes = (): Chosen => {
    const answer = locateByEyes(task);
    warnings.push(...answer.warnings);
    return answer;
  };
  // Print that OCR has found needs nobody's judgement.
  const printed = query.labels.length === 0 && query.says !== undefined && locateText(query, sight.lines ?? [], sight).length > 0;
  if (model === undefined || printed) return byEyes();
  try {
    const answer = await locateByModel(model, task, context);
    warnings.push(...answer.warnings);
    return { objects: answer.objects, model: model.id };
  } catch (error) {
    const itsFault = isSightlineError(error) && error.kind !== "InputError" && !context.signal.aborted;
    if (context.fallback !== "embedded" || !itsFault) throw error;
    warnings.push(`The model ${model.id} failed, and this machine's own eyes answer in its place: ${error.message}`);
    return byEyes();
  }
}

async function saveAnnotated({ file }: Task, objects: readonly Located[], context: TaskContext): Promise<string> {
  const boxes = objects.map(({ label, box }, index) => ({ label: objects.length === 1 ? label : `${label} ${index + 1}`, box }));
  const drawn = await context.images.annotate(file.bytes, boxes, { name: file.name, signal: context.signal });
  return context.store.save({ bytes: drawn.bytes, name: `${file.name.replace(/\.[^./]*$/, "")}-located.jpg`, mediaType: drawn.mediaType });
}
