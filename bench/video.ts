/**
 * `pnpm bench:video`: what is promised of videos, on the corpora's clip and on an hour made from it (the clip twice, far apart, the rest its empty scene).
 * Without a model, and with a stand-in that answers from the table of the truth; then what long work costs and leaves behind. Ends with exit code 1 when a promise is missed.
 */
import { existsSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { runTask, searchVideo, type TaskContext } from "../packages/core/src/index.ts";
import { createHost, loadSettings } from "../packages/local/src/index.ts";
import { startStandInModel } from "../test/model/stand-in-server.ts";
import { ffmpeg, frameNumber, noFfmpeg, NUMBERED, X264 } from "../test/video/make-video.ts";
import { cellsOf, type Spans, truthTable } from "../test/video/truth-table.ts";
import { CORPORA } from "./receipts.ts";
import { thingColors } from "./video/colors.ts";
import { longWork } from "./video/long-work.ts";
import { createPromises } from "./video/promises.ts";

const CLIP = path.join(CORPORA, "video", "one-by-one-first.mp4");
const BUS_PHOTO = path.join(CORPORA, "photos", "bus.jpg");
/** By eye, from the corpora's README. */
const PEOPLE: Spans = [
  [6.2, 19.8],
  [22.8, 45.0],
  [50.4, 69.8],
];
const IN_BLACK: Spans = PEOPLE.slice(1);
const CLIP_SECONDS = 72;
/** Where the clip stands in the hour, seconds; and where the clip itself shows its empty scene for long enough. */
const CLIP_AT = [600, 2700];
const HOUR = 3600;
const EMPTY = { from: 46, seconds: 4 };

/** The bounds. */
const END_SECONDS = 0.5;
const CLIP_CALLS = 12;
const HOUR_CALLS = 40;
const HOUR_SECONDS = 180;
const KEYFRAME_SPEED = 100;

const promises = createPromises();
const { report } = promises;

type Match = Awaited<ReturnType<typeof runTask<typeof searchVideo.input, typeof searchVideo.output>>>["matches"][number];

/** The largest error of an end, seconds; infinite where matches and truth are not one to one. */
function worstEnd(matches: readonly Match[], truth: Spans): number {
  if (matches.length !== truth.length) return Infinity;
  return Math.max(0, ...matches.flatMap(({ start, end }, at) => [Math.abs(start - truth[at]![0]), Math.abs(end - truth[at]![1])]));
}

const shown = (matches: readonly Match[]): string =>
  matches.length === 0 ? "nothing" : matches.map(({ start, end }) => `${start.toFixed(2)}–${end.toFixed(2)}`).join(", ");

async function withContext<Result>(
  folder: string,
  flags: Record<string, unknown>,
  use: (context: TaskContext) => Promise<Result>,
): Promise<Result> {
  const settings = await loadSettings({ flags: { allow: [CORPORA, folder], ...flags }, env: {} });
  // A cache of its own each time: nothing is remembered from the measurement before.
  const cache = await mkdtemp(path.join(folder, "cache-"));
  const host = createHost(settings, { env: { XDG_CACHE_HOME: cache } });
  try {
    return await use(await host.context({ signal: AbortSignal.timeout(30 * 60_000) }));
  } finally {
    await host.close();
  }
}

async function withoutModel(folder: string): Promise<void> {
  await withContext(folder, { backend: "none" }, async (context) => {
    for (const [query, truth] of [
      ["a person", PEOPLE],
      ["person in a red top", []],
      ["person dressed in black", IN_BLACK],
    ] as const) {
      const { matches, coverage } = await runTask(searchVideo, { video: CLIP, query }, context);
      const worst = worstEnd(matches, truth);
      report(
        `without a model, "${query}"`,
        worst <= END_SECONDS,
        `${shown(matches)}; worst end ${worst.toFixed(2)} s; ${coverage.frames_seen} frames`,
      );
    }
  });
}

async function withStandIn(folder: string, video: string, truth: Spans, most: number, model: string): Promise<void> {
  const server = await startStandInModel({ mode: "verbatim", text: truthTable(truth), model });
  try {
    await withContext(folder, { "base-url": server.baseUrl, model }, async (context) => {
      const { matches, coverage } = await runTask(searchVideo, { video, query: "a person" }, context);
      const chats = server.requests.filter(({ path: route }) => route.endsWith("/chat/completions"));
      const first = cellsOf(chats[0]?.body ?? {})[0];
      const worst = worstEnd(matches, truth);
      report(
        `stand-in ${model} on ${path.basename(video)}`,
        worst <= END_SECONDS && chats.length <= most && coverage.model_calls === chats.length && first?.time === 0,
        `${matches.length} of ${truth.length} matches, worst end ${worst.toFixed(2)} s; ${chats.length} calls (at most ${most}), ${coverage.frames_seen} frames; first frame looked at: ${first?.time} s`,
      );
    });
  } finally {
    await server.close();
  }
}

/** The hour, put together from encoded parts: minutes of the empty scene, and the clip. */
function makeHour(folder: string): void {
  const encode = [...X264, "-r", "10", "-an"];
  ffmpeg(["-ss", String(EMPTY.from), "-t", String(EMPTY.seconds), "-i", CLIP, ...encode, "scene.mp4"], folder);
  ffmpeg(["-stream_loop", "-1", "-i", "scene.mp4", "-t", "60", ...encode, "minute.ts"], folder);
  ffmpeg(["-i", CLIP, "-t", String(CLIP_SECONDS), ...encode, "clip.ts"], folder);
  const minutes = (seconds: number): string[] => Array.from({ length: Math.round(seconds / 60) }, () => "minute.ts");
  const gap = CLIP_AT[1]! - CLIP_AT[0]! - CLIP_SECONDS;
  ffmpeg(["-stream_loop", "-1", "-i", "scene.mp4", "-t", String(gap % 60), ...encode, "rest.ts"], folder);
  const parts = [
    ...minutes(CLIP_AT[0]!),
    "clip.ts",
    ...minutes(gap - (gap % 60)),
    "rest.ts",
    "clip.ts",
    ...minutes(HOUR - CLIP_AT[1]! - CLIP_SECONDS - ((HOUR - CLIP_AT[1]! - CLIP_SECONDS) % 60)),
  ];
  writeFileSync(path.join(folder, "parts.txt"), parts.map((part) => `file ${part}\n`).join(""));
  ffmpeg(["-f", "concat", "-i", "parts.txt", "-c", "copy", "hour.mp4"], folder);
}

async function hour(folder: string): Promise<void> {
  makeHour(folder);
  const video = path.join(folder, "hour.mp4");
  const truth = CLIP_AT.flatMap((at) => PEOPLE.map(([start, end]) => [at + start, at + end] as const));
  for (const model of ["llama3.2-vision:11b", "qwen3-vl:8b"]) await withStandIn(folder, video, truth, HOUR_CALLS, model);
  await withContext(folder, { backend: "none" }, async (context) => {
    const started = performance.now();
    const { matches, coverage } = await runTask(searchVideo, { video, query: "a person" }, context);
    const seconds = (performance.now() - started) / 1000;
    const worst = worstEnd(matches, truth);
    report(
      "the hour without a model",
      worst <= END_SECONDS && seconds <= HOUR_SECONDS,
      `${matches.length} of ${truth.length} matches, worst end ${worst.toFixed(2)} s; ${seconds.toFixed(0)} s (at most ${HOUR_SECONDS}), ${coverage.frames_seen} frames`,
    );
  });
}

/** Keyframes alone of ten minutes of 1080p at 30 frames a second: half a minute, encoded once and repeated. */
async function keyframeSpeed(folder: string): Promise<void> {
  const seconds = 600;
  ffmpeg(["-t", "30", "-i", CLIP, "-vf", "scale=1920:1080,fps=30", ...X264, "-an", "half-minute.mp4"], folder);
  ffmpeg(["-stream_loop", "-1", "-i", "half-minute.mp4", "-t", String(seconds), "-c", "copy", "hd.mp4"], folder);
  await withContext(folder, { backend: "none" }, async ({ input, videos, signal }) => {
    const file = await input.open(path.join(folder, "hd.mp4"), { accept: ["video"] });
    try {
      const video = await videos.open(file);
      let best = Infinity;
      let samples = 0;
      for (let round = 0; round < 3; round++) {
        samples = 0;
        const started = performance.now();
        for await (const _ of video.samples({ start: 0, end: video.duration, gap: Infinity, signal })) samples++;
        best = Math.min(best, (performance.now() - started) / 1000);
      }
      const speed = seconds / best;
      report(
        "keyframe sampling of 1080p",
        speed >= KEYFRAME_SPEED,
        `${speed.toFixed(0)} times real time (at least ${KEYFRAME_SPEED}), ${samples} samples of ${seconds} s in ${best.toFixed(2)} s`,
      );
    } finally {
      await file.close();
    }
  });
}

/** Frames with their own number in them, at a rate whose times are no round figures. */
async function trueTimes(folder: string): Promise<void> {
  ffmpeg(
    ["-f", "lavfi", "-i", "color=black:size=480x270:rate=30000/1001:duration=60", "-vf", NUMBERED, ...X264, "-g", "90", "numbered.mp4"],
    folder,
  );
  await withContext(folder, { backend: "none" }, async ({ input, videos, signal }) => {
    const file = await input.open(path.join(folder, "numbered.mp4"), { accept: ["video"] });
    try {
      const video = await videos.open(file);
      let [frames, wrong] = [0, 0];
      const few = [0, 0.5, 12.34, 33.333, 59.9];
      const many = Array.from({ length: 110 }, (_, index) => 0.2 + index * 0.54);
      for (const times of [few, many]) {
        for await (const { time, image } of video.frames(times, { longSide: 480, signal })) {
          const { data, info } = await sharp(image.bytes).raw().toBuffer({ resolveWithObject: true });
          frames++;
          if (Math.abs((frameNumber({ data, ...info }) * 1001) / 30_000 - time) > 0.001) wrong++;
        }
      }
      report(
        "times true to the frame",
        wrong === 0 && frames === few.length + many.length,
        `${frames - wrong} of ${few.length + many.length} frames are the ones their times name`,
      );
    } finally {
      await file.close();
    }
  });
}

if (noFfmpeg !== undefined || !existsSync(CLIP)) {
  console.error(`bench:video: ${noFfmpeg ?? `no clip at ${CLIP}: set SIGHTLINE_CORPORA to the folder of the corpora`}`);
  process.exitCode = 1;
} else {
  const folder = await mkdtemp(path.join(tmpdir(), "sightline-bench-"));
  try {
    await trueTimes(folder);
    await keyframeSpeed(folder);
    for (const model of ["llama3.2-vision:11b", "qwen3-vl:8b"]) await withStandIn(folder, CLIP, PEOPLE, CLIP_CALLS, model);
    await withoutModel(folder);
    await hour(folder);
    await withContext(folder, { backend: "none" }, (context) => thingColors(folder, BUS_PHOTO, context, promises));
    await longWork(folder, promises);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (promises.missed > 0) {
    console.error(`bench:video: ${promises.missed} missed`);
    process.exitCode = 1;
  }
}
