import type { ImageSize } from "@sightline/core";
import { InputError } from "@sightline/core/errors";
import * as z from "zod";
import { ended, GUARDED, patiently, start, type VideoFile } from "./ffmpeg.ts";

/** What a video's header says. */
export interface VideoFacts extends ImageSize {
  /** Seconds. */
  readonly duration: number;
  /** Frames a second, on average. */
  readonly frameRate: number;
}

/** ffprobe's answer, as far as it is read. Everything may be missing in a damaged file. */
const answer = z.object({
  streams: z
    .array(
      z.object({
        codec_type: z.string().optional(),
        width: z.number().optional(),
        height: z.number().optional(),
        sample_aspect_ratio: z.string().optional(),
        avg_frame_rate: z.string().optional(),
        r_frame_rate: z.string().optional(),
        duration: z.string().optional(),
        disposition: z.object({ attached_pic: z.number().optional() }).optional(),
        side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
      }),
    )
    .default([]),
  format: z.object({ duration: z.string().optional() }).optional(),
});

/** The most that is kept of what the program says, characters. */
const WORDS = 4_000;

/** Reads the header. InputError when there is no video in the file, or it is too damaged to tell. */
export async function probe(file: VideoFile, signal: AbortSignal | undefined): Promise<VideoFacts> {
  const program = start(
    "ffprobe",
    file,
    (input) => [
      ...["-v", "error", ...GUARDED, "-show_entries"],
      "stream=codec_type,width,height,sample_aspect_ratio,avg_frame_rate,r_frame_rate,duration:stream_disposition=attached_pic:stream_side_data=rotation:format=duration",
      ...["-of", "json", input],
    ],
    signal,
  );
  let json = "";
  let words = "";
  program.stdout.setEncoding("utf8").on("data", (chunk: string) => (json += chunk));
  program.stderr.setEncoding("utf8").on("data", (chunk: string) => (words = (words + chunk).slice(-WORDS)));
  const code = await patiently(program, ended(program));
  signal?.throwIfAborted();
  if (code !== 0) throw unreadable(file.name, words);
  const { streams, format } = answer.parse(JSON.parse(json));
  const video = streams.find(({ codec_type, disposition }) => codec_type === "video" && disposition?.attached_pic !== 1);
  if (video?.width === undefined || video.height === undefined || video.width === 0 || video.height === 0) {
    const sound = streams.some(({ codec_type }) => codec_type === "audio");
    throw new InputError(`${file.name} has no pictures${sound ? ": it is sound alone" : ""}.`, { hint: "Give a file with a video track." });
  }
  const turned = Math.abs(video.side_data_list?.find(({ rotation }) => rotation !== undefined)?.rotation ?? 0) % 180 === 90;
  const width = Math.max(1, Math.round(video.width * (ratio(video.sample_aspect_ratio, ":") ?? 1)));
  return {
    width: turned ? video.height : width,
    height: turned ? width : video.height,
    duration: Math.max(0, Number(format?.duration ?? video.duration ?? 0) || 0),
    frameRate: ratio(video.avg_frame_rate, "/") ?? ratio(video.r_frame_rate, "/") ?? 25,
  };
}

/** "30000/1001" as a number; undefined where either part is 0 or missing. */
function ratio(text: string | undefined, sign: string): number | undefined {
  const [over, under] = (text ?? "").split(sign).map(Number);
  return over !== undefined && under !== undefined && over > 0 && under > 0 ? over / under : undefined;
}

/** Why ffmpeg cannot open the file, in words for the one who has it. */
export function unreadable(name: string, words: string): InputError {
  if (/not in allowed list|whitelist/i.test(words)) {
    return new InputError(`${name} is not a video itself, but names or holds something that is not opened.`, {
      hint: "Playlists and unusual containers are refused. Save the video as MP4, WebM or MKV and give that file.",
    });
  }
  if (/moov atom not found/i.test(words)) {
    return new InputError(`${name} is cut off: the index that MP4 files have at their end is missing.`, {
      hint: "The recording or download did not finish. Fetch it again, or repair it with a tool such as untrunc.",
    });
  }
  const last =
    words
      .trim()
      .split("\n")
      .at(-1)
      ?.replace(/^\[[^\]]*\]\s*/, "")
      .replace(/^file:\S+:\s*/, "") ?? "";
  return new InputError(`${name} cannot be read as a video${last === "" ? "" : `: ${last.replace(/\.$/, "")}`}.`, {
    hint: "It is damaged, or of a kind that FFmpeg does not know. If other programs play it, convert it to MP4 and give that file.",
  });
}
