import { spawnSync } from "node:child_process";

/** Why tests that need ffmpeg are skipped, with the command that mends it; undefined where it is there. */
export const noFfmpeg: string | undefined = ["ffmpeg", "ffprobe"].every((program) => spawnSync(program, ["-version"]).status === 0)
  ? undefined
  : "ffmpeg is not on PATH: apt-get install ffmpeg";

/** Runs ffmpeg in `folder` to make a video for a test or a measurement. */
export function ffmpeg(args: readonly string[], folder: string): void {
  const { status, stderr } = spawnSync("ffmpeg", ["-nostdin", "-v", "error", "-y", ...args], { encoding: "utf8", cwd: folder });
  if (status !== 0) throw new Error(`ffmpeg ${args.join(" ")}: ${stderr}`);
}

/** x264, as quick as it gets. */
export const X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];

/** Bits of the frame's number in `numbered`. */
const BITS = 12;

/** A filter that writes each frame's number into it: twelve bars from the left, the lowest bit first, white for 1. */
export const NUMBERED = Array.from(
  { length: BITS },
  (_, bit) => `drawbox=x=iw*${bit}/${BITS}:y=0:w=iw/${BITS}:h=ih:t=fill:color=white:enable='mod(floor(n/${2 ** bit}),2)'`,
).join();

/** The number in a frame that `NUMBERED` wrote, from its raw pixels. */
export function frameNumber({
  data,
  width,
  height,
  channels,
}: {
  data: Uint8Array;
  width: number;
  height: number;
  channels: number;
}): number {
  const row = Math.floor(height / 2) * width;
  let number = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const x = Math.floor(((bit + 0.5) * width) / BITS);
    if ((data[(row + x) * channels] ?? 0) > 127) number += 2 ** bit;
  }
  return number;
}
