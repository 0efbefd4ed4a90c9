import { InputError } from "@sightline/core";

interface Encoded {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Below this, JPEG blocks swallow print; only here is a smaller picture the lesser evil. */
const LOWEST_QUALITY = 30;

/** Aimed a little under the bound, so that the last step rarely lands above it. */
const AIM = 0.98;

/** Within 4 % under the bound another encode gains nothing the eye sees. */
const GOOD_ENOUGH = 0.96;

const MAX_ENCODES = 5;

/**
 * The best JPEG of at most `maxBytes`, by a secant search on (quality, ln bytes), which is nearly a straight line: three
 * encodes where halving needs six or seven. Quality gives way first: print read at 1120 px and quality 65 is far
 * closer to the original (SSIM .98) than at 960 px and quality 80 (.83). InputError when nothing fits.
 */
export async function fitBytes(
  size: { readonly width: number; readonly height: number },
  maxBytes: number,
  startQuality: number,
  encode: (quality: number, width: number) => Promise<Encoded>,
): Promise<Encoded> {
  const first = await encode(startQuality, size.width);
  if (first.bytes.length <= maxBytes) return first;
  let above = { quality: startQuality, log: Math.log(first.bytes.length) };
  let below: { quality: number; log: number; encoded: Encoded } | undefined;
  const aim = Math.log(maxBytes * AIM);

  // Bytes roughly double from quality 45 to 80: a first slope, until there are two points to draw a line through.
  let slope = Math.LN2 / 35;
  let known = above;
  for (let encodes = 1; encodes < MAX_ENCODES; encodes++) {
    const floor = below?.quality ?? LOWEST_QUALITY - 1;
    const guess = Math.round(known.quality + (aim - known.log) / slope);
    const quality = Math.min(above.quality - 1, Math.max(floor + 1, guess));
    if (quality <= floor || quality >= above.quality) break;
    const encoded = await encode(quality, size.width);
    const log = Math.log(encoded.bytes.length);
    if (quality !== known.quality && log !== known.log) slope = Math.max((log - known.log) / (quality - known.quality), 1e-4);
    known = { quality, log };
    if (encoded.bytes.length > maxBytes) above = { quality, log };
    else {
      below = { quality, log, encoded };
      if (encoded.bytes.length >= maxBytes * GOOD_ENOUGH) break;
    }
    if (quality === LOWEST_QUALITY) break;
  }
  if (below !== undefined) return below.encoded;
  return shrink(size, maxBytes, encode);
}

/** At the lowest quality bytes go with the area: the side by the root, until it fits. */
async function shrink(
  size: { readonly width: number },
  maxBytes: number,
  encode: (quality: number, width: number) => Promise<Encoded>,
): Promise<Encoded> {
  let width = size.width;
  let encoded = await encode(LOWEST_QUALITY, width);
  while (encoded.bytes.length > maxBytes && width > 1) {
    width = Math.max(1, Math.min(width - 1, Math.floor(width * Math.sqrt((maxBytes * AIM) / encoded.bytes.length))));
    encoded = await encode(LOWEST_QUALITY, width);
  }
  if (encoded.bytes.length <= maxBytes) return encoded;
  throw new InputError(`It cannot be made to fit into ${maxBytes} bytes.`, { hint: "Allow at least a few kilobytes." });
}
