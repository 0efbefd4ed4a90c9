import type { TextRegion } from "./text-regions.ts";

/** Regions on one line are one piece of text when the gap between them is below this share of their height (negative gaps overlap). */
const MAX_GAP = -0.1;
/** Their heights may differ by this factor, and their centres by this share of the smaller height. */
const MAX_HEIGHT_RATIO = 1.6;
const MAX_CENTRE_SHIFT = 0.35;

/**
 * Joins regions that touch end to end: the detector cuts wide-set print ("12,50 €" in a typewriter face) into pieces
 * whose grown boxes overlap, and a reader needs the whole.
 */
export function joinRegions(regions: readonly TextRegion[]): TextRegion[] {
  const joined: TextRegion[] = [];
  for (const region of [...regions].sort((a, b) => a.rect.centerX - a.rect.width / 2 - (b.rect.centerX - b.rect.width / 2))) {
    const at = joined.findIndex((other) => touches(other, region));
    if (at === -1) joined.push(region);
    else joined[at] = join(joined[at]!, region);
  }
  return joined;
}

/** `right` starts further right than `left`. */
function touches({ rect: left }: TextRegion, { rect: right }: TextRegion): boolean {
  const low = Math.min(left.height, right.height);
  if (Math.max(left.height, right.height) > low * MAX_HEIGHT_RATIO || Math.abs(left.angle - right.angle) > 0.1) return false;
  const distance = right.centerX - left.centerX;
  const drop = right.centerY - left.centerY - Math.tan(left.angle) * distance;
  const gap = distance - (left.width + right.width) / 2;
  return Math.abs(drop) < low * MAX_CENTRE_SHIFT && gap < low * MAX_GAP;
}

function join(a: TextRegion, b: TextRegion): TextRegion {
  const left = Math.min(a.rect.centerX - a.rect.width / 2, b.rect.centerX - b.rect.width / 2);
  const right = Math.max(a.rect.centerX + a.rect.width / 2, b.rect.centerX + b.rect.width / 2);
  const top = Math.min(a.rect.centerY - a.rect.height / 2, b.rect.centerY - b.rect.height / 2);
  const bottom = Math.max(a.rect.centerY + a.rect.height / 2, b.rect.centerY + b.rect.height / 2);
  const { angle } = a.rect.width >= b.rect.width ? a.rect : b.rect;
  return {
    score: Math.min(a.score, b.score),
    rect: { centerX: (left + right) / 2, centerY: (top + bottom) / 2, width: right - left, height: bottom - top, angle },
  };
}
