import * as z from "zod";
import type { Observations } from "../ports.ts";
import type { SeenObject, VisualQuery } from "../query/index.ts";
import type { TaskContext } from "../task.ts";
import { thingColors } from "../thing-colors.ts";
import { LOOKING_SIDE } from "./look.ts";
import type { VideoInHand } from "./open-video.ts";
import type { Look, Sighting, Track } from "./tracks.ts";
import { isFramesFault } from "./unread.ts";

/** Sightings of one thing whose colours are looked at, the surest and largest: light and shadow change them on its way. */
const LOOKS = 3;

/** Nearer to each other than this, seconds, are a time that was asked for and its frame's own. */
const SAME_FRAME = 0.001;

const keptColors = z.array(z.string());

/** The tracks with the colours of things of the query's kinds: each thing's own in a few of its sightings, none in the others. */
export async function withColors(
  tracks: readonly Track[],
  query: VisualQuery,
  looks: readonly Look[],
  { video, unread }: VideoInHand,
  kept: Observations,
  context: TaskContext,
): Promise<Track[]> {
  const { signal } = context;
  const asked = tracks.filter(({ label }) => query.labels.includes(label)).flatMap(({ sightings }) => clearest(sightings));
  const times = [...new Set(asked.map(({ look }) => looks[look]!.time))].toSorted((a, b) => a - b);
  const colors = new Map<SeenObject, readonly string[]>();
  const missing = new Set<Sighting>();
  for (const sighting of asked) {
    const known = keptColors.safeParse(kept.find(keyOf(sighting, looks)));
    if (known.success) colors.set(sighting.object, known.data);
    else missing.add(sighting);
  }
  const wanted = times.filter((time) => [...missing].some(({ look }) => looks[look]!.time === time));
  context.progress(`Judging colors in ${wanted.length} frames`);
  const frames = wanted.length === 0 ? [] : video.frames(wanted, { longSide: LOOKING_SIDE, signal, onUnread: unread.add });
  for await (const { time, image } of frames) {
    for (const sighting of missing) {
      if (Math.abs(looks[sighting.look]!.time - time) > SAME_FRAME) continue;
      try {
        const seen = await thingColors(image.bytes, sighting.object.box, context, { signal, name: `the frame at ${time.toFixed(2)} s` });
        colors.set(sighting.object, seen);
        kept.keep(keyOf(sighting, looks), seen);
      } catch (error) {
        if (!isFramesFault(error, signal)) throw error;
        unread.add(time, error);
      }
    }
  }
  return tracks.map((track) => ({ ...track, sightings: track.sightings.map((sighting) => colored(sighting, colors)) }));
}

function clearest(sightings: readonly Sighting[]): Sighting[] {
  const worth = ({ object: { box, confidence } }: Sighting): number => confidence * Math.sqrt(box.width * box.height);
  return sightings.toSorted((a, b) => worth(b) - worth(a)).slice(0, LOOKS);
}

function keyOf({ look, object: { box } }: Sighting, looks: readonly Look[]): string {
  return `colors ${looks[look]!.time.toFixed(3)} ${[box.x, box.y, box.width, box.height].map(Math.round).join()}`;
}

function colored(sighting: Sighting, colors: ReadonlyMap<SeenObject, readonly string[]>): Sighting {
  const seen = colors.get(sighting.object);
  return seen === undefined ? sighting : { ...sighting, object: { ...sighting.object, colors: seen } };
}
