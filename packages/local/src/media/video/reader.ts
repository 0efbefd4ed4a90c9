import type { EncodedImage, OpenFile, OpenVideo, VideoReader } from "@sightline/core";
import { InputError } from "@sightline/core/errors";
import type { SightlinePool } from "../../worker-jobs.ts";
import { contentId } from "./content-id.ts";
import { createDamageLog } from "./damage.ts";
import { framesAt } from "./frames-at.ts";
import { probe } from "./probe.ts";
import { rawFrames } from "./raw-frames.ts";
import { openObservations, type ObservationOptions } from "./observations.ts";
import { motion, samples, thumbnailSize } from "./samples.ts";

/** Videos through ffmpeg: it decodes in processes of its own, which are killed with the call. */
export function createVideoReader(pool: SightlinePool, observations: ObservationOptions): VideoReader {
  return {
    async open(file, { signal } = {}) {
      const facts = await probe(file, signal);
      const thumbnail = thumbnailSize(facts);
      await refuseWithoutFrames(file, thumbnail, signal);
      const damage = createDamageLog(facts.duration);
      const onFault = damage.add;
      const keyframes = new Set<number>();
      const video: OpenVideo = {
        ...facts,
        samples: ({ signal: until, ...span }) =>
          samples(file, { ...span, thumbnail, signal: until, onFault, onKeyframe: (time) => keyframes.add(time) }),
        motion: ({ signal: until, ...span }) => motion(file, { ...span, thumbnail, signal: until }),
        async *frames(times, { longSide, signal: until }) {
          const scale = Math.min(1, longSide / Math.max(facts.width, facts.height));
          const width = Math.max(1, Math.round(facts.width * scale));
          const height = Math.max(1, Math.round(facts.height * scale));
          const isKeyframe = (time: number): boolean => keyframes.has(time);
          for await (const { time, pixels } of framesAt(file, times, { width, height, facts, isKeyframe, signal: until, onFault })) {
            const image: EncodedImage = await pool.run("encode-frame", { pixels, width, height }, { signal: until, subject: file.name });
            yield { time, image };
          }
        },
        damage: damage.spans,
        observations: async (by) => openObservations(observations, [await contentId(file.descriptor, file.size), by]),
      };
      return video;
    },
  };
}

/** A header can promise pictures that are not there. */
async function refuseWithoutFrames(
  file: OpenFile,
  thumbnail: { width: number; height: number },
  signal: AbortSignal | undefined,
): Promise<void> {
  for await (const _ of rawFrames(file, { ...thumbnail, format: "gray", most: 1, signal })) return;
  throw new InputError(`${file.name} holds no frame that can be decoded.`, {
    hint: "It is empty or damaged. Fetch or record it again; if other programs play it, convert it to MP4 and give that file.",
  });
}
