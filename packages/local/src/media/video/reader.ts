import type { EncodedImage, OpenFile, OpenVideo, VideoReader } from "@sightline/core";
import { InputError } from "@sightline/core/errors";
import type { SightlinePool } from "../../worker-jobs.ts";
import { contentId } from "./content-id.ts";
import { createDamageLog } from "./damage.ts";
import { SILENCE_MS } from "./ffmpeg.ts";
import { framesAt } from "./frames-at.ts";
import { probe } from "./probe.ts";
import { createPatience, type Patience } from "./patience.ts";
import { DecoderStopped, rawFrames } from "./raw-frames.ts";
import { openObservations, type ObservationOptions } from "./observations.ts";
import { motion, samples, thumbnailSize } from "./samples.ts";

/** Videos through ffmpeg: it decodes in processes of its own, which are killed with the call, and when they give nothing for `silenceMs`. */
export function createVideoReader(pool: SightlinePool, observations: ObservationOptions, silenceMs = SILENCE_MS): VideoReader {
  return {
    async open(file, { signal } = {}) {
      const facts = await probe(file, signal);
      const thumbnail = thumbnailSize(facts);
      const patience = createPatience(silenceMs);
      await refuseWithoutFrames(file, thumbnail, patience, signal);
      const damage = createDamageLog(facts.duration);
      const onFault = damage.add;
      const keyframes = new Set<number>();
      const video: OpenVideo = {
        ...facts,
        samples: ({ signal: until, ...span }) =>
          samples(file, { ...facts, ...span, thumbnail, signal: until, patience, onFault, onKeyframe: (time) => keyframes.add(time) }),
        motion: ({ signal: until, ...span }) => motion(file, { ...span, thumbnail, signal: until, silenceMs }),
        async *frames(times, { longSide, signal: until, onUnread = () => {} }) {
          const scale = Math.min(1, longSide / Math.max(facts.width, facts.height));
          const width = Math.max(1, Math.round(facts.width * scale));
          const height = Math.max(1, Math.round(facts.height * scale));
          const isKeyframe = (time: number): boolean => keyframes.has(time);
          const options = { width, height, facts, isKeyframe, signal: until, patience, onFault, onUnread };
          for await (const { time, pixels } of framesAt(file, times, options)) {
            let image: EncodedImage;
            try {
              image = await pool.run("encode-frame", { pixels, width, height }, { signal: until, subject: file.name });
            } catch (error) {
              if (until?.aborted === true || !(error instanceof InputError)) throw error;
              onUnread(time, error);
              continue;
            }
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
  patience: Patience,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    for await (const _ of rawFrames(file, { ...thumbnail, format: "gray", most: 1, signal, silenceMs: patience.silenceMs })) return;
  } catch (error) {
    if (!(error instanceof DecoderStopped)) throw error;
    // It hangs at the very beginning: that says nothing of what lies behind.
    patience.tried();
    return;
  }
  throw new InputError(`${file.name} holds no frame that can be decoded.`, {
    hint: "It is empty or damaged. Fetch or record it again; if other programs play it, convert it to MP4 and give that file.",
  });
}
