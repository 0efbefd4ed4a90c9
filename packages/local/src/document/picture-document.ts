import { fitted, toRgb } from "../media/decode.ts";
import { countPages, withPicture } from "../media/open-picture.ts";
import type { WorkerDocument } from "./worker-document.ts";

/** Of a page's JPEG: print keeps its edges. */
const QUALITY = 90;

/** Decoded at a few pixels: a header alone does not show that the rest is a picture. */
const PROBE_SIDE = 64;

/** A picture as a document: a page of a TIFF, a frame of an animated GIF or WebP, or the one picture that others are. InputError when it is none. */
export async function openPicture(bytes: Uint8Array): Promise<WorkerDocument> {
  const pageCount = await countPages(bytes);
  await withPicture(bytes, async () => {});
  return {
    pageCount,
    attachments: [],
    warnings: [],
    async text(page) {
      const { result, warnings } = await withPicture(bytes, async ({ original }) => original, page - 1);
      return { ...result, lines: [], legible: false, warnings };
    },
    async image(page, { longSide }) {
      const { result, warnings } = await withPicture(
        bytes,
        async (picture) => {
          const { plain, sound, original } = picture;
          const small = longSide === undefined || longSide >= Math.max(original.width, original.height);
          if (plain !== undefined && sound && small) {
            await toRgb(fitted(picture, { longSide: PROBE_SIDE }));
            return { bytes, mediaType: plain, ...original };
          }
          const { data, info } = await fitted(picture, { longSide }).jpeg({ quality: QUALITY }).toBuffer({ resolveWithObject: true });
          return { bytes: data, mediaType: "image/jpeg" as const, width: info.width, height: info.height };
        },
        page - 1,
      );
      return { image: result, warnings };
    },
    close() {},
  };
}
