import type * as z from "zod";
import type { AskContext } from "./ask.ts";
import type { Correcting } from "./correcting.ts";
import type { Table } from "./csv.ts";
import { InputError } from "./errors.ts";
import { inputProblems } from "./input-problems.ts";
import type { VisionModel } from "./model.ts";
import type {
  DocumentReader,
  FileKind,
  ImageCodec,
  InputReader,
  ObjectDetector,
  PictureReader,
  Store,
  TextRecognizer,
  VideoReader,
} from "./ports.ts";

/** Where a task can be called from. An agent host is a language model itself and needs no summarize tool. */
export type Door = "mcp" | "cli" | "library" | "n8n";

/** What an input field that names files takes. */
export type FileField = "image" | "document" | "video";

export interface TaskContext extends AskContext {
  readonly input: InputReader;
  readonly images: ImageCodec;
  readonly documents: DocumentReader;
  readonly videos: VideoReader;
  readonly text: TextRecognizer;
  readonly detector: ObjectDetector;
  readonly pictures: PictureReader;
  readonly store: Store;
  /**
   * "none" where the host has no eyes of its own: `text`, `detector` and `pictures` then end with a SetupError, and a task that can do without them
   * leaves out what they would have seen, and says so.
   */
  readonly eyes?: "none";
  /** The model that is set up; undefined when there is none and the machine's own eyes must do. */
  readonly model: VisionModel | undefined;
  /** The model for steps without a picture; the vision model itself where no other is set. */
  readonly textModel: VisionModel | undefined;
  /** What happens when the model that is set up fails: an error, or (asked for by the operator) an answer of the machine's own eyes that says so. */
  readonly fallback: "none" | "embedded";
  /** True when pictures are to be sent unshrunk. */
  readonly original: boolean;
}

/**
 * A vision task: its schema, description and prompt stand here once, and every door (MCP tool, CLI command,
 * docs) is made from it.
 */
export interface Task<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  /** snake_case; the CLI shows it with dashes. */
  readonly name: string;
  readonly title: string;
  /** What it does, for whom, with what limits: an agent chooses by these words. */
  readonly description: string;
  readonly doors: readonly Door[];
  /** The input fields that name files, and what they take; the first is positional at the CLI. */
  readonly files: Readonly<Record<string, FileField>>;
  /** The kinds of files those fields take, where that is more than a picture for "image", a PDF or a picture for "document". */
  readonly fileKinds?: readonly FileKind[];
  /** The input field that is a text itself: at the CLI it is read from the text files named, or standard input. */
  readonly textField?: string;
  readonly input: Input;
  readonly output: Output;
  /** True when it can also be done on a host without eyes of its own (`TaskContext.eyes`). */
  readonly eyesOptional?: true;
  /** Input defaults at an agent's door, where context is dear. */
  readonly agentDefaults?: Readonly<Partial<z.input<Input>>>;
  /** True when the output may name pictures that the task saved: doors that can hand them over do. */
  readonly savesPictures?: true;
  /** Example inputs for docs and tool descriptions. */
  readonly examples: readonly z.input<Input>[];
  /** The answer in words, for a reader who sees nothing else. */
  render(output: z.output<Output>): string;
  /** Evidence that was asked for and that `render` leaves out, in words; for doors whose readers may see words alone. Empty when there is none. */
  renderEvidence?(output: z.output<Output>): string;
  /** The answer as tables for spreadsheets, by what they have a row for; the first is the usual one. Default: one row of the answer's plain fields. */
  readonly tables?: Readonly<Record<string, Table<z.output<Output>>>>;
  /** What copies of the documents in it have in common with them, for whoever sees many answers. */
  copyKeys?(output: z.output<Output>): readonly string[];
  /** The answer as it is when copies with these keys came before it. */
  markCopies?(output: z.output<Output>, seenKeys: ReadonlySet<string>): z.output<Output>;
  /** How corrections of its answers are compared and taught; left out where a person cannot say the right values. */
  readonly correcting?: Correcting<z.output<Input>, z.output<Output>>;
  run(input: z.output<Input>, context: TaskContext): Promise<z.output<Output>>;
}

/** Gives a task its types; `run` and `render` are methods so that a list of different tasks needs no cast. */
export function defineTask<Input extends z.ZodObject, Output extends z.ZodObject>(task: Task<Input, Output>): Task<Input, Output> {
  return task;
}

/** The first sentence of what a task says of itself, without its stop: for lists of tasks. "e.g." ends no sentence. */
export function summaryOf({ description }: Pick<Task, "description">): string {
  return /^.*?(?=(?<!\be\.g)[.:](?:\s|$))/.exec(description)?.[0] ?? description;
}

/** `input` as `schema` reads it. InputError on unknown or malformed fields, naming what `name` takes. */
export function parseInput<Input extends z.ZodObject>(name: string, schema: Input, input: unknown): z.output<Input> {
  const parsed = schema.strict().safeParse(input);
  if (parsed.success) return parsed.data as z.output<Input>;
  const fields = Object.keys(schema.shape);
  throw new InputError(`${name}: ${inputProblems(parsed.error, input)}.`, {
    hint: `${name} takes ${fields.length === 0 ? "no fields" : fields.join(", ")}.`,
  });
}

/**
 * Checks the input, runs the task and holds it to its own output schema.
 * InputError on unknown or malformed fields; otherwise whatever the task throws.
 */
export async function runTask<Input extends z.ZodObject, Output extends z.ZodObject>(
  task: Task<Input, Output>,
  input: unknown,
  context: TaskContext,
): Promise<z.output<Output>> {
  const parsed = parseInput(task.name, task.input, input);
  context.signal.throwIfAborted();
  const output = await task.run(parsed, context);
  return task.output.parse(output);
}
