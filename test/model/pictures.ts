import type { EncodedImage } from "@sightline/core";

/** A PNG of one white pixel, 69 bytes: the smallest picture whose request body is still readable. */
export const WHITE_PIXEL: EncodedImage = {
  bytes: Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP6DwABBQECz6AuzQAAAABJRU5ErkJggg==", "base64"),
  mediaType: "image/png",
  width: 1,
  height: 1,
};
