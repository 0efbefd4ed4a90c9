import { type Box, iou } from "../page.ts";
import type { SeenObject } from "../query/index.ts";
import type { ImageSize } from "../ports.ts";

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

/** Above 0 when `object` can be what was seen before; the more the likelier. */
function likeness(before: Sighting, { box }: SeenObject, look: Look, looks: readonly Look[]): number {
  const { box: last } = before.object;
  const overlap = iou(last, box);
  if (overlap >= SAME_PLACE) return 1 + overlap;
  const seconds = Math.max(0.1, look.time - looks[before.look]!.until);
  const reach = SPEED * Math.max(last.height, box.height) * seconds;
  const moved = distance(last, box);
  return moved < reach ? 1 - moved / reach : 0;
}

/** Between the boxes' centres, pixels. */
function distance(a: Box, b: Box): number {
  return Math.hypot(a.x + a.width / 2 - b.x - b.width / 2, a.y + a.height / 2 - b.y - b.height / 2);
}
