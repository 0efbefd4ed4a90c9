import * as z from "zod";
import { InputError, isSightlineError, SetupError } from "../errors.ts";
import type { VisionModel } from "../model.ts";
import type { EncodedImage } from "../ports.ts";
import { parseVisualQuery, unjudgedSentence, type VisualQuery } from "../query/index.ts";
import { confidenceShape, warningsShape } from "../shapes.ts";
import { defineTask, type TaskContext } from "../task.ts";
import { LOOKING_SIDE } from "../video/look.ts";
import { coverageWarnings, type FrameChoice, momentsOf, type VideoInHand, withVideo } from "../video/open-video.ts";
import { searchWithEyes } from "../video/search-with-eyes.ts";
import { searchWithModel } from "../video/search-with-model.ts";
import { CELLS, framesAQuestion } from "../video/sheets.ts";
import { clock, milliseconds } from "../video/spans.ts";
import { videoInput } from "../video/shapes.ts";
import { isFramesFault } from "../video/unread.ts";
import { stayWords } from "../video/stay-words.ts";
import type { Stay } from "../video/stays.ts";

/** The machine's own eyes look at every change that a person makes, far away too: the share of the picture's pixels that must differ. */
const EYES_SAME = 0.001;
/** A model is dearer: changes that would be seen on a cell of a sheet. */
const MODEL_SAME = 0.004;

/** A frame on the machine itself takes this long on two cores, seconds: detection, clothing and decoding (`bench:video`: 52 s for the 121 frames of an hour). What is in it decides. */
const SECONDS_A_FRAME = 0.4;

/** What an answer about a sheet takes, tokens; the prompt lists the frames' times. */
const TOKENS_A_QUESTION = 350;

const match = z.object({
  start: z.number().describe("Seconds from the video's beginning"),
  end: z.number().describe("Seconds"),
  best_time: z.number().describe("Where it shows best, seconds"),
  confidence: confidenceShape,
  description: z.string().optional(),
  frame: z.string().optional().describe("Path of the frame at best_time, with the box drawn where one is known"),
});
type Match = z.output<typeof match>;

/** Finds when something can be seen in a video. */
export const searchVideo = defineTask({
  name: "search_video",
  title: "Search video",
  description:
    'Finds when something can be seen in a video, e.g. "a woman wearing a red top and blue jeans": start, end and a frame of each time. ' +
    "Without a model: people by clothing colors, 79 other kinds of things by color. Long videos take minutes: estimate tells first.",
  doors: ["mcp", "cli", "library", "n8n"],
  files: { video: "video" },
  savesPictures: true,
  input: z.object({
    video: videoInput,
    query: z.string().min(1).max(500),
    from: z.number().min(0).optional().describe("Seconds"),
    to: z.number().min(0).optional().describe("Seconds"),
    max_matches: z.number().int().min(1).max(100).default(20).describe("The surest ones"),
    precision_s: z.number().min(0.02).max(60).default(0.5).describe("Of starts and ends"),
    estimate: z.boolean().default(false).describe("Only say what it would take"),
  }),
  output: z.object({
    matches: z.array(match),
    coverage: z.object({
      duration: z.number().describe("Of the video, seconds"),
      frames_seen: z.number().int().describe("Frames that were looked at"),
      frames_unread: z.number().int().describe("Frames that could not be looked at"),
      model_calls: z.number().int(),
      tokens: z.number().int().describe("In all model calls, as the server counts them"),
    }),
    estimate: z
      .object({
        frames: z.number().int(),
        model_calls: z.number().int().describe("At the least; each match takes one more, and their ends one or two together"),
        tokens: z.number().int(),
        seconds: z.number().optional().describe("On this machine's own eyes; how fast a model answers, only its server knows"),
      })
      .optional(),
    source: z.enum(["embedded", "model"]),
    model: z.string().optional(),
    warnings: warningsShape,
  }),
  examples: [
    { video: "/home/me/Videos/door.mp4", query: "a person dressed in black" },
    { video: "/home/me/Videos/street.mp4", query: "a red bus", from: 60, to: 600, estimate: true },
  ],
  render: renderSearch,
  async run(input, context) {
    if (input.query.trim() === "") throw new InputError("query is empty.", { hint: 'Say what to look for, e.g. "a person in black".' });
    const query = parseVisualQuery(input.query);
    if (context.model === undefined) needLookable(query);
    return withVideo(input.video, input, context, async (opened) => {
      if (context.model === undefined) return searchByEyes(opened, query, input, context);
      try {
        return await searchByModel(opened, input, context.model, context);
      } catch (error) {
        const itsFault = isSightlineError(error) && error.kind !== "InputError" && !context.signal.aborted;
        if (context.fallback !== "embedded" || !itsFault || query.labels.length === 0) throw error;
        const answer = await searchByEyes(opened, query, input, context);
        return {
          ...answer,
          warnings: [
            `The model ${context.model.id} failed, and this machine's own detections answer in its place: ${error.message}`,
            ...answer.warnings,
          ],
        };
      }
    });
  },
});

