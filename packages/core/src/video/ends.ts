import type { Box } from "../page.ts";
import type { ImageSize, OpenVideo, Thumbnail, VideoSample } from "../ports.ts";
import type { Moment } from "./choose-frames.ts";
import { follow } from "./follow.ts";
import { changedShare, medianThumbnail } from "./thumbnails.ts";
import { isFramesFault } from "./unread.ts";

/** Between the last look without a thing and the first with it, seconds: in a wider gap it is looked for by halves before its motion is followed. */
const NEAR = 2;

/** It may have been there, half in the picture, when it was missed: its motion is followed this much further, and as often again as it is still seen. */
const FURTHER = 1;
const TIMES_FURTHER = 4;

/** Halving ends below the precision: an end anywhere in the last bracket is then within it. */
const FINER = 0.5;

/** Thumbnails whose median is the scene without it; a moment that lasted counts once for each second, so often at the most. */
const BACKGROUND = 7;
const ONE_MOMENT = 5;

/**
 * Where more than this share of the picture differs from one moment without it to the next, the camera moves; but not where one of them lasted, seconds: what
 * differed then was somebody who comes.
 */
const STILL = 0.15;
const LASTED = 1;

/** One end of a thing's stay: where it was seen, and where it was not any more (or not yet). */
export interface OpenEnd {
  /** It was there at this time, seconds. */
  readonly seen: number;
  /** And not at this one; undefined at the beginning or end of what was looked at. */
  readonly missed: number | undefined;
  readonly box: Box;
  readonly picture: ImageSize;
  /** The moments without it from `missed` on, the nearest first. */
  readonly without: readonly Moment[];
}

export interface EndFinder {
  readonly video: OpenVideo;
  readonly precision: number;
  readonly signal: AbortSignal;
  /** Where the thing is at a time when it was at `box` so many seconds before or after; undefined when it is not there. */
  isThere(time: number, box: Box, apart: number): Promise<Box | undefined>;
}

/**
 * Where a stay begins or ends, seconds. Detection halves a wide gap; then the thing's motion is followed frame by frame, by what differs from the scene without it;
 * where it cannot be told from the scene, detection goes on to `precision`.
 */
export async function findEnd(end: OpenEnd, finder: EndFinder): Promise<number> {
  if (end.missed === undefined) return end.seen;
  const near = await halve({ ...end, missed: end.missed }, NEAR, finder);
  const followed = await followMotion(near, finder);
  if (followed !== undefined) return followed;
  const { seen } = await halve(near, finder.precision * FINER, finder);
  return seen;
}

type Bracket = OpenEnd & { readonly missed: number };

async function halve(end: Bracket, width: number, { isThere }: EndFinder): Promise<Bracket> {
  let { seen, missed, box } = end;
  while (Math.abs(seen - missed) > width) {
    const middle = (seen + missed) / 2;
    const there = await isThere(middle, box, middle - seen);
    if (there === undefined) missed = middle;
    else [seen, box] = [middle, there];
  }
  return { ...end, seen, missed, box };
}

async function followMotion({ seen, missed, box, picture, without }: Bracket, { video, signal }: EndFinder): Promise<number | undefined> {
  const forward = missed > seen;
  const background = scene(without);
  if (background === undefined) return undefined;
  let reach = missed + (forward ? FURTHER : -FURTHER);
  for (let time = 0; ; time++) {
    const start = Math.max(0, Math.min(seen, reach));
    const end = Math.max(seen, reach);
    const frames = await motionBetween(start, end, { video, signal });
    if (frames === undefined) return undefined;
    const found = follow(forward ? frames.toReversed() : frames, box, picture, background);
    if (found === undefined) return undefined;
    const beyondReach = forward ? found >= (frames.at(-1)?.time ?? found) : found <= (frames[0]?.time ?? found);
    if (!beyondReach || time === TIMES_FURTHER) return found;
    reach += forward ? FURTHER : -FURTHER;
  }
}

/** Undefined where it cannot be decoded. */
async function motionBetween(
  start: number,
  end: number,
  { video, signal }: Pick<EndFinder, "video" | "signal">,
): Promise<VideoSample[] | undefined> {
  const frames: VideoSample[] = [];
  try {
    for await (const frame of video.motion({ start, end, signal })) frames.push(frame);
    return frames;
  } catch (error) {
    if (!isFramesFault(error, signal)) throw error;
    return undefined;
  }
}

/** The scene without it, where the camera stands still; whoever is half in the picture in one of the moments is not in most of them. */
function scene(without: readonly Moment[]): Thumbnail | undefined {
  const shown = without.flatMap(({ time, until, thumbnail }) =>
    Array.from({ length: Math.min(ONE_MOMENT, 1 + Math.floor(until - time)) }, () => thumbnail),
  );
  const background = medianThumbnail(shown.slice(0, BACKGROUND));
  const moved = without
    .slice(1, BACKGROUND)
    .map(({ thumbnail }, index) => changedShare(thumbnail, without[index]!.thumbnail))
    .toSorted((a, b) => a - b);
  const isStill =
    without.slice(0, BACKGROUND).some(({ time, until }) => until - time >= LASTED) || (moved[(moved.length - 1) >> 1] ?? 0) <= STILL;
  return isStill ? background : undefined;
}
