import * as z from "zod";
import { isSightlineError, SetupError } from "../errors.ts";
import type { VisionModel } from "../model.ts";
import type { Detail } from "../scene.ts";
import { warningsShape } from "../shapes.ts";
import { defineTask, type TaskContext } from "../task.ts";
import { describeWithEyes } from "../video/describe-with-eyes.ts";
import { describeWithModel, type Part } from "../video/describe-with-model.ts";
import { coverageWarnings, momentsOf, type VideoInHand, withVideo } from "../video/open-video.ts";
import { CELLS } from "../video/sheets.ts";
import { videoInput } from "../video/shapes.ts";
import { clock, milliseconds } from "../video/spans.ts";

/** Contact sheets that a model is shown, and frames that the machine's own eyes look at. */
const SHEETS: Record<Detail, number> = { brief: 1, standard: 4, detailed: 12 };
const FRAMES: Record<Detail, number> = { brief: 60, standard: 150, detailed: 400 };

/** Shares of the picture's pixels that make another moment: what the eyes can detect, and what is worth a cell of a sheet. */
const EYES_SAME = 0.001;
const MODEL_SAME = 0.01;

/** When things come and go is told to this, seconds. */
const PRECISION = 0.5;

/** Says what happens in a video, and when. */
export const describeVideo = defineTask({
  name: "describe_video",
  title: "Describe video",
  description:
    "Says what happens in a video: a summary and a timeline. Without a model from what this machine detects: people and what they wear, vehicles, animals. " +
    "The sound is not listened to. Use search_video to find when a certain thing can be seen.",
  doors: ["mcp", "cli", "library", "n8n"],
  files: { video: "video" },
  input: z.object({
    video: videoInput,
    detail: z.enum(["brief", "standard", "detailed"]).default("standard").describe("How much is said, and how closely is looked"),
    from: z.number().min(0).optional().describe("Seconds"),
    to: z.number().min(0).optional().describe("Seconds"),
  }),
  output: z.object({
    summary: z.string(),
    timeline: z.array(z.object({ start: z.number().describe("Seconds"), end: z.number().describe("Seconds"), description: z.string() })),
    duration: z.number().describe("Of the video, seconds"),
    width: z.number().describe("Pixels, upright"),
    height: z.number().describe("Pixels, upright"),
    coverage: z.object({
      frames_seen: z.number().int(),
      frames_unread: z.number().int().describe("Frames that could not be looked at"),
      model_calls: z.number().int(),
      tokens: z.number().int().describe("In all model calls, as the server counts them"),
    }),
    source: z.enum(["embedded", "model"]).describe("Who described it: this machine from its detections, or the model"),
    model: z.string().optional(),
    warnings: warningsShape,
  }),
  examples: [{ video: "/home/me/Videos/door.mp4" }, { video: "/home/me/Videos/street.mp4", detail: "brief", from: 30, to: 90 }],
  render: renderVideo,
  run: (input, context) =>
    withVideo(input.video, input, context, async (opened) => {
      const { model } = context;
      if (model === undefined) return byEyes(opened, input.detail, context);
      try {
        return await byModel(opened, input.detail, model, context);
      } catch (error) {
        const itsFault = isSightlineError(error) && error.kind !== "InputError" && !context.signal.aborted;
        if (context.fallback !== "embedded" || !itsFault) throw error;
        const answer = await byEyes(opened, input.detail, context);
        const told = `The model ${model.id} failed, and this machine's own detections answer in its place: ${error.message}`;
        return { ...answer, warnings: [told, ...answer.warnings] };
      }
    }),
});

interface Answer {
  summary: string;
  timeline: Part[];
  duration: number;
  width: number;
  height: number;
  coverage: { frames_seen: number; frames_unread: number; model_calls: number; tokens: number };
  source: "embedded" | "model";
  model?: string;
  warnings: string[];
}

async function byEyes(opened: VideoInHand, detail: Detail, context: TaskContext): Promise<Answer> {
  const chosen = await momentsOf(opened, { most: FRAMES[detail], same: EYES_SAME }, context);
  const { summary, timeline, frames } = await describeWithEyes(opened, chosen, detail, PRECISION, context);
  return {
    summary,
    timeline: timeline.map(rounded),
    ...sizeOf(opened),
    coverage: { frames_seen: frames, frames_unread: opened.unread.count, model_calls: 0, tokens: 0 },
    source: "embedded",
    warnings: ["No model was used: the description names only what this machine detects by itself.", ...coverageWarnings(opened, chosen)],
  };
}

async function byModel(opened: VideoInHand, detail: Detail, model: VisionModel, context: TaskContext): Promise<Answer> {
  if (model.abilities.maxImages < 1)
    throw new SetupError(`${model.id} takes no pictures.`, { hint: "Set SIGHTLINE_MODEL to a vision model, e.g. qwen3-vl:8b." });
  const chosen = await momentsOf(opened, { most: SHEETS[detail] * CELLS, same: MODEL_SAME }, context);
  const { summary, timeline, spent, warnings } = await describeWithModel(opened, chosen, detail, model, context);
  return {
    summary,
    timeline: timeline.map(rounded),
    ...sizeOf(opened),
    coverage: { frames_seen: spent.frames, frames_unread: opened.unread.count, model_calls: spent.calls, tokens: spent.tokens },
    source: "model",
    model: spent.model,
    warnings: [...warnings, ...coverageWarnings(opened, chosen)],
  };
}

function rounded({ start, end, description }: Part): Part {
  return { start: milliseconds(start), end: milliseconds(end), description };
}

function sizeOf({ video }: VideoInHand): { duration: number; width: number; height: number } {
  return { duration: milliseconds(video.duration), width: video.width, height: video.height };
}

function renderVideo(output: Answer): string {
  const by = output.source === "model" ? `, described by ${output.model ?? "the model"}` : "";
  return [
    output.summary,
    "",
    ...output.timeline.map(({ start, end, description }) => `${clock(start)} to ${clock(end)}: ${description}`),
    `${clock(output.duration)}, ${output.width} x ${output.height} pixels; ${output.coverage.frames_seen} frames looked at${by}.`,
    ...output.warnings.map((warning) => `[${warning}]`),
  ].join("\n");
}
