/**
 * What a long search costs and leaves behind, as its user's process: memory of the whole tree of processes, how soon it ends when it is cancelled, and what a second search
 * still has to do after the first was killed.
 */
import { writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { startCli, type Running } from "../../test/cli/run-cli.ts";
import { isRunning } from "../../test/mcp/processes.ts";
import { processTree } from "../../test/tools/process-tree.ts";
import { ffmpeg } from "../../test/video/make-video.ts";
import { watchResident } from "../resident.ts";
import type { Promises } from "./promises.ts";

const MINUTES = { short: 2, long: 120 };

/** The long one's peak, in those of the short one. */
const MEMORY_RATIO = 1.25;
const CANCEL_SECONDS = 1;

/** Frames that are on disk when the search is killed. */
const SEEN_BEFORE = 10;

/** `folder` holds a minute of the empty scene, minute.ts, and the clip of 72 s, clip.ts. */
export async function longWork(folder: string, promises: Promises): Promise<void> {
  const videos = { short: makeLong(folder, "short"), long: makeLong(folder, "long") };
  await memory(folder, videos, promises);
  await cancelled(folder, videos.long, promises);
  await killed(folder, videos.long, promises);
}

/** The clip, and the empty scene for the rest. */
function makeLong(folder: string, which: keyof typeof MINUTES): string {
  ffmpeg(["-stream_loop", String(MINUTES[which]), "-i", "minute.ts", "-c", "copy", `${which}.ts`], folder);
  writeFileSync(path.join(folder, `${which}.txt`), `file clip.ts\nfile ${which}.ts\n`);
  ffmpeg(["-f", "concat", "-i", `${which}.txt`, "-t", String(MINUTES[which] * 60), "-c", "copy", `${which}.mp4`], folder);
  return path.join(folder, `${which}.mp4`);
}

interface Search extends Running {
  readonly cache: string;
  readonly temp: string;
}

async function search(folder: string, video: string, cache?: string): Promise<Search> {
  const own = cache ?? (await mkdtemp(path.join(folder, "cache-")));
  const temp = path.join(own, "tmp");
  await mkdir(temp, { recursive: true });
  const env = { XDG_CACHE_HOME: own, TMPDIR: temp };
  return {
    ...startCli(["search-video", video, "--query", "a person", "--json"], { env, cwd: folder }),
    cache: own,
    temp,
  };
}

async function memory(folder: string, videos: Record<keyof typeof MINUTES, string>, { report }: Promises): Promise<void> {
  const peak = async (video: string): Promise<number> => {
    const { process, outcome } = await search(folder, video);
    const watch = watchResident(process.pid!);
    const { code, stderr } = await outcome;
    if (code !== 0) throw new Error(stderr);
    return watch.stop();
  };
  const [short, long] = [await peak(videos.short), await peak(videos.long)];
  report(
    "memory of a video of two hours",
    long <= MEMORY_RATIO * short,
    `${(long / short).toFixed(2)} times that of one of two minutes (at most ${MEMORY_RATIO}): ${long.toFixed(0)} and ${short.toFixed(0)} MB, all processes together`,
  );
}

async function cancelled(folder: string, video: string, { report }: Promises): Promise<void> {
  const running = await search(folder, video);
  await keptFrames(running, 1);
  const tree = await processTree(running.process.pid!);
  const began = performance.now();
  running.process.kill("SIGINT");
  const { code } = await running.outcome;
  const seconds = (performance.now() - began) / 1000;
  const left = tree.filter(isRunning);
  const files = await readdir(running.temp);
  report(
    "cancelling it",
    code === 130 && seconds <= CANCEL_SECONDS && left.length === 0 && files.length === 0,
    `ended after ${seconds.toFixed(2)} s (at most ${CANCEL_SECONDS}); of ${tree.length} processes ${left.length} and ${files.length} temporary files are left`,
  );
}

async function killed(folder: string, video: string, { report }: Promises): Promise<void> {
  const first = await search(folder, video);
  const before = await keptFrames(first, SEEN_BEFORE);
  const tree = await processTree(first.process.pid!);
  first.process.kill("SIGKILL");
  await first.outcome;
  const seen = await framesOf(first);
  const second = await search(folder, video, first.cache);
  const { code, stdout } = await second.outcome;
  const all = await framesOf(second);
  const looked = all.length - seen.length;
  const twice = all.length - new Set(all).size;
  const { matches } = JSON.parse(stdout) as { matches: unknown[] };
  const left = tree.filter(isRunning);
  report(
    "going on after kill -9",
    code === 0 && seen.length >= before && twice === 0 && matches.length > 0 && left.length === 0,
    `${seen.length} frames were looked at before, ${looked} after, ${twice} of them twice; of ${tree.length} killed processes ${left.length} are left`,
  );
}

/** Waits until so many frames have been looked at; returns how many. */
async function keptFrames(running: Search, atLeast: number): Promise<number> {
  for (;;) {
    const frames = (await framesOf(running)).length;
    if (frames >= atLeast) return frames;
    if (running.process.exitCode !== null) throw new Error(`it ended before: ${(await running.outcome).stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The frames that were written down as seen, as often as they were. */
async function framesOf({ cache }: Search): Promise<string[]> {
  const folder = path.join(cache, "sightline", "videos");
  const files = await readdir(folder).catch(() => []);
  const texts = await Promise.all(files.map((name) => readFile(path.join(folder, name), "utf8")));
  return texts.flatMap((text) =>
    text
      .split("\n")
      .filter((line) => line.endsWith("]"))
      .map((line) => (JSON.parse(line) as [string])[0]),
  );
}
