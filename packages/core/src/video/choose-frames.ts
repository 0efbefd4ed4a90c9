import type { Thumbnail, VideoSample } from "../ports.ts";
import { changedShare } from "./thumbnails.ts";

/** A moment that is worth a look. From `time` to `until` (the last sample that looked the same) nothing changes, seconds. */
export interface Moment {
  readonly time: number;
  readonly until: number;
  readonly thumbnail: Thumbnail;
}

export interface ChooseOptions {
  /** Moments at the most, 2 or more. */
  readonly most: number;
  /** Two samples of which less than this share of the pixels differ are the same picture. */
  readonly same: number;
  /** However still the scene: a moment every so many seconds. */
  readonly gap: number;
  /** Seconds between moments of a scene in which little changes; and between any two. */
  readonly spacing: { readonly calm: number; readonly least: number };
  /** From this share of changed pixels on much changes: someone may have come who is gone before `spacing.calm` is over. */
  readonly stir: number;
}

export interface ChosenFrames {
  readonly moments: readonly Moment[];
  /** Samples that there were. */
  readonly samples: number;
  /** Moments left out because there were more than `most`. */
  readonly leftOut: number;
}

/** Frames of an uneven rate do not fall out of the spacing. */
const UNEVEN = 0.97;

interface Candidate {
  time: number;
  until: number;
  thumbnail: Thumbnail;
  /** Share of the pixels that differ from the moment before. */
  change: number;
}

/**
 * The moments to look at: the first and the last sample, and each that differs from the moment before it. Where that makes too many, those go first that
 * changed least and leave the shortest gap. What is in memory does not grow with the number of samples.
 */
export async function chooseFrames(
  samples: AsyncIterable<VideoSample>,
  { most, same, gap, spacing, stir }: ChooseOptions,
): Promise<ChosenFrames> {
  const chosen: Candidate[] = [];
  let count = 0;
  let leftOut = 0;
  let last: VideoSample | undefined;
  for await (const sample of samples) {
    count++;
    last = sample;
    const before = chosen.at(-1);
    const change = before === undefined ? 1 : changedShare(before.thumbnail, sample.thumbnail);
    if (before !== undefined && change < same && sample.time - before.time < gap) {
      before.until = sample.time;
      continue;
    }
    const nearest = change < stir ? spacing.calm : spacing.least;
    if (before !== undefined && change >= same && sample.time - before.time < nearest * UNEVEN) continue;
    // A still scene's time cap: the picture before lasts up to here.
    if (before !== undefined && change < same) before.until = sample.time;
    chosen.push({ time: sample.time, until: sample.time, thumbnail: sample.thumbnail, change });
    if (chosen.length >= 2 * most) leftOut += thin(chosen, most);
  }
  const final = chosen.at(-1);
  if (last !== undefined && final !== undefined && final.time < last.time) {
    // It looks the same, and is looked at nevertheless: the last frame.
    const alone = final.until === last.time ? changedShare(final.thumbnail, last.thumbnail) : 1;
    chosen.push({ time: last.time, until: last.time, thumbnail: last.thumbnail, change: alone });
  }
  leftOut += thin(chosen, most);
  return { moments: chosen, samples: count, leftOut };
}

/** Takes moments out, never the first or the last, until there are `most`. Returns how many went. */
function thin(chosen: Candidate[], most: number): number {
  const before = chosen.length;
  while (chosen.length > Math.max(2, most)) {
    let least = 1;
    let lowest = Infinity;
    for (let index = 1; index < chosen.length - 1; index++) {
      const loss = (chosen[index]!.change + 0.001) * (chosen[index + 1]!.time - chosen[index - 1]!.until);
      if (loss < lowest) [least, lowest] = [index, loss];
    }
    chosen.splice(least, 1);
  }
  return before - chosen.length;
}
