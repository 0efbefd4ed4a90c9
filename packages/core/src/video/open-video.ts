import { InputError } from "../errors.ts";
import type { OpenVideo, Span } from "../ports.ts";
import type { TaskContext } from "../task.ts";
import { chooseFrames, type ChosenFrames } from "./choose-frames.ts";
import { clock } from "./spans.ts";
import { createUnreadFrames, type UnreadFrames } from "./unread.ts";

/**
 * Most seconds between two samples that are held against each other: who passes faster than that may not be seen. A short video is sampled more often, up to
 * a 600th of its length, where decoding it takes no longer than `DECODING` (seconds on two cores; `DECODED` pixels a second, measured on 1080p H.264).
 */
const SAMPLE_GAP = { least: 0.5, most: 2, share: 600 };
const DECODING = 30;
const DECODED = 8e8;

/** This share of the picture changes when someone comes who could be told from afar. */
const STIR = 0.01;

/** A still scene is looked at again after a sixtieth of the span, in seconds not less than this. */
const STILL_SHARE = 60;
const STILL_LEAST = 10;

/** What a caller wants to have looked at. */
export interface WantedSpan {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface VideoInHand {
  readonly name: string;
  readonly video: OpenVideo;
  readonly span: Span;
  readonly unread: UnreadFrames;
}

/** Opens the video that a caller named, for as long as `use` takes. InputError where the span lies outside it. */
export async function withVideo<Result>(
  reference: string,
  wanted: WantedSpan,
  context: TaskContext,
  use: (opened: VideoInHand) => Promise<Result>,
): Promise<Result> {
  const { from = 0, to } = wanted;
  if (to !== undefined && to <= from) {
    throw new InputError(`from (${from} s) is not before to (${to} s).`, { hint: "Give both in seconds from the video's beginning." });
  }
  const { signal } = context;
  const file = await context.input.open(reference, { accept: ["video"], signal });
  try {
    const video = await context.videos.open(file, { signal, name: file.name });
    // A header that does not say how long the video is says 0.
    if (video.duration > 0 && from >= video.duration) {
      throw new InputError(`from (${from} s) is behind the end of ${file.name}, which is ${clock(video.duration)} long.`, {
        hint: "Give a time inside the video, in seconds.",
      });
    }
    const end = video.duration > 0 ? Math.min(to ?? Infinity, video.duration) : (to ?? Infinity);
    return await use({ name: file.name, video, span: { start: from, end }, unread: createUnreadFrames() });
  } finally {
    await file.close();
  }
}

export interface FrameChoice {
  /** Most frames to look at. */
  readonly most: number;
  /** As `chooseFrames` has it. */
  readonly same: number;
}

/** The moments of the span that are worth a look. InputError when no frame of it can be decoded. */
export async function momentsOf({ name, video, span }: VideoInHand, choice: FrameChoice, context: TaskContext): Promise<ChosenFrames> {
  context.progress(`Looking through ${name} (${clock(video.duration)})`);
  const length = lengthOf({ video, span });
  const gap = Math.max(STILL_LEAST, Number.isFinite(length) ? length / STILL_SHARE : STILL_LEAST);
  const least = sampleGap({ video, span });
  const samples = video.samples({ ...span, gap: least, signal: context.signal });
  const chosen = await chooseFrames(samples, { ...choice, gap, spacing: { calm: SAMPLE_GAP.most, least }, stir: STIR });
  if (chosen.moments.length > 0) return chosen;
  throw new InputError(`No frame of ${name} between ${clock(span.start)} and ${clock(span.end)} can be decoded.`, {
    hint: "That part is damaged. Search another part with from and to.",
  });
}

/** Of what is looked at, seconds; infinite where nobody knows. */
function lengthOf({ video, span }: Pick<VideoInHand, "video" | "span">): number {
  return Math.min(span.end, video.duration || span.end) - span.start;
}

function sampleGap({ video, span }: Pick<VideoInHand, "video" | "span">): number {
  const length = lengthOf({ video, span });
  const decoding = (length * video.width * video.height * video.frameRate) / DECODED;
  return decoding <= DECODING ? Math.min(SAMPLE_GAP.most, Math.max(SAMPLE_GAP.least, length / SAMPLE_GAP.share)) : SAMPLE_GAP.most;
}

/** InputError when nothing could be looked at: that is no answer. */
export function needLooks({ name, unread }: VideoInHand, looks: number): void {
  if (looks > 0) return;
  throw new InputError(`No frame of ${name} could be looked at. ${unread.reason ?? "None of them can be decoded."}`, {
    hint: "The video is damaged, or the machine has too much to do. Try again when it has less; if that does not help, convert the video to MP4 (H.264) and give that file.",
  });
}

/** What a reader must know of how the video was looked at. */
export function coverageWarnings({ video, span, unread }: VideoInHand, { moments, leftOut }: ChosenFrames): string[] {
  const warnings: string[] = [];
  const gap = sampleGap({ video, span });
  if (gap > SAMPLE_GAP.least && leftOut === 0)
    warnings.push(
      `What shows for less than ${gap.toFixed(1)} s may be missed in so long a video: a shorter part (from, to) is looked at more closely.`,
    );
  const widest = moments.slice(1).reduce((most, { time }, index) => Math.max(most, time - moments[index]!.until), 0);
  if (leftOut > 0) {
    warnings.push(
      `The video changes too often for every change to be looked at: up to ${widest.toFixed(1)} s between two looks were left out, and what shows for less may be missed. A shorter part (from, to) is looked at more closely.`,
    );
  }
  const last = moments.at(-1)!;
  if (video.duration > 0 && span.end - last.until > Math.max(SAMPLE_GAP.most, 2 / video.frameRate))
    warnings.push(
      `The video ends at ${clock(last.until)}, although its header says ${clock(span.end)}: the rest is missing or cannot be decoded.`,
    );
  for (const { start, end } of video.damage())
    warnings.push(
      `The video is damaged between ${clock(start)} and ${clock(end)}: frames there are missing or wrong, and what they show may have been missed.`,
    );
  return [...warnings, ...unread.warnings()];
}
