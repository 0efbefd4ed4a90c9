import { InputError, isCancellation, isSightlineError, lessonsOf, type TaskContext } from "@sightline/core";
import { inputOf, keptPages, taskOf, type KeptCorrection, type ReadCorrections } from "@sightline/local/corrections";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { inOneLine } from "../batch/report.ts";
import type { ProgressLine } from "../progress.ts";
import type { CorrectionsRequest } from "./command.ts";
import { SET_FILE, writeFolder } from "./folder.ts";
import { formats, type Sample } from "./formats.ts";
import { SIDES, sidesOf, type Side } from "./split.ts";

type ExportRequest = Extract<CorrectionsRequest, { kind: "export-training" }>;

/** A correction of which something is not in the set, and why. */
export interface Note {
  readonly id: string;
  readonly message: string;
}

export interface ExportSummary {
  readonly out: string;
  readonly format: string;
  readonly corrections: number;
  /** Samples by side. */
  readonly samples: Readonly<Record<Side, number>>;
  /** Corrections whose values are not all taught. */
  readonly untaught: readonly Note[];
  /** Corrections, and other things in the folder, of which nothing is in the set. */
  readonly left_out: readonly Note[];
  readonly warnings: readonly string[];
}

export interface ExportOptions {
  readonly version: string;
  readonly progress: ProgressLine;
  readonly signal: AbortSignal;
  context(call: Pick<TaskContext, "signal" | "progress">): Promise<TaskContext>;
}

interface Exported extends Sample {
  readonly id: string;
  readonly side: Side;
  readonly task: string;
  readonly width: number;
  readonly height: number;
  readonly tokens: number;
}

/** Writes the training set. InputError when nothing in the corrections can be taught, or when the folder cannot be written. */
export async function exportTraining(request: ExportRequest, read: ReadCorrections, options: ExportOptions): Promise<ExportSummary> {
  const { version, progress, signal } = options;
  const { format: name, split } = request;
  const format = formats[name];
  const out = resolve(request.out);
  const sides = sidesOf(read.corrections, split);
  const samples: Exported[] = [];
  const untaught: Note[] = [];
  const leftOut: Note[] = [...read.problems];

  let summary: ExportSummary | undefined;
  await writeFolder(out, async (folder) => {
    await mkdir(join(folder, "images"));
    for (const [index, correction] of read.corrections.entries()) {
      const { id } = correction;
      signal.throwIfAborted();
      progress.show(`Exporting ${id}`, index, read.corrections.length);
      try {
        const context = await options.context({
          signal,
          progress: (message) => progress.show(`${id}: ${message}`, index, read.corrections.length),
        });
        const { lessons, untaught: missed } = await lessonsFrom(correction, format.pupil, context);
        const fitting = lessons.filter(({ tokens }) => tokens <= format.pupil.contextTokens);
        for (const [at, { prompt, reply, image, tokens }] of fitting.entries()) {
          const file = `images/${id}-${at + 1}.${image.mediaType === "image/png" ? "png" : "jpg"}`;
          await writeFile(join(folder, file), image.bytes, { signal });
          const { width, height } = image;
          samples.push({ id, side: sides.get(id) ?? "train", task: correction.task, prompt, reply, image: file, width, height, tokens });
        }
        const long = lessons.length - fitting.length;
        const notes = [
          ...missed,
          ...(long === 0
            ? []
            : [`${long} of its questions are longer than the ${format.pupil.contextTokens} tokens that are trained at a time.`]),
        ];
        const to = fitting.length === 0 ? leftOut : untaught;
        if (notes.length > 0) to.push({ id, message: notes.join(" ") });
      } catch (error) {
        if (isCancellation(error, signal) || !isSightlineError(error) || error.kind === "SetupError") throw error;
        leftOut.push({ id, message: [error.message, error.hint ?? ""].join(" ").trim() });
      }
    }
    progress.clear();
    if (samples.length === 0) throw nothingToTeach(request.folder, leftOut);
    const bySide = {
      train: samples.filter(({ side }) => side === "train"),
      validation: samples.filter(({ side }) => side === "validation"),
    };
    summary = {
      out: request.out,
      format: name,
      corrections: read.corrections.length,
      samples: { train: bySide.train.length, validation: bySide.validation.length },
      untaught,
      left_out: leftOut,
      warnings: SIDES.filter((side) => bySide[side].length === 0 && (side === "train" || split.validation > 0)).map(
        (side) =>
          `No document fell on the ${side} side: there are few, and ${Math.round(split.validation * 1000) / 10} % are held back. Another --seed or --validation draws others.`,
      ),
    };
    const record = {
      format: name,
      version,
      exported_at: new Date().toISOString(),
      ...split,
      samples: samples.map(({ prompt: _prompt, reply: _reply, ...rest }) => rest),
      untaught,
      left_out: leftOut,
    };
    const files = { ...format.files(bySide, out), [SET_FILE]: `${JSON.stringify(record, undefined, 1)}\n` };
    for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text, { signal });
  }).finally(() => progress.clear());
  if (summary === undefined) throw new Error("a set that was written has a summary");
  return summary;
}

function lessonsFrom(correction: KeptCorrection, pupil: Parameters<typeof lessonsOf>[1]["pupil"], context: TaskContext) {
  return lessonsOf(
    taskOf(correction),
    { input: inputOf(correction), correct: correction.corrected, pupil },
    { ...context, documents: keptPages(correction, context.documents) },
  );
}

function nothingToTeach(folder: string, leftOut: readonly Note[]): InputError {
  const [first] = leftOut;
  return new InputError(
    first === undefined ? `${folder} holds no corrections.` : `Nothing in ${folder} can be taught. ${first.id}: ${first.message}`,
    { hint: first === undefined ? "They are kept there by sightline-mcp --http 8000 --keep-corrections DIR." : undefined },
  );
}

const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? "" : "s"}`;

export function renderExport({ out, format, corrections, samples, untaught, left_out: leftOut, warnings }: ExportSummary): string {
  const notes = (title: string, list: readonly Note[]): string[] =>
    list.length === 0 ? [] : [title, ...list.map(({ id, message }) => `  ${inOneLine(id)}: ${inOneLine(message)}`)];
  return [
    `${count(corrections, "correction")}: ${count(samples.train, "sample")} to train on, ${samples.validation} held back, for ${format}.`,
    ...notes("Not taught:", untaught),
    ...notes("Left out:", leftOut),
    ...warnings.map((warning) => `[${warning}]`),
    `Training set: ${out}`,
  ].join("\n");
}