interface Wish {
  readonly query: string;
  readonly max_matches: number;
  readonly precision_s: number;
  readonly estimate: boolean;
}

interface Answer {
  matches: Match[];
  coverage: { duration: number; frames_seen: number; frames_unread: number; model_calls: number; tokens: number };
  estimate?: { frames: number; model_calls: number; tokens: number; seconds?: number };
  source: "embedded" | "model";
  model?: string;
  warnings: string[];
}

function needLookable(query: VisualQuery): void {
  if (query.labels.length > 0) return;
  throw new SetupError(
    `To look for "${query.text}" in a video needs a vision model, and none is set up: ${query.says === undefined ? "this machine's own eyes know no such thing" : "this machine reads text in pictures, not in each frame of a video"}.`,
    {
      hint:
        "Install Ollama and run `ollama pull qwen3-vl:8b` (it is found by itself), or name a server with SIGHTLINE_BASE_URL and its model with SIGHTLINE_MODEL. " +
        "Without one, ask for people, what they wear, vehicles, animals or household things.",
    },
  );
}

/** How many frames are worth a look grows with the video, but not as fast. */
function frameChoice({ span, video }: VideoInHand, source: "embedded" | "model"): FrameChoice {
  const length = Math.min(span.end, video.duration || span.end) - span.start;
  const minutes = Number.isFinite(length) ? length / 60 : 60;
  return source === "model"
    ? { most: CELLS * Math.min(20, Math.round(4 + minutes / 4)), same: MODEL_SAME }
    : { most: Math.min(600, Math.round(150 + 4 * minutes)), same: EYES_SAME };
}

async function searchByEyes(opened: VideoInHand, query: VisualQuery, wish: Wish, context: TaskContext): Promise<Answer> {
  const { video } = opened;
  const { judged, warnings } = judgeable(query);
  const chosen = await momentsOf(opened, frameChoice(opened, "embedded"), context);
  const coverage = { duration: milliseconds(video.duration), frames_seen: 0, frames_unread: 0, model_calls: 0, tokens: 0 };
  const shared = {
    source: "embedded" as const,
    warnings: ["No model was used: only what this machine detects by itself can be found.", ...warnings],
  };
  if (wish.estimate) {
    const frames = chosen.moments.length;
    const estimate = { frames, model_calls: 0, tokens: 0, seconds: Math.ceil(frames * SECONDS_A_FRAME) };
    return { ...shared, matches: [], coverage, estimate, warnings: [...shared.warnings, ...coverageWarnings(opened, chosen)] };
  }
  const { stays, frames } = await searchWithEyes(opened, chosen, judged, wish.precision_s, context);
  const matches: Match[] = [];
  for (const stay of surest(stays, wish.max_matches)) {
    const saved = await saveFrame(opened, stay.bestTime, stay, context);
    matches.push({ ...times(stay), confidence: stay.confidence, description: stayWords(stay), ...saved });
  }
  if (stays.length > matches.length)
    shared.warnings.push(`${stays.length} matches were found; the ${matches.length} surest are shown (max_matches).`);
  return {
    ...shared,
    matches,
    coverage: { ...coverage, frames_seen: frames, frames_unread: opened.unread.count },
    warnings: [...shared.warnings, ...coverageWarnings(opened, chosen)],
  };
}

/** What of the query can be judged over time, and what cannot, in words. */
function judgeable(query: VisualQuery): { judged: VisualQuery; warnings: string[] } {
  const unjudged = unjudgedSentence(query);
  const ranks = query.places.filter(({ kind }) => kind === "rank").map(({ words }) => `"${words}"`);
  const others = [
    ...ranks,
    ...(query.says === undefined ? [] : [`the text "${query.says}"`]),
    ...(query.count === undefined || query.count === 1 ? [] : ["how many"]),
  ];
  const { says: _, ...judged } = query;
  return {
    judged: { ...judged, places: query.places.filter(({ kind }) => kind !== "rank") },
    warnings: [
      ...(unjudged === undefined ? [] : [unjudged]),
      ...(others.length === 0
        ? []
        : [
            `In a video this machine's own eyes do not judge ${others.join(", ")} (it would be read, or counted, anew in each frame): the matches are regardless of it.`,
          ]),
    ],
  };
}

