import { InputError } from "@sightline/core/errors";
import { createInterface } from "node:readline";
import { ended, everyFrameOnce, GUARDED, patiently, SILENCE_MS, start, THREADS, type VideoFile } from "./ffmpeg.ts";
import { createShowinfoReader } from "./showinfo.ts";

export interface RawFrame {
  /** Seconds from the video's beginning. */
  readonly time: number;
  /** Rows from the top; a buffer of its own. */
  readonly pixels: Uint8Array;
}

export interface RawFramesOptions {
  /** Seconds; decoding begins at the keyframe before, frames at or after it come out. Default: the beginning. */
  readonly from?: number | undefined;
  /** Frames that are not keyframes are not decoded. */
  readonly keyframesOnly?: boolean;
  /** The expression of ffmpeg's `select` filter. Default: all frames. */
  readonly select?: string | undefined;
  /** Frames after which decoding ends by itself. */
  readonly most?: number | undefined;
  readonly width: number;
  readonly height: number;
  readonly format: "gray" | "rgb24";
  readonly signal?: AbortSignal | undefined;
  /** Longest wait for the next frame, ms; then the decoder is killed. */
  readonly silenceMs?: number | undefined;
  /** Told when something between two frames (or before the first, after the last) could not be decoded. Seconds. */
  onFault?(after: number | undefined, before: number | undefined): void;
}

/** Containers with an index of keyframes. In the others a jump lands where it lands, now and then behind where it was aimed. */
const INDEXED: ReadonlySet<string> = new Set([
  "video/mp4",
  "video/quicktime",
  "video/x-m4v",
  "video/matroska",
  "video/x-matroska",
  "video/webm",
]);

/** There, decoding begins this much earlier, seconds: keyframes are seldom further apart. */
const RUN_UP = 12;

/** Of a frame's time, seconds: microseconds are what a jump is aimed with. */
export const TIME_TOLERANCE = 0.000_5;

/** The decoder hung and was killed, or died. Behind the place where it did there may be more to read. */
export class DecoderStopped extends InputError {}

/**
 * Frames of the video, upright, scaled to one size. They are read as they are needed: a consumer that stops to think stops the decoder,
 * and one that leaves ends it. DecoderStopped when the decoder does not come to the end of what was asked for.
 */
export async function* rawFrames(file: VideoFile, options: RawFramesOptions): AsyncGenerator<RawFrame, void, void> {
  const { from = 0, keyframesOnly = false, select, most, width, height, format, signal, silenceMs = SILENCE_MS } = options;
  signal?.throwIfAborted();
  const size = width * height * (format === "gray" ? 1 : 3);
  const isIndexed = INDEXED.has(file.mediaType);
  const begin = Math.max(0, isIndexed ? from : from - RUN_UP);
  const wanted = [...(from > 0 ? [`gte(t,${(from - TIME_TOLERANCE).toFixed(6)})`] : []), ...(select === undefined ? [] : [`(${select})`])];
  const filters = [
    ...(wanted.length === 0 ? [] : [`select='${wanted.join("*")}'`]),
    `scale=${width}:${height}:flags=area`,
    "showinfo=checksum=0",
  ];
  const once = await everyFrameOnce();
  const program = start(
    "ffmpeg",
    file,
    (input) => [
      ...["-nostdin", "-nostats", "-loglevel", "level+info", ...GUARDED, ...THREADS],
      // The file's own times, its beginning being 0.
      ...["-copyts", "-start_at_zero"],
      ...(keyframesOnly ? ["-skip_frame", "nokey"] : []),
      ...(begin > 0 ? ["-ss", Math.max(0, begin - TIME_TOLERANCE).toFixed(6)] : []),
      // Video tracks without cover pictures.
      ...["-i", input, "-map", "0:V:0", "-an", "-sn", "-dn"],
      // None made up or dropped for an even rate.
      ...(most === undefined ? [] : ["-frames:v", String(most)]),
      ...["-vf", filters.join(), ...once, "-pix_fmt", format, "-f", "rawvideo"],
      // Else the end of a frame waits in a buffer for the next one, which may be an hour of decoding away.
      ...["-flush_packets", "1", "pipe:1"],
    ],
    signal,
  );
  const over = ended(program);
  // Whoever awaits it hears of a failure; nobody does while frames come.
  over.catch(() => {});

  const times = createTimes(options);
  const lines = createInterface({ input: program.stderr });
  const read = createShowinfoReader();
  lines.on("line", (line) => {
    const news = read(line);
    if (news?.kind === "frame") times.add(news.time);
    // Without an index a jump lands between keyframes: what cannot be decoded up to the next one is not damaged.
    else if (news !== undefined && (isIndexed || begin === 0 || times.last !== undefined)) times.fault();
  });
  lines.once("close", () => times.end());
  try {
    let pixels = new Uint8Array(size);
    let filled = 0;
    const chunks = program.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    for (;;) {
      const { done, value } = await patiently(program, chunks.next(), silenceMs);
      if (done === true) break;
      for (let at = 0; at < value.length;) {
        const part = value.subarray(at, at + size - filled);
        pixels.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled < size) continue;
        const time = await patiently(program, times.next(), silenceMs);
        if (time !== undefined) yield { time, pixels };
        pixels = new Uint8Array(size);
        filled = 0;
      }
    }
    await over;
    signal?.throwIfAborted();
    if (program.signalCode !== null) throw stopped(file.name, program.signalCode, silenceMs);
  } catch (error) {
    signal?.throwIfAborted();
    await over;
    throw error;
  } finally {
    lines.close();
    program.kill("SIGKILL");
    // Pipes with something left in them would keep it from being over.
    program.stdout.destroy();
    program.stderr.destroy();
    await over.catch(() => {});
  }
}

/** Whoever ends the decoder from outside must not pass for the end of the video. */
function stopped(name: string, by: NodeJS.Signals, silenceMs: number): DecoderStopped {
  return new DecoderStopped(`Decoding ${name} was stopped (${by}): it hung for ${silenceMs / 1000} s, crashed, or the memory was full.`, {
    hint: "Try again when the machine has less to do. If it happens again, convert the video to MP4 (H.264) at a smaller size.",
  });
}

/** Times come on one pipe and pixels on the other, in the same order. */
function createTimes({ onFault }: Pick<RawFramesOptions, "onFault">): {
  add(time: number): void;
  fault(): void;
  end(): void;
  next(): Promise<number | undefined>;
  /** Of the frame before; undefined before the first. */
  readonly last: number | undefined;
} {
  const waiting: number[] = [];
  let wake: (() => void) | undefined;
  let over = false;
  let last: number | undefined;
  let faulty = false;
  const told = (before: number | undefined): void => {
    // Nothing is missing before the first frame of all: a decoder that works ahead tells of what lies behind it.
    if (!faulty || (last === undefined && before !== undefined && before <= TIME_TOLERANCE)) return;
    onFault?.(last, before);
    faulty = false;
  };
  return {
    add(time) {
      told(time);
      last = time;
      waiting.push(time);
      wake?.();
    },
    fault: () => (faulty = true),
    get last() {
      return last;
    },
    end() {
      told(undefined);
      over = true;
      wake?.();
    },
    async next() {
      while (waiting.length === 0 && !over) await new Promise<void>((resolve) => (wake = resolve));
      return waiting.shift();
    },
  };
}
