import type { VideoFile } from "./ffmpeg.ts";
import type { Patience } from "./patience.ts";
import { DecoderStopped, rawFrames, TIME_TOLERANCE, type RawFrame, type RawFramesOptions } from "./raw-frames.ts";

/** How far behind the last frame it is begun anew, seconds: first, and how many times as far when it stops again before any frame has come. */
const SKIP = 5;
const FURTHER = 4;

/**
 * As `rawFrames`; where the decoder hangs or dies it is begun anew some way behind, and what was passed by is told as a fault. Ends at `end` (seconds), or
 * when the patience is over.
 */
export async function* framesPastStops(
  file: VideoFile,
  { patience, end, ...options }: RawFramesOptions & { readonly patience: Patience; readonly end: number },
): AsyncGenerator<RawFrame, void, void> {
  let { from = 0 } = options;
  let skip = SKIP;
  while (from <= end + TIME_TOLERANCE) {
    let last: number | undefined;
    try {
      for await (const frame of rawFrames(file, { ...options, from, silenceMs: patience.silenceMs })) {
        last = frame.time;
        skip = SKIP;
        yield frame;
      }
      return;
    } catch (error) {
      if (!(error instanceof DecoderStopped)) throw error;
      patience.tried();
      const stop = last ?? from;
      if (patience.isOver) return options.onFault?.(stop, undefined);
      from = stop + skip;
      options.onFault?.(stop, Math.min(from, end));
      skip *= FURTHER;
    }
  }
}
