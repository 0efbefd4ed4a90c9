import type { Box } from "../page.ts";
import type { ImageSize, Thumbnail, VideoSample } from "../ports.ts";
import { difference } from "./thumbnails.ts";

/** The part of its box that what was detected must cover with changed pixels: less, and it cannot be told from the scene behind it. */
const SEEN = 0.2;
/** More of the picture than this changed outside the box: the camera moved, or the scene is another one. */
const MOVED = 0.4;
/** What is followed differs from the scene by at least this share of what it did where it was detected: its shadow differs by less. */
const CONTRAST = 0.4;
/** In front of something of their own colour people cannot be told from it: for so long, seconds, and so far along meanwhile, pixels a second. */
const UNSEEN = 0.6;
const REACH = 40;
/** A remainder counts down to this share of what was there when it was detected, and to this many pixels. */
const REMAINS = 0.05;
const FEWEST = 5;

/**
 * Follows something that was detected at `box` in the last of `frames` back through the frames before it, by what differs from `background` (the scene
 * without it): a detector misses who is half in the picture, and one who is still there does not vanish. Returns the time of the earliest frame it is seen in without
 * a longer break, or undefined where it cannot be told from the scene. Frames may come in either direction of time; `picture` is the size that the box's pixels belong to.
 */
export function follow(frames: readonly VideoSample[], box: Box, picture: ImageSize, background: Thumbnail): number | undefined {
  const last = frames.at(-1);
  if (last === undefined) return undefined;
  const { width, height } = last.thumbnail;
  const [scaleX, scaleY] = [width / picture.width, height / picture.height];
  const left = Math.max(0, Math.floor(box.x * scaleX));
  const top = Math.max(0, Math.floor(box.y * scaleY));
  const right = Math.min(width, Math.ceil((box.x + box.width) * scaleX));
  const bottom = Math.min(height, Math.ceil((box.y + box.height) * scaleY));

  const changed = difference(last.thumbnail, background);
  const boxed = changed.map((value, at) =>
    at % width >= left && at % width < right && at >= top * width && at < bottom * width ? value : 0,
  );
  const contrasts = boxed.filter((value) => value > 0).toSorted();
  const boxArea = (right - left) * (bottom - top);
  const outside = changed.filter((value) => value > 0).length - contrasts.length;
  if (contrasts.length < Math.max(FEWEST, SEEN * boxArea) || outside > MOVED * (changed.length - boxArea)) return undefined;
  const contrast = CONTRAST * (contrasts[contrasts.length >> 1] ?? 0);
  const clear = (differences: Uint8Array): Uint8Array => differences.map((value) => (value > contrast ? 1 : 0));
  let region = clear(boxed);
  const area = count(region);

  const least = Math.max(FEWEST, REMAINS * area);
  let earliest = last.time;
  let unseen = 0;
  for (const { time, thumbnail } of frames.slice(0, -1).toReversed()) {
    const differs = clear(difference(thumbnail, background));
    const near = connected(differs, grown(region, width, Math.floor(unseen * REACH)), width);
    if (count(differs) - count(near) > MOVED * (changed.length - boxArea)) return undefined;
    if (count(near) >= least) [region, earliest, unseen] = [near, time, 0];
    else {
      unseen = Math.abs(time - earliest);
      // At the border they have left the picture.
      if (unseen > UNSEEN || isAtBorder(region, width)) break;
    }
  }
  return earliest;
}

function isAtBorder(mask: Uint8Array, width: number): boolean {
  const onSide = (at: number): boolean => at % width === 0 || at % width === width - 1;
  return mask.some((value, at) => value === 1 && (onSide(at) || at < width || at >= mask.length - width));
}

/** A mask with all that is no further than `by` pixels from it. */
function grown(mask: Uint8Array, width: number, by: number): Uint8Array {
  if (by === 0) return mask;
  const height = mask.length / width;
  const all = new Uint8Array(mask.length);
  mask.forEach((value, at) => {
    if (value === 0) return;
    const [x, y] = [at % width, Math.floor(at / width)];
    for (let row = Math.max(0, y - by); row <= Math.min(height - 1, y + by); row++)
      all.fill(1, row * width + Math.max(0, x - by), row * width + Math.min(width - 1, x + by) + 1);
  });
  return all;
}

function count(mask: Uint8Array): number {
  let sum = 0;
  for (const value of mask) sum += value;
  return sum;
}

/** The pixels of `changed` that hang together with those of `before` or their neighbours. */
function connected(changed: Uint8Array, before: Uint8Array, width: number): Uint8Array {
  const region = new Uint8Array(changed.length);
  const height = changed.length / width;
  const open: number[] = [];
  const visit = (x: number, y: number): void => {
    const at = y * width + x;
    if (x < 0 || y < 0 || x >= width || y >= height || region[at] === 1 || changed[at] === 0) return;
    region[at] = 1;
    open.push(at);
  };
  const around = (at: number): void => {
    const [x, y] = [at % width, Math.floor(at / width)];
    for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) visit(x + dx, y + dy);
  };
  before.forEach((value, at) => value === 1 && around(at));
  for (let at = open.pop(); at !== undefined; at = open.pop()) around(at);
  return region;
}
