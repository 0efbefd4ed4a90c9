import { type Box, iou } from "../page.ts";
import type { Clothing, OpenVideo, Span } from "../ports.ts";
import type { TaskContext } from "../task.ts";
import type { Moment } from "./choose-frames.ts";
import { findEnd, type OpenEnd } from "./ends.ts";
import type { Watcher } from "./look.ts";
import { changedIn } from "./thumbnails.ts";
import { boxLikeness, type Look, type Sighting } from "./tracks.ts";

/** How long something was there. */
export interface Stay extends Span {
  readonly bestTime: number;
  /** 0 to 1. */
  readonly confidence: number;
  readonly label: string;
  readonly box: Box;
  readonly clothing: Clothing | undefined;
}

/** Sightings in a row of one thing that fits. */
export interface Fitting {
  readonly label: string;
  readonly sightings: readonly JudgedSighting[];
}

export interface JudgedSighting extends Sighting {
  /** How well it fits, 0 to 1. */
  readonly score: number;
}

/** What is around a stay. */
export interface Surroundings {
  readonly video: OpenVideo;
  readonly looks: readonly Look[];
  readonly moments: readonly Moment[];
  readonly watcher: Watcher;
  readonly precision: number;
  readonly context: TaskContext;
}

/** Turns sightings into stays: where each begins and ends, and where it shows best. */
export function createStays(around: Surroundings): (fitting: Fitting) => Promise<Stay> {
  return (fitting) => stayOf(fitting, around);
}

async function stayOf({ label, sightings }: Fitting, around: Surroundings): Promise<Stay> {
  const { looks, moments } = around;
  const first = sightings[0]!;
  const last = sightings.at(-1)!;
  const isThere = async (time: number, box: Box, apart: number): Promise<Box | undefined> => {
    const seen = (await around.watcher.look([time])).get(time);
    const boxes = seen?.objects.filter((each) => each.label === label).map((each) => each.box) ?? [];
    const [likeliest] = boxes.toSorted((one, other) => boxLikeness(box, other, apart) - boxLikeness(box, one, apart));
    return likeliest !== undefined && boxLikeness(box, likeliest, apart) > 0 ? likeliest : undefined;
  };
  const finder = { video: around.video, precision: around.precision, signal: around.context.signal, isThere };
  const end = (sighting: Sighting, step: -1 | 1): OpenEnd => {
    const still = lastStill(sighting, step, label, around);
    const look = looks[still]!;
    const next = looks[still + step];
    const without: Moment[] = [];
    for (let at = still + step; looks[at]?.objects.every((each) => each.label !== label) === true; at += step) without.push(moments[at]!);
    return {
      seen: step === 1 ? look.until : look.time,
      missed: step === 1 ? next?.time : next?.until,
      box: sighting.object.box,
      picture: look,
      without,
    };
  };
  const start = await findEnd(end(first, -1), finder);
  const finish = await findEnd(end(last, 1), finder);
  const best = sightings.reduce((a, b) => (worth(b) > worth(a) ? b : a));
  return {
    start,
    end: Math.max(start, finish),
    bestTime: looks[best.look]!.time,
    confidence: best.object.confidence * best.score,
    label,
    box: best.object.box,
    clothing: best.object.clothing,
  };
}

/** Of the part of the picture in which it was detected no more than this share changes while it is still there. */
const UNCHANGED = 0.12;

/** The look up to which nothing has changed where it was detected: a detector that misses it then is mistaken, for who stands there has not gone. */
function lastStill({ look, object: { box } }: Sighting, step: -1 | 1, label: string, { looks, moments }: Surroundings): number {
  const { width, height } = looks[look]!;
  const part = { x: box.x / width, y: box.y / height, width: box.width / width, height: box.height / height };
  let at = look;
  for (;;) {
    const next = looks[at + step];
    const isMissed = next?.objects.every((each) => each.label !== label || iou(each.box, box) === 0) === true;
    if (!isMissed || changedIn(part, moments[look]!.thumbnail, moments[at + step]!.thumbnail) > UNCHANGED) return at;
    at += step;
  }
}

/** The sighting to show: sure, large enough to be made out, and more of the clothes in sight. */
function worth({ object, score }: JudgedSighting): number {
  const worn = Object.keys(object.clothing ?? {}).length;
  return object.confidence * score * Math.sqrt(object.box.width * object.box.height) * (1 + worn);
}
