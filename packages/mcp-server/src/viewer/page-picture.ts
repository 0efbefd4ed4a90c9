import type { EncodedImage } from "@sightline/core";
import type { Host } from "../host.ts";

/** Longest side of a page as it is shown, pixels: print is sharp on a screen. */
const LONG_SIDE = 2000;

export interface PagePicture extends Pick<EncodedImage, "bytes" | "mediaType"> {
  /** Of the page in full resolution, pixels. */
  readonly width: number;
  readonly height: number;
  /** Of the file. */
  readonly pages: number;
}

/** One page of a file, upright, as people look at it. What may be read is what a tool may read. InputError when it may not, or has no such page. */
export async function pagePicture(
  host: Host,
  { reference, page }: { readonly reference: string; readonly page: number },
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<PagePicture> {
  const { input, documents, images } = await host.context({ signal });
  const file = await input.read(reference, { accept: ["image", "pdf"], signal });
  const document = await documents.open(file, { signal });
  try {
    const { width, height } = await document.textLayer(page, { signal });
    const shown = await document.image(page, { longSide: LONG_SIDE, signal });
    const { bytes, mediaType } =
      shown.bytes.length <= maxBytes ? shown : await images.prepare(shown.bytes, { maxBytes, name: file.name, signal });
    return { bytes, mediaType, width, height, pages: document.pageCount };
  } finally {
    await document.close();
  }
}
