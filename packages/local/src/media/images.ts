import type { ImageCodec } from "@sightline/core";
import type { SightlinePool } from "../worker-jobs.ts";

/** Longest side of a contact sheet when the caller does not say, pixels. */
const SHEET_SIDE = 1568;

/** Pictures in, pictures out: each call is one trip to a worker, where the untrusted bytes are decoded behind a kill. */
export function createImageCodec(pool: SightlinePool): ImageCodec {
  return {
    size: (image, { signal, name } = {}) => pool.run("image-size", { image }, { signal, subject: name }),
    prepare: (image, { signal, name, longSide, maxBytes, crop, turn } = {}) =>
      pool.run("prepare-image", { image, longSide, maxBytes, crop, turn }, { signal, subject: name }),
    async original(image, { signal, name } = {}) {
      return { bytes: image, ...(await pool.run("original-image", { image }, { signal, subject: name })) };
    },
    sheet: (images, { signal, name, longSide = SHEET_SIDE } = {}) =>
      pool.run("image-sheet", { images, longSide }, { signal, subject: name }),
    annotate: (image, boxes, { signal, name, labels, letters } = {}) =>
      pool.run("annotate-image", { image, boxes, labels, letters }, { signal, subject: name }),
  };
}
