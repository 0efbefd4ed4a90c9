import type { Span, VideoSample } from "@sightline/core";
import type { VideoFile } from "./ffmpeg.ts";
import { framesPastStops } from "./past-stops.ts";
import type { Patience } from "./patience.ts";
import { rawFrames, TIME_TOLERANCE, type RawFrame } from "./raw-frames.ts";

/** Longest side of a thumbnail, pixels: someone who takes a twentieth of the picture's height moves several of them. */
const SIDE = 96;

/** Keyframes that are looked at before it is decided whether frames between them are needed: several gaps are then filled by one run of the decoder. */
const BATCH = 12;

/** Between frames that are taken from a run of the decoder: a little under the gap, so that an uneven rate does not overstep it. */
const SPACING = 0.98;

export interface SampleOptions extends Span {
  /** Most seconds between two samples. */
  readonly gap: number;
  readonly thumbnail: { readonly width: number; readonly height: number };
  readonly signal?: AbortSignal | undefined;
  readonly patience: Patience;
  /** Of the whole video by its header, seconds; 0 where that does not say. */
  readonly duration: number;
  /** As `rawFrames` has it. */
  onFault(after: number | undefined, before: number | undefined): void;
  /** Told of each keyframe. */
  onKeyframe(time: number): void;
}

export function thumbnailSize({ width, height }: { width: number; height: number }): { width: number; height: number } {
  const scale = SIDE / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * Keyframes alone are a hundred times faster to decode than all frames; where they lie further apart than `gap`, and at both ends, the frames between them
 * are decoded too.
 */
export async function* samples(file: VideoFile, options: SampleOptions): AsyncGenerator<VideoSample, void, void> {
  const { start, end, gap, thumbnail, signal, onFault, patience, duration } = options;
  const common = { ...thumbnail, format: "gray" as const, signal, onFault, patience, end: Math.min(end, duration || end) };
  const sample = ({ time, pixels }: RawFrame): VideoSample => ({ time, thumbnail: { ...thumbnail, data: pixels } });
  const isInside = (time: number): boolean => time <= end + TIME_TOLERANCE;

  /** Frames from `from` up to and without `to`, `every` so many seconds. */
  async function* between(from: number, to: number, every: number): AsyncGenerator<VideoSample, void, void> {
    const select = every === 0 ? undefined : `isnan(prev_selected_t)+gte(t-prev_selected_t,${(every * SPACING).toFixed(6)})`;
    for await (const frame of framesPastStops(file, { ...common, from, select, end: Math.min(to, common.end) })) {
      if (frame.time >= to - TIME_TOLERANCE || !isInside(frame.time)) return;
      yield sample(frame);
    }
  }

  let last: number | undefined;
  let batch: VideoSample[] = [];
  /** The batch, filled where it has gaps, without its last keyframe: that one begins the next batch. */
  async function* flush(): AsyncGenerator<VideoSample, void, void> {
    const next = batch.at(-1);
    if (next === undefined) return;
    const first = batch[0]!;
    const gaps = batch.some((each, index) => index > 0 && each.time - batch[index - 1]!.time > gap + TIME_TOLERANCE);
    if (gaps) yield* between(first.time, next.time, gap);
    else yield* batch.slice(0, -1);
    batch = [next];
  }

  for await (const frame of framesPastStops(file, { ...common, from: start, keyframesOnly: true })) {
    if (!isInside(frame.time)) break;
    options.onKeyframe(frame.time);
    // The span begins between two keyframes.
    if (last === undefined && frame.time > start + TIME_TOLERANCE) for await (const each of between(start, frame.time, gap)) yield each;
    last = frame.time;
    batch.push(sample(frame));
    if (batch.length > BATCH) yield* flush();
  }
  yield* flush();

  // From the last keyframe on every frame is decoded, for the last one of all: how long a video is, its header does not say exactly.
  let shown = -Infinity;
  let final: VideoSample | undefined;
  for await (const each of between(last ?? start, Infinity, 0)) {
    final = each;
    if (each.time - shown < gap * SPACING) continue;
    shown = each.time;
    yield each;
  }
  if (final !== undefined && final.time > shown) yield final;
}

/** Every frame of a span as a thumbnail. */
export async function* motion(
  file: VideoFile,
  { start, end, ...options }: Span & Pick<SampleOptions, "thumbnail" | "signal"> & { readonly silenceMs: number },
): AsyncGenerator<VideoSample, void, void> {
  const { thumbnail, signal, silenceMs } = options;
  for await (const { time, pixels } of rawFrames(file, { ...thumbnail, format: "gray", from: start, signal, silenceMs })) {
    if (time > end + TIME_TOLERANCE) return;
    yield { time, thumbnail: { ...thumbnail, data: pixels } };
  }
}