async function searchByModel(opened: VideoInHand, wish: Wish, model: VisionModel, context: TaskContext): Promise<Answer> {
  const { video } = opened;
  if (model.abilities.maxImages < 1)
    throw new SetupError(`${model.id} takes no pictures.`, { hint: "Set SIGHTLINE_MODEL to a vision model, e.g. qwen3-vl:8b." });
  const chosen = await momentsOf(opened, frameChoice(opened, "model"), context);
  const duration = milliseconds(video.duration);
  const warnings = (): string[] => coverageWarnings(opened, chosen);
  if (wish.estimate) {
    const frames = chosen.moments.length;
    const model_calls = Math.ceil(frames / framesAQuestion(model));
    const { longSide } = model.abilities;
    const sheet = model.family.imageTokens({ width: longSide, height: Math.round((longSide * 3 * video.height) / (4 * video.width)) });
    const estimate = { frames, model_calls, tokens: Math.ceil(frames / CELLS) * sheet + model_calls * TOKENS_A_QUESTION };
    const coverage = { duration, frames_seen: 0, frames_unread: 0, model_calls: 0, tokens: 0 };
    return { matches: [], coverage, estimate, source: "model", model: model.id, warnings: warnings() };
  }
  const options = { precision: wish.precision_s, maxMatches: wish.max_matches };
  const { found, spent, warnings: told } = await searchWithModel(opened, chosen, wish.query.trim(), options, model, context);
  const matches: Match[] = [];
  for (const each of found) {
    const saved = await saveFrame(opened, each.bestTime, undefined, context);
    matches.push({
      ...times(each),
      confidence: each.confidence,
      ...(each.description === "" ? {} : { description: each.description }),
      ...saved,
    });
  }
  return {
    matches,
    coverage: { duration, frames_seen: spent.frames, frames_unread: opened.unread.count, model_calls: spent.calls, tokens: spent.tokens },
    source: "model",
    model: spent.model,
    warnings: [...told, ...warnings()],
  };
}

function surest(stays: readonly Stay[], most: number): Stay[] {
  return stays
    .toSorted((a, b) => b.confidence - a.confidence)
    .slice(0, most)
    .toSorted((a, b) => a.start - b.start);
}

function times({ start, end, bestTime }: { start: number; end: number; bestTime: number }): Pick<Match, "start" | "end" | "best_time"> {
  return { start: milliseconds(start), end: milliseconds(end), best_time: milliseconds(bestTime) };
}

/** The frame at that time, with the box drawn where one is known; returns its path, or nothing where it cannot be had once more. */
async function saveFrame(
  { name, video, unread }: VideoInHand,
  time: number,
  seen: Stay | undefined,
  context: TaskContext,
): Promise<{ frame?: string }> {
  const { images, store, signal } = context;
  const onUnread = (_: number, why: InputError): void => unread.add(time, why);
  for await (const { image } of video.frames([time], { longSide: LOOKING_SIDE, signal, onUnread })) {
    let drawn: EncodedImage = image;
    try {
      if (seen !== undefined) drawn = await images.annotate(image.bytes, [{ label: seen.label, box: seen.box }], { signal });
    } catch (error) {
      // It is shown without its box.
      if (!isFramesFault(error, signal)) throw error;
    }
    const stem = name.replace(/\.[^./]*$/, "");
    const file = { bytes: drawn.bytes, name: `${stem}-${time.toFixed(2).replace(".", "_")}s.jpg`, mediaType: drawn.mediaType };
    return { frame: await store.save(file) };
  }
  return {};
}

function renderSearch(output: Answer): string {
  const { matches, coverage, estimate } = output;
  const calls = coverage.model_calls === 0 ? "" : `, ${coverage.model_calls} model calls, ${coverage.tokens} tokens`;
  const lines =
    estimate !== undefined
      ? [
          `A search would look at ${estimate.frames} frames${estimate.model_calls === 0 ? "" : ` in at least ${estimate.model_calls} model calls (about ${estimate.tokens} tokens)`}${estimate.seconds === undefined ? "" : `, for about ${estimate.seconds} s`}.`,
        ]
      : [
          matches.length === 0 ? "Not found." : `Found ${matches.length} ${matches.length === 1 ? "time" : "times"}:`,
          ...matches.map(
            (each) =>
              `${clock(each.start)} to ${clock(each.end)} (${each.start} s to ${each.end} s, best at ${each.best_time} s, ${Math.round(each.confidence * 100)} %)${each.description === undefined ? "" : `: ${each.description}`}${each.frame === undefined ? "" : `\n  ${each.frame}`}`,
          ),
          `Looked at ${coverage.frames_seen} frames of ${clock(coverage.duration)}${calls}${output.model === undefined ? "" : ` by ${output.model}`}.`,
        ];
  return [...lines, ...output.warnings.map((warning) => `[${warning}]`)].join("\n");
}
