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
/** A box inside another of its kind by this share of its own area shows a part of that thing… */
const PART_OF = 0.9;
/** …unless the network is surer of it than this: a child before its mother. */
const SURE = 0.5;
/** A box that comes this near to a view's cut edge (share of the view's longer side) belongs to something cut off there. */
const EDGE = 0.02;

/**
 * The least confidence that counts. A person who is missed is missed by every task that follows, and people cut
 * off by the picture's edge or by each other come out low; other kinds come out low mostly where there is nothing.
 */
export function leastConfidence(label: string): number {
  return label === "person" ? 0.25 : 0.5;
}

/**
 * Joins what the views of one picture show: boxes of one kind in one place become one, whose confidence is the
 * mean over all views that had the whole of it before them, so that a view which does not see it votes against.
 * Highest confidence first, each thing once.
 */
export function fuseDetections(seen: readonly { readonly view: View; readonly detections: readonly Detection[] }[], width: number, height: number): Detection[] {
  const views = seen.map(({ view }) => view);
  const all = seen
    .flatMap(({ detections }, index) => nonMaximumSuppression(detections).map((detection) => ({ detection: inside(detection, width, height), index })))
    .filter(({ detection, index }) => !cutOff(detection, views[index], width, height))
    .sort((a, b) => b.detection.confidence - a.detection.confidence);

  const clusters: { box: Detection; votes: Map<number, Detection> }[] = [];
  for (const { detection, index } of all) {
    const home = clusters
      .filter(({ box, votes }) => box.label === detection.label && !votes.has(index) && overlap(box, detection) > SAME_THING)
      .reduce<(typeof clusters)[number] | undefined>((best, each) => (best !== undefined && overlap(best.box, detection) >= overlap(each.box, detection) ? best : each), undefined);
    if (home === undefined) {
      clusters.push({ box: detection, votes: new Map([[index, detection]]) });
      continue;
    }
    home.votes.set(index, detection);
    home.box = mean([...home.votes.values()]);
  }

  const counted = clusters
    .map(({ box, votes }) => {
      const electorate = views.filter((view, index) => votes.has(index) || (contains(view, box) && !cutOff(box, view, width, height))).length;
      return { ...box, confidence: [...votes.values()].reduce((sum, { confidence }) => sum + confidence, 0) / electorate };
    })
    .filter(({ label, confidence }) => confidence >= leastConfidence(label));
  return oncePerThing(nonMaximumSuppression(counted));
}

/** Keeps the most confident of boxes of one kind that overlap. Highest confidence first. */
export function nonMaximumSuppression(detections: readonly Detection[]): Detection[] {
  const kept: Detection[] = [];
  for (const each of [...detections].sort((a, b) => b.confidence - a.confidence)) {
    if (!kept.some((other) => other.label === each.label && overlap(other, each) > SAME_THING)) kept.push(each);
  }
  return kept;
}

/** Drops second names for one thing, parts of a thing and frames around a group. Takes and gives highest confidence first. */
function oncePerThing(detections: readonly Detection[]): Detection[] {
  const kept: Detection[] = [];
  for (const each of detections) {
    const renamed = kept.some((other) => other.label !== each.label && overlap(other, each) > SAME_PLACE);
    const kin = kept.filter((other) => other.label === each.label);
    const part = each.confidence < SURE && kin.some((other) => sharedArea(other, each) > PART_OF * area(each));
    const group = kin.filter((other) => sharedArea(other, each) > PART_OF * area(other)).length >= 2;
    if (!renamed && !part && !group) kept.push(each);
  }
  return kept;
}

function area({ left, top, right, bottom }: Extent): number {
  return Math.max(0, right - left) * Math.max(0, bottom - top);
}

function sharedArea(a: Extent, b: Extent): number {
  return area({ left: Math.max(a.left, b.left), top: Math.max(a.top, b.top), right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom) });
}

/** Intersection over union. */
function overlap(a: Extent, b: Extent): number {
  const shared = sharedArea(a, b);
  return shared === 0 ? 0 : shared / (area(a) + area(b) - shared);
}

function inside(detection: Detection, width: number, height: number): Detection {
  const clamp = (value: number, limit: number): number => Math.min(limit, Math.max(0, value));
  return { ...detection, left: clamp(detection.left, width), top: clamp(detection.top, height), right: clamp(detection.right, width), bottom: clamp(detection.bottom, height) };
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
  const side = (of: (box: Detection) => number): number => boxes.reduce((sum, box) => sum + box.confidence * of(box), 0) / weight;
  return { ...first, left: side((box) => box.left), top: side((box) => box.top), right: side((box) => box.right), bottom: side((box) => box.bottom) };
}
