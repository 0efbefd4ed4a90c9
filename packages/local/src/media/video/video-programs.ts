import { SetupError } from "@sightline/core/errors";
import { versionOf } from "./ffmpeg.ts";
import { installLine } from "./install-line.ts";

export interface VideoPrograms {
  readonly ready: boolean;
  /** In words, e.g. "FFmpeg 5.1.9-0+deb12u1". */
  readonly by: string;
  /** What is not there and the command that installs it; only when not ready. */
  readonly missing?: { readonly what: string; readonly command: string };
}

/** Whether videos can be read: both programs come from PATH. */
export async function videoPrograms(): Promise<VideoPrograms> {
  const versions = await Promise.all([versionOf("ffmpeg"), versionOf("ffprobe")].map(orMissing));
  const [version] = versions;
  if (version !== undefined && !versions.includes(undefined)) return { ready: true, by: `FFmpeg ${version}` };
  const absent = ["ffmpeg", "ffprobe"].filter((_, index) => versions[index] === undefined).join(" and ");
  return { ready: false, by: "FFmpeg", missing: { what: `${absent} on PATH, for videos`, command: installLine() } };
}

const orMissing = (version: Promise<string>): Promise<string | undefined> =>
  version.catch((error: unknown) => {
    if (error instanceof SetupError) return undefined;
    throw error;
  });
