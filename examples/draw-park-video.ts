/** Draws the sample video: `pnpm exec tsx --conditions=@sightline/source examples/draw-park-video.ts`. It needs ffmpeg; the result is committed. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ffmpeg } from "../test/video/make-video.ts";
import { makeParkVideo } from "./prompts/videos.ts";

const folder = await mkdtemp(path.join(tmpdir(), "sightline-park-"));
try {
  await makeParkVideo(folder);
  // Smaller than the tests have it, and ready to be played before all of it is there.
  const small = ["-c:v", "libx264", "-preset", "veryslow", "-crf", "28", "-g", "20", "-pix_fmt", "yuv420p", "-movflags", "+faststart"];
  ffmpeg(["-i", "park.mp4", ...small, fileURLToPath(new URL("samples/park.mp4", import.meta.url))], folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
