import { type Box, iou } from "../page.ts";
import type { SeenObject } from "../query/index.ts";
import type { ImageSize } from "../ports.ts";
import type { Moment } from "./choose-frames.ts";
import { changedShare } from "./thumbnails.ts";

/** What was seen at one moment. */
export interface Look extends ImageSize {
  /** Seconds. */
  readonly time: number;
  /** Up to here the picture stayed the same, seconds. */
  readonly until: number;
  readonly objects: readonly SeenObject[];
}

export interface Sighting {
  /** Which of the looks, from 0. */
  readonly look: number;
  readonly object: SeenObject;
}

/** One thing, seen again and again. */
export interface Track {
  readonly label: string;
  /** In the order of time, at least one. */
  readonly sightings: readonly Sighting[];
}

/** Someone who walks past covers this many of their own heights in a second. */
const SPEED = 1.6;
/** Above this overlap it is the same thing however much time has passed. */
const SAME_PLACE = 0.3;
/** A detector that misses a thing this long, seconds, has lost it. */
const LOST = 2.5;

/**
 * Joins what was seen in look after look into tracks: the same kind of thing in the same place, or as far as it can have moved. A thing may be missed
 * in between for a short while.
 */
export function buildTracks(looks: readonly Look[]): Track[] {
  const tracks: { label: string; sightings: Sighting[] }[] = [];
  looks.forEach((look, index) => {
    const alive = tracks.filter(({ sightings }) => {
      const last = sightings.at(-1)!.look;
      return last === index - 1 || look.time - looks[last]!.until <= LOST;
    });
    const pairs = alive.flatMap((track) =>
      look.objects
        .filter(({ label }) => label === track.label)
        .map((object) => ({ track, object, likeness: likeness(track.sightings.at(-1)!, object, look, looks) }))
        .filter(({ likeness: each }) => each > 0),
    );
    const taken = new Set<unknown>();
    for (const { track, object } of pairs.toSorted((a, b) => b.likeness - a.likeness)) {
      if (taken.has(track) || taken.has(object)) continue;
      taken.add(track).add(object);
      track.sightings.push({ look: index, object });
    }
    for (const object of look.objects) if (!taken.has(object)) tracks.push({ label: object.label, sightings: [{ look: index, object }] });
  });
  return tracks;
}

/** Changed pixels, as a share of a thing's box, in a picture that shows nothing of it. */
const GONE = 0.25;

/**
 * The track in parts, between which the thing was gone: looks that miss it, while the picture is what it is without any of its kind. One that is
 * missed where the picture differs from that stands there nevertheless, or has moved on.
 */
export function partedWhereGone(track: Track, looks: readonly Look[], moments: readonly Moment[]): Track[] {
  const isWithout = (look: Look): boolean => look.objects.every(({ label }) => label !== track.label);
  const without = moments.filter((_, at) => isWithout(looks[at]!));
  const isGoneAt = (at: number, { object: { box }, look }: Sighting): boolean => {
    const { thumbnail } = moments[at]!;
    const least = (GONE * box.width * box.height) / (looks[at]!.width * looks[at]!.height);
    if (!isWithout(looks[at]!) || changedShare(thumbnail, moments[look]!.thumbnail) <= least) return false;
    return without.some((other) => other !== moments[at] && changedShare(thumbnail, other.thumbnail) <= least);
  };
  const parts: Sighting[][] = [];
  let last: Sighting | undefined;
  for (const sighting of track.sightings) {
    const before = last;
    const missed =
      before === undefined ? [] : Array.from({ length: sighting.look - before.look - 1 }, (_, index) => before.look + 1 + index);
    if (before === undefined || missed.some((at) => isGoneAt(at, before))) parts.push([sighting]);
    else parts.at(-1)!.push(sighting);
    last = sighting;
  }
  return parts.map((sightings) => ({ label: track.label, sightings }));
}

/** Above 0 when `object` can be what was seen before; the more the likelier. */
function likeness(before: Sighting, { box }: SeenObject, look: Look, looks: readonly Look[]): number {
  return boxLikeness(before.object.box, box, look.time - looks[before.look]!.until);
}

/** Above 0 when what was at `last` can be at `box` so many seconds before or after; the more the likelier. */
export function boxLikeness(last: Box, box: Box, apart: number): number {
  const overlap = iou(last, box);
  if (overlap >= SAME_PLACE) return 1 + overlap;
  const seconds = Math.max(0.1, Math.abs(apart));
  const reach = SPEED * Math.max(last.height, box.height) * seconds;
  const moved = distance(last, box);
  return moved < reach ? 1 - moved / reach : 0;
}

/** Between the boxes' centres, pixels. */
function distance(a: Box, b: Box): number {
  return Math.hypot(a.x + a.width / 2 - b.x - b.width / 2, a.y + a.height / 2 - b.y - b.height / 2);
}
