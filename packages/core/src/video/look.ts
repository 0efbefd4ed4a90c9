import * as z from "zod";
import type { InputError } from "../errors.ts";
import type { EncodedImage, Observations } from "../ports.ts";
import type { SeenObject } from "../query/index.ts";
import { objectShape, personShape } from "../shapes.ts";
import type { TaskContext } from "../task.ts";
import type { VideoInHand } from "./open-video.ts";
import type { Look } from "./tracks.ts";
import { isFramesFault } from "./unread.ts";

/** Longest side of a frame that the machine's own eyes look at, pixels: the detectors use no more. Boxes are in pixels of it. */
export const LOOKING_SIDE = 1280;

/** Frames looked at side by side: one decodes while the other is searched. */
const AT_A_TIME = 2;

const seenShape = z.object({
  width: z.number(),
  height: z.number(),
  objects: z.array(objectShape.extend({ clothing: personShape.shape.clothing.optional() })),
});
type Seen = z.output<typeof seenShape>;

/** How looks are kept: others that look otherwise must not find them. */
export const EYES = `eyes, ${LOOKING_SIDE} px`;

/** Nearer to each other than this, seconds, are a time that was asked for and its frame's own. */
const SAME_FRAME = 0.001;

const keyOf = (time: number): string => time.toFixed(3);

export interface Watcher {
  /** What the frames at these times (ascending) show; none for a time whose frame cannot be looked at: the video's `unread` has it. */
  look(times: readonly number[], onSeen?: (done: number) => void): Promise<ReadonlyMap<number, Seen>>;
  /** Frames looked at so far, those remembered included. */
  readonly frames: number;
}

/** The machine's own eyes on one video: what they have seen of it before is not looked at again. */
export function createWatcher({ video, unread }: VideoInHand, kept: Observations, context: TaskContext): Watcher {
  const { signal } = context;
  const known = new Map<string, Seen>();
  const remembered = (time: number): Seen | undefined => {
    const key = keyOf(time);
    const own = known.get(key);
    if (own !== undefined) return own;
    const parsed = seenShape.safeParse(kept.find(key));
    if (!parsed.success) return undefined;
    known.set(key, parsed.data);
    return parsed.data;
  };

  async function see(image: EncodedImage, time: number): Promise<Seen> {
    const options = { signal, name: `the frame at ${time.toFixed(2)} s` };
    const { objects } = await context.detector.detect(image.bytes, options);
    const people = objects.filter(({ label }) => label === "person");
    const { clothing } =
      people.length === 0
        ? { clothing: [] }
        : await context.pictures.look(image.bytes, { people: people.map(({ box }) => box), objects, lines: [] }, options);
    return seenShape.parse({
      width: image.width,
      height: image.height,
      objects: objects.map((object) =>
        object.label === "person" ? { ...object, clothing: clothing[people.indexOf(object)] ?? {} } : object,
      ),
    });
  }

  /** One frame may stand for several times that were asked for. */
  async function seeFor(times: readonly number[], image: EncodedImage): Promise<void> {
    try {
      const seen = await see(image, times[0] ?? 0);
      for (const time of times) {
        known.set(keyOf(time), seen);
        kept.keep(keyOf(time), seen);
      }
    } catch (error) {
      if (!isFramesFault(error, signal)) throw error;
      for (const time of times) unread.add(time, error);
    }
  }

  return {
    get frames() {
      return known.size;
    },
    async look(times, onSeen) {
      const missing = times.filter((time) => remembered(time) === undefined);
      let done = times.length - missing.length;
      onSeen?.(done);
      let waiting = missing;
      const running = new Set<Promise<void>>();
      const failures: unknown[] = [];
      const onUnread = (time: number, why: InputError): void => {
        for (const each of waiting) if (each <= time + SAME_FRAME) unread.add(each, why);
        waiting = waiting.filter((each) => each > time + SAME_FRAME);
      };
      const frames = missing.length === 0 ? [] : video.frames(missing, { longSide: LOOKING_SIDE, signal, onUnread });
      for await (const { time, image } of frames) {
        const reached = waiting.filter((each) => each <= time + SAME_FRAME);
        // Behind the last frame there is none at or after the time: it stands for all that are left.
        const asked = reached.length === 0 ? waiting : reached;
        waiting = waiting.slice(asked.length);
        // It may fail while the next frame is awaited, when nobody listens.
        const looking = seeFor(asked, image)
          .catch((error: unknown) => void failures.push(error))
          .finally(() => running.delete(looking));
        running.add(looking);
        if (running.size >= AT_A_TIME) await Promise.race(running);
        if (failures.length > 0) break;
        done += asked.length;
        onSeen?.(done);
      }
      await Promise.all(running);
      if (failures.length > 0) throw failures[0];
      const found = new Map<number, Seen>();
      for (const time of times) {
        const seen = remembered(time);
        if (seen !== undefined) found.set(time, seen);
      }
      return found;
    },
  };
}

/** What was seen at a moment, as tracks are made from. */
export function asLook(seen: Seen, { time, until }: { readonly time: number; readonly until: number }): Look {
  return { time, until, width: seen.width, height: seen.height, objects: seen.objects as readonly SeenObject[] };
}
