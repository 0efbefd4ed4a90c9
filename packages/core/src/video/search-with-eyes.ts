import { matchObject, type VisualQuery } from "../query/index.ts";
import type { TaskContext } from "../task.ts";
import type { ChosenFrames } from "./choose-frames.ts";
import { withColors } from "./judge-colors.ts";
import { asLook, createWatcher, EYES } from "./look.ts";
import { needLooks, type VideoInHand } from "./open-video.ts";
import { joinSpans } from "./spans.ts";
import { createStays, type Fitting, type JudgedSighting, type Stay } from "./stays.ts";
import { buildTracks, type Look, partedWhereGone, type Track } from "./tracks.ts";

export interface Watched {
  readonly stays: readonly Stay[];
  /** Frames that were looked at. */
  readonly frames: number;
}

/** Lets nothing but looks count: where it stands and what is beside it change from frame to frame. */
const looksOf = (query: VisualQuery): VisualQuery => ({ ...query, places: [], companions: [] });
const surroundingsOf = (query: VisualQuery): VisualQuery => ({ ...query, garments: [], colors: [] });

/**
 * Finds what fits the query with the machine's own eyes: detects at each of the moments, joins what is one thing into a track, judges a track's looks by
 * all its sightings, and finds where each stay begins and ends.
 */
export async function searchWithEyes(
  opened: VideoInHand,
  { moments }: ChosenFrames,
  query: VisualQuery,
  precision: number,
  context: TaskContext,
): Promise<Watched> {
  const { video } = opened;
  const kept = await video.observations(EYES);
  try {
    const watcher = createWatcher(opened, kept, context);
    const times = moments.map(({ time }) => time);
    const seen = await watcher.look(times, (done) => context.progress(`Looking at frame ${done} of ${times.length}`, done, times.length));
    const shown = moments.filter(({ time }) => seen.has(time));
    const looks = shown.map((moment) => asLook(seen.get(moment.time)!, moment));
    needLooks(opened, looks.length);
    const tracks = buildTracks(looks).flatMap((track) => partedWhereGone(track, looks, shown));
    const seenThings = query.colors.length === 0 ? tracks : await withColors(tracks, query, looks, opened, kept, context);
    const fitting = seenThings.flatMap((track) => judgeTrack(track, query, looks));

    const stayOf = createStays({ video, looks, moments: shown, watcher, precision, context });
    const stays: Stay[] = [];
    for (const [index, run] of fitting.entries()) {
      context.progress(`Finding where match ${index + 1} of ${fitting.length} begins and ends`, index, fitting.length);
      stays.push(await stayOf(run));
    }
    return { stays: joinSpans(stays, precision, joinStays), frames: watcher.frames };
  } finally {
    await kept.close();
  }
}

/**
 * The parts of a track that fit: one track is one thing, so its clothes are what most of its sightings say; where it stands counts for each sighting
 * by itself.
 */
function judgeTrack(track: Track, query: VisualQuery, looks: readonly Look[]): Fitting[] {
  if (!query.labels.includes(track.label)) return [];
  const judged = track.sightings.map((sighting) => {
    const match = matchObject(looksOf(query), sighting.object, looks[sighting.look]!);
    return { sighting, match, weight: sighting.object.confidence };
  });
  const sum = (which: (each: (typeof judged)[number]) => boolean): number =>
    judged.filter(which).reduce((total, { weight }) => total + weight, 0);
  const speaksFor = sum(({ match }) => match.matches);
  const speaksAgainst = sum(({ match }) => match.against.length > 0);
  if (speaksFor === 0 || speaksAgainst >= speaksFor) return [];

  const runs: { label: string; sightings: JudgedSighting[] }[] = [];
  let open = false;
  for (const { sighting, match } of judged) {
    const surroundings = matchObject(surroundingsOf(query), sighting.object, looks[sighting.look]!);
    if (!surroundings.matches) {
      open = false;
      continue;
    }
    const fits: JudgedSighting = { ...sighting, score: match.matches ? match.score * surroundings.score : 0 };
    if (open) runs.at(-1)?.sightings.push(fits);
    else runs.push({ label: track.label, sightings: [fits] });
    open = true;
  }
  return runs.filter(({ sightings }) => sightings.some(({ score }) => score > 0));
}

function joinStays(a: Stay, b: Stay): Stay {
  const better = b.confidence > a.confidence ? b : a;
  return { ...better, start: a.start, end: Math.max(a.end, b.end) };
}
