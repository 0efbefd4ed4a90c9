/**
 * How a picture is laid before the detector. The network saw objects at 300 x 300 pixels only and finds
 * fewer of them, and more that are not there, at any larger input (docs/decisions/0003-object-detector.md);
 * so it looks several times at 300 x 300, each time differently, and `joinViews` counts the votes.
 */

/** The part of the picture from `left`, `top` to `right`, `bottom` (pixels), drawn at `width` x `height` in the input's top left corner. */
export interface View {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
  /** Drawn as in a mirror, left and right exchanged. */
  readonly mirrored: boolean;
}

/** Up to here a picture counts as square: letterboxing and cutting squares would show the same thing again. */
const NEARLY_SQUARE = 1.15;

/** More squares along a panorama than this are spread out with gaps: the time for one picture stays bounded. */
const MOST_SQUARES = 5;

/** The whole picture stretched, the whole picture in its own shape, and overlapping squares along its longer side. */
export function detectorViews(width: number, height: number, side: number): readonly View[] {
  const whole = { left: 0, top: 0, right: width, bottom: height };
  const long = Math.max(width, height);
  const short = Math.min(width, height);
  const stretched: View = { ...whole, width: side, height: side, mirrored: false };
  if (long / short < NEARLY_SQUARE) return [stretched, { ...stretched, mirrored: true }];

  const fitted = { width: Math.max(1, Math.round((side * width) / long)), height: Math.max(1, Math.round((side * height) / long)) };
  const count = Math.min(MOST_SQUARES, Math.ceil(long / short));
  const squares = Array.from({ length: count }, (_, index): View => {
    const start = Math.round((index * (long - short)) / (count - 1));
    const [left, top] = width >= height ? [start, 0] : [0, start];
    return { left, top, right: left + short, bottom: top + short, width: side, height: side, mirrored: false };
  });
  return [stretched, { ...whole, ...fitted, mirrored: false }, ...squares];
}

/** How many times as wide as the thing itself a closer look is: what it stands in helps to tell what it is. */
const CLOSER = 2;

/** A closer look at the thing between `left`, `top`, `right` and `bottom`: a square around it, or as much of one as the picture has. */
export function closerView(
  { left, top, right, bottom }: Pick<View, "left" | "top" | "right" | "bottom">,
  width: number,
  height: number,
  side: number,
): View {
  const square = Math.max(1, Math.round(CLOSER * Math.max(right - left, bottom - top)));
  const [across, down] = [Math.min(square, width), Math.min(square, height)];
  const start = (middle: number, length: number, limit: number): number =>
    Math.round(Math.max(0, Math.min(limit - length, middle - length / 2)));
  const [x, y] = [start((left + right) / 2, across, width), start((top + bottom) / 2, down, height)];
  return { left: x, top: y, right: x + across, bottom: y + down, width: side, height: side, mirrored: false };
}
