import type { Box } from "./page.ts";
import type { CallOptions, ImageCodec, PictureReader } from "./ports.ts";

/** The middle of a thing's box, as a share of each side: the corners are mostly what stands behind it. */
const MIDDLE = 0.6;

/** The main colours of the thing in that box, largest share first. */
export async function thingColors(
  picture: Uint8Array,
  box: Box,
  { images, pictures }: { readonly images: ImageCodec; readonly pictures: PictureReader },
  options: CallOptions,
): Promise<readonly string[]> {
  const part = await images.prepare(picture, { ...options, crop: middleOf(box) });
  return (await pictures.look(part.bytes, { people: [], objects: [], lines: [] }, options)).colors;
}

function middleOf({ x, y, width, height }: Box): Box {
  const [across, down] = [Math.max(1, Math.round(width * MIDDLE)), Math.max(1, Math.round(height * MIDDLE))];
  return { x: Math.round(x + (width - across) / 2), y: Math.round(y + (height - down) / 2), width: across, height: down };
}
