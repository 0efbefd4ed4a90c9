import type { ObjectDetector, PictureReader, TextRecognizer } from "@sightline/core";
import type { SightlinePool } from "../worker-jobs.ts";

/** The machine's own eyes: each call is one trip to a worker, bytes in, evidence out. */
export interface Recognizers {
  readonly text: TextRecognizer;
  readonly detector: ObjectDetector;
  readonly pictures: PictureReader;
}

export function createRecognizers(pool: SightlinePool): Recognizers {
  return {
    text: {
      recognize: (image, { signal, name, language, onProgress } = {}) =>
        pool.run("recognize-text", { image, language }, { signal, subject: name, onProgress }),
    },
    detector: {
      detect: (image, { signal, name } = {}) => pool.run("detect-objects", { image }, { signal, subject: name }),
    },
    pictures: {
      look: (image, evidence, { signal, name } = {}) => pool.run("look-at-picture", { image, evidence }, { signal, subject: name }),
    },
  };
}
