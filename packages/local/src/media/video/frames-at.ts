import type { Span } from "@sightline/core";
import { InputError } from "@sightline/core/errors";
import type { VideoFile } from "./ffmpeg.ts";
import type { Patience } from "./patience.ts";
import { DecoderStopped, rawFrames, TIME_TOLERANCE, type RawFrame, type RawFramesOptions } from "./raw-frames.ts";

export interface FramesAtOptions {
  readonly width: number;
  readonly height: number;
  /** What is known of the video, to choose the cheaper way. */
  readonly facts: { readonly width: number; readonly height: number; readonly frameRate: number; readonly duration: number };
  /** True for the time of a keyframe. */
  isKeyframe(time: number): boolean;
  readonly signal?: AbortSignal | undefined;
  readonly patience: Patience;
  onFault(after: number | undefined, before: number | undefined): void;
  /** Told of each time that no frame can be had for. */
  onUnread(time: number, why: InputError): void;
}

/** Pixels a second that two cores decode; and what starting the decoder and jumping costs, seconds (measured on 1080p H.264: 8.7 s for 120 s at 30 a second, 0.18 s a jump). */
const DECODED = 8e8;
const JUMP = 0.12;

/** Keyframes are this far apart where nothing is known, seconds: half of it is decoded for nothing at each jump. */
const GROUP = 5;

/** Times that one run looks for: its expression is evaluated for each frame. */
const RUN = 150;

/** How far before a time that gave nothing the last frame is looked for, seconds. */
const BACK = [0.5, 2, 8, 32];

/** For each time the first frame at or after it, else the last one before; each frame once. */
export async function* framesAt(file: VideoFile, times: readonly number[], options: FramesAtOptions): AsyncGenerator<RawFrame, void, void> {
  let last = -Infinity;
  for await (const frame of ways(file, times, options)) {
    if (frame.time <= last + TIME_TOLERANCE) continue;
    last = frame.time;
    yield frame;
  }
}

async function* ways(file: VideoFile, times: readonly number[], options: FramesAtOptions): AsyncGenerator<RawFrame, void, void> {
  for (let at = 0; at < times.length; at += RUN) {
    const part = times.slice(at, at + RUN);
    if (part.every((time) => options.isKeyframe(time)) && part.length > 2) yield* inOneRun(file, part, true, options);
    else if (costOfOneRun(part, options) < costOfJumps(part, options)) yield* inOneRun(file, part, false, options);
    else for (const time of part) yield* atOne(file, time, options);
  }
}

function costOfOneRun(times: readonly number[], { facts }: FramesAtOptions): number {
  return JUMP + (spanOf(times).end - spanOf(times).start) * perSecond(facts);
}

function costOfJumps(times: readonly number[], { facts }: FramesAtOptions): number {
  return times.length * (JUMP + (GROUP / 2) * perSecond(facts));
}

/** Seconds of work for a second of video. */
function perSecond({ width, height, frameRate }: FramesAtOptions["facts"]): number {
  return (width * height * frameRate) / DECODED;
}

function spanOf(times: readonly number[]): Span {
  return { start: times[0] ?? 0, end: times.at(-1) ?? 0 };
}

async function* inOneRun(
  file: VideoFile,
  times: readonly number[],
  keyframesOnly: boolean,
  options: FramesAtOptions,
): AsyncGenerator<RawFrame, void, void> {
  const { patience, onUnread } = options;
  let waiting = times;
  while (waiting.length > 0 && !patience.isOver) {
    try {
      const run = { from: waiting[0], select: selection(waiting), keyframesOnly, most: waiting.length };
      for await (const frame of rawFrames(file, { ...runOptions(options), ...run })) {
        waiting = waiting.filter((time) => time > frame.time + TIME_TOLERANCE);
        yield frame;
        if (waiting.length === 0) return;
      }
      break;
    } catch (error) {
      if (!(error instanceof DecoderStopped)) throw error;
      patience.tried();
      // It hung on the way to this one; the others may be had.
      onUnread(waiting[0]!, error);
      waiting = waiting.slice(1);
    }
  }
  for (const time of waiting) yield* atOne(file, time, options);
}

/** Selects for each time the first frame that has reached it, when the one selected before had not. */
function selection(times: readonly number[]): string {
  return times
    .map((time) => (time - TIME_TOLERANCE).toFixed(6))
    .map((time) => `gte(t,${time})*(isnan(prev_selected_t)+lt(prev_selected_t,${time}))`)
    .join("+");
}

function runOptions({ width, height, signal, onFault, patience }: FramesAtOptions): RawFramesOptions {
  return { width, height, format: "rgb24", signal, onFault, silenceMs: patience.silenceMs };
}

async function* atOne(file: VideoFile, time: number, options: FramesAtOptions): AsyncGenerator<RawFrame, void, void> {
  const { patience, onUnread } = options;
  if (patience.isOver) return onUnread(time, new InputError(`${file.name} was given up: decoding it hung or crashed time and again.`));
  try {
    const frame = await oneFrame(file, time, options);
    if (frame === undefined) onUnread(time, new InputError(`Nothing of ${file.name} can be decoded there.`));
    else yield frame;
  } catch (error) {
    if (!(error instanceof DecoderStopped)) throw error;
    patience.tried();
    onUnread(time, error);
  }
}

/** The first frame at or after the time, else the last one before. */
async function oneFrame(file: VideoFile, time: number, options: FramesAtOptions): Promise<RawFrame | undefined> {
  const run = runOptions(options);
  for await (const frame of rawFrames(file, { ...run, from: time, most: 1 })) return frame;
  for (const back of BACK) {
    let last: RawFrame | undefined;
    for await (const frame of rawFrames(file, { ...run, from: Math.max(0, time - back) })) last = frame;
    if (last !== undefined || back > time) return last;
  }
  return undefined;
}
