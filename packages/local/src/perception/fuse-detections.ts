import type { View } from "./detector-views.ts";

/** One thing seen in one view, in pixels of the picture. */
export interface Detection {
  readonly label: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

type Extent = Pick<Detection, "left" | "top" | "right" | "bottom">;

/** Two boxes of one kind that overlap more are one thing, as in COCO's own evaluation. */
const SAME_THING = 0.5;
/** Two boxes of different kinds that overlap more are one thing under two names. */
const SAME_PLACE = 0.7;
/** The same before a closer look, when boxes are rougher. */
const SAME_PLACE_FROM_AFAR = 0.6;
/** A box inside another of its kind by this share of its own area shows a part of that thing… */
const PART_OF = 0.9;
/** …unless the network is surer of it than this: a child before its mother. */
const SURE = 0.5;
/** A box that comes this near to the picture's left or right edge (share of its width) shows something cut off there. */
const AT_SIDE = 0.01;
/** A box that comes this near to a view's cut edge (share of the view's longer side) belongs to something cut off there. */
const EDGE = 0.02;

/**
 * The least confidence that counts in a picture of `width`. A person who is missed is missed by every task that
 * follows, and people cut off by each other come out low, by the picture's side even lower; other kinds come out low
 * mostly where there is nothing.
 */
export function leastConfidence({ label, left, right }: Pick<Detection, "label" | "left" | "right">, width: number): number {
  if (label !== "person") return 0.5;
  return left <= AT_SIDE * width || right >= (1 - AT_SIDE) * width ? 0.2 : 0.25;
}

/** What one view of the picture shows. */
export interface Seen {
  readonly view: View;
  readonly detections: readonly Detection[];
}

/**
 * Joins what the views of one picture show: boxes of one kind in one place become one, whose confidence is the
 * mean over all views that had the whole of it before them, so that a view which does not see it votes against.
 * Highest confidence first, doubtful ones included.
 */
export function joinViews(seen: readonly Seen[], width: number, height: number): Detection[] {
  const views = seen.map(({ view }) => view);
  const all = seen
    .flatMap(({ detections }, index) =>
      nonMaximumSuppression(detections).map((detection) => ({ detection: inside(detection, width, height), index })),
    )
    .filter(({ detection, index }) => !cutOff(detection, views[index], width, height))
    .sort((a, b) => b.detection.confidence - a.detection.confidence);

  const clusters: { box: Detection; votes: Map<number, Detection> }[] = [];
  for (const { detection, index } of all) {
    let home: (typeof clusters)[number] | undefined;
    let nearest = SAME_THING;
    for (const cluster of clusters) {
      if (cluster.box.label !== detection.label || cluster.votes.has(index)) continue;
      const shared = overlap(cluster.box, detection);
      if (shared > nearest) [home, nearest] = [cluster, shared];
    }
    if (home === undefined) {
      clusters.push({ box: detection, votes: new Map([[index, detection]]) });
      continue;
    }
    home.votes.set(index, detection);
    home.box = mean([...home.votes.values()]);
  }

  const counted = clusters.map(({ box, votes }) => {
    const electorate = views.filter((view, index) => votes.has(index) || (contains(view, box) && !cutOff(box, view, width, height))).length;
    return { ...box, confidence: [...votes.values()].reduce((sum, { confidence }) => sum + confidence, 0) / electorate };
  });
  return nonMaximumSuppression(counted);
}

/** Below this a closer look is worth its time… */
const CLEAR = 0.6;
/** …and so is a rival name in the same place with this share of the confidence: a white horse is a sheep from afar. */
const RIVAL = 0.15;
/** Below this share of the confidence that counts, no closer look will bring a thing up. */
const HOPELESS = 0.6;
/** More would cost more than they tell. */
const MOST_DOUBTS = 6;

/** The things a closer look should decide on, at most six, each place once. Takes highest confidence first. */
export function doubtful(joined: readonly Detection[], width: number): Detection[] {
  const likely = joined.filter((each) => each.confidence >= HOPELESS * leastConfidence(each, width));
  const doubts: Detection[] = [];
  for (const each of likely) {
    const rival = joined.some(
      (other) => other.label !== each.label && overlap(other, each) > SAME_PLACE_FROM_AFAR && other.confidence > RIVAL * each.confidence,
    );
    if ((each.confidence < CLEAR || rival) && !doubts.some((other) => overlap(other, each) > SAME_PLACE_FROM_AFAR)) doubts.push(each);
  }
  return doubts.slice(0, MOST_DOUBTS);
}

/**
 * What counts among the joined: sure enough, and each thing once, without second names for it, parts of it and
 * frames around a group. Takes and gives highest confidence first.
 */
export function settle(joined: readonly Detection[], width: number): Detection[] {
  const kept: Detection[] = [];
  for (const each of joined.filter((one) => one.confidence >= leastConfidence(one, width))) {
    const renamed = kept.some((other) => other.label !== each.label && overlap(other, each) > SAME_PLACE);
    const kin = kept.filter((other) => other.label === each.label);
    const part = each.confidence < SURE && kin.some((other) => sharedArea(other, each) > PART_OF * area(each));
    const group = kin.filter((other) => sharedArea(other, each) > PART_OF * area(other)).length >= 2;
    if (!renamed && !part && !group) kept.push(each);
  }
  return kept;
}

/** Keeps the most confident of boxes of one kind that overlap. Highest confidence first. */
export function nonMaximumSuppression(detections: readonly Detection[]): Detection[] {
  const kept: Detection[] = [];
  for (const each of [...detections].sort((a, b) => b.confidence - a.confidence)) {
    if (!kept.some((other) => other.label === each.label && overlap(other, each) > SAME_THING)) kept.push(each);
  }
  return kept;
}

function area({ left, top, right, bottom }: Extent): number {
  return Math.max(0, right - left) * Math.max(0, bottom - top);
}

function sharedArea(a: Extent, b: Extent): number {
  return area({
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  });
}

/** Intersection over union. */
function overlap(a: Extent, b: Extent): number {
  const shared = sharedArea(a, b);
  return shared === 0 ? 0 : shared / (area(a) + area(b) - shared);
}

function inside(detection: Detection, width: number, height: number): Detection {
  const clamp = (value: number, limit: number): number => Math.min(limit, Math.max(0, value));
  return {
    ...detection,
    left: clamp(detection.left, width),
    top: clamp(detection.top, height),
    right: clamp(detection.right, width),
    bottom: clamp(detection.bottom, height),
  };
}

function contains(view: Extent, box: Extent): boolean {
  return box.left >= view.left - 1 && box.top >= view.top - 1 && box.right <= view.right + 1 && box.bottom <= view.bottom + 1;
}

/** True where `box` touches an edge at which `view` cuts the picture. The picture's own edge is no cut. */
function cutOff(box: Extent, view: View | undefined, width: number, height: number): boolean {
  if (view === undefined) return false;
  const margin = EDGE * Math.max(view.right - view.left, view.bottom - view.top);
  return (
    (view.left > 0 && box.left < view.left + margin) ||
    (view.top > 0 && box.top < view.top + margin) ||
    (view.right < width && box.right > view.right - margin) ||
    (view.bottom < height && box.bottom > view.bottom - margin)
  );
}

/** The boxes' mean, each weighing as much as its confidence. */
function mean(boxes: readonly Detection[]): Detection {
  const [first] = boxes;
  if (first === undefined) throw new RangeError("No boxes to take the mean of.");
  const weight = boxes.reduce((sum, { confidence }) => sum + confidence, 0);
  const side = (of: (box: Detection) => number): number => {
    const sides = boxes.map(of);
    const sum = boxes.reduce((total, box) => total + box.confidence * of(box), 0);
    // Rounding must not put the mean outside what it is the mean of: boxes at the picture's edge stay inside.
    return Math.min(Math.max(...sides), Math.max(Math.min(...sides), sum / weight));
  };
  return {
    ...first,
    left: side((box) => box.left),
    top: side((box) => box.top),
    right: side((box) => box.right),
    bottom: side((box) => box.bottom),
  };
}
