import type { OpenVideo } from "../ports.ts";
import type { Detail } from "../scene.ts";
import type { TaskContext } from "../task.ts";
import type { ChosenFrames } from "./choose-frames.ts";
import type { Part } from "./describe-with-model.ts";
import { asLook, createWatcher, EYES } from "./look.ts";
import { needLooks, type VideoInHand } from "./open-video.ts";
import { clock } from "./spans.ts";
import { stayWords } from "./stay-words.ts";
import { createStays, type Stay } from "./stays.ts";
import { buildTracks, type Look, partedWhereGone, type Track } from "./tracks.ts";

/** What comes and goes. Other things are part of the scene and named in the summary. */
const MOVING: ReadonlySet<string> = new Set([
  ...["person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat"],
  ...["bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe"],
]);

/** Someone seen once, and not clearly, is not said to have been there. */
const SURE = 0.5;

/** A thing of the scene is named when this share of the looks shows it. */
const OFTEN = 0.25;

export interface EyesDescription {
  readonly summary: string;
  readonly timeline: readonly Part[];
  readonly frames: number;
}

/** Describes the video from what was detected in it, and nothing else. */
export async function describeWithEyes(
  opened: VideoInHand,
  { moments }: ChosenFrames,
  detail: Detail,
  precision: number,
  context: TaskContext,
): Promise<EyesDescription> {
  const { video } = opened;
  const kept = await video.observations(EYES);
  try {
    const watcher = createWatcher(opened, kept, context);
    const times = moments.map(({ time }) => time);
    const seen = await watcher.look(times, (done) => context.progress(`Looking at frame ${done} of ${times.length}`, done, times.length));
    const shown = moments.filter(({ time }) => seen.has(time));
    const looks = shown.map((moment) => asLook(seen.get(moment.time)!, moment));
    needLooks(opened, looks.length);
    const tracks = buildTracks(looks)
      .filter(isClear)
      .flatMap((track) => partedWhereGone(track, looks, shown));
    const moving = tracks.filter(({ label }) => MOVING.has(label));
    const stayOf = createStays({ video, looks, moments: shown, watcher, precision, context });
    const stays: Stay[] = [];
    for (const [index, { label, sightings }] of moving.entries()) {
      context.progress(`Finding when ${index + 1} of ${moving.length} things come and go`, index, moving.length);
      stays.push(await stayOf({ label, sightings: sightings.map((sighting) => ({ ...sighting, score: 1 })) }));
    }
    const timeline = timelineOf(stays, { start: looks[0]!.time, end: looks.at(-1)!.until });
    return { summary: summaryOf(video, looks, tracks, stays, detail), timeline, frames: watcher.frames };
  } finally {
    await kept.close();
  }
}

function isClear({ sightings }: Track): boolean {
  return sightings.length > 1 || sightings.some(({ object }) => object.confidence >= SURE);
}

/** Parts in which the same things are there; one at least, as short as it may be. */
function timelineOf(stays: readonly Stay[], whole: { readonly start: number; readonly end: number }): Part[] {
  const inside = new Set([whole.start, ...stays.flatMap(({ start, end }) => [start, end])]);
  const borders = [...[...inside].filter((time) => time >= whole.start && time < whole.end).toSorted((a, b) => a - b), whole.end];
  if (borders.length === 1) borders.unshift(whole.start);
  return borders.slice(1).map((end, index): Part => {
    const start = borders[index]!;
    const there = stays.filter(
      (stay) => (stay.start < end && stay.end > start) || (start === end && stay.start <= end && stay.end >= start),
    );
    return { start, end, description: there.length === 0 ? "Nobody and nothing that moves was detected." : `${sentence(there)}.` };
  });
}

function sentence(stays: readonly Stay[]): string {
  const words = [...new Set(stays.map(stayWords))].map((each) => {
    const count = stays.filter((stay) => stayWords(stay) === each).length;
    return count === 1 ? each : `${each} (${count} of them)`;
  });
  const list = words.length === 1 ? words[0]! : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
  return list.charAt(0).toUpperCase() + list.slice(1);
}

function summaryOf(video: OpenVideo, looks: readonly Look[], tracks: readonly Track[], stays: readonly Stay[], detail: Detail): string {
  const lines = [
    `A video of ${clock(video.duration)}, ${video.width} x ${video.height} pixels, of which ${looks.length} frames were looked at.`,
  ];
  const kinds = [...new Set(stays.map(({ label }) => label))];
  lines.push(
    kinds.length === 0
      ? "No people, vehicles or animals were detected."
      : `${kinds.map((kind) => times(kind, stays.filter(({ label }) => label === kind).length)).join(", ")}.`,
  );
  if (detail !== "brief") {
    const scene = [...new Set(tracks.map(({ label }) => label))].filter(
      (label) =>
        !MOVING.has(label) &&
        looks.filter(({ objects }) => objects.some((object) => object.label === label)).length >= OFTEN * looks.length,
    );
    if (scene.length > 0) lines.push(`Also seen in the scene: ${scene.join(", ")}.`);
  }
  return lines.join(" ");
}

function times(kind: string, count: number): string {
  const words = `${kind === "person" ? "someone" : `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`} comes into view`;
  const said = count === 1 ? `${words} once` : `${words} ${count} times`;
  return said.charAt(0).toUpperCase() + said.slice(1);
}
