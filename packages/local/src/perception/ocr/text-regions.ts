import { convexHull, minAreaRect, type Point, type RotatedRect } from "./rotated-rect.ts";

/** How sure the detector is, for each pixel, that text stands there: 0 to 1, row by row. */
export interface ProbabilityMap {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** PP-OCR's post-processing constants, same names (`tools/infer/predict_det.py` of PaddleOCR). */
export interface RegionOptions {
  /** Pixels above this belong to text. */
  readonly threshold: number;
  /** Regions whose mean probability is below this are dropped. */
  readonly boxThreshold: number;
  /** The network is trained on shrunken text; a region grows by area * ratio / perimeter on every side. */
  readonly unclipRatio: number;
  /** Regions less high than this (pixels of the map, before growing) are dropped. */
  readonly minSide: number;
}

export const REGION_OPTIONS: RegionOptions = { threshold: 0.3, boxThreshold: 0.5, unclipRatio: 1.6, minSide: 3 };

export interface TextRegion {
  /** In pixels of the map. */
  readonly rect: RotatedRect;
  /** Mean probability of the region's pixels. */
  readonly score: number;
}

/** Lines of text: connected pixels above the threshold, boxed and grown back to the size of the print. */
export function findTextRegions(map: ProbabilityMap, options: RegionOptions = REGION_OPTIONS): TextRegion[] {
  const { data, width, height } = map;
  const seen = new Uint8Array(width * height);
  const stack: number[] = [];
  const regions: TextRegion[] = [];
  for (let start = 0; start < data.length; start += 1) {
    if (seen[start] === 1 || data[start]! <= options.threshold) continue;
    // Flood fill, eight neighbours; of every row only its first and last pixel can lie on the hull.
    const rows = new Map<number, [number, number]>();
    let sum = 0;
    let count = 0;
    seen[start] = 1;
    stack.push(start);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const x = at % width;
      const y = (at - x) / width;
      sum += data[at]!;
      count += 1;
      const row = rows.get(y);
      if (row === undefined) rows.set(y, [x, x]);
      else if (x < row[0]) row[0] = x;
      else if (x > row[1]) row[1] = x;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny += 1) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx += 1) {
          const next = ny * width + nx;
          if (seen[next] === 1 || data[next]! <= options.threshold) continue;
          seen[next] = 1;
          stack.push(next);
        }
      }
    }
    const score = sum / count;
    if (score < options.boxThreshold) continue;
    const points: Point[] = [];
    for (const [y, [first, last]] of rows) {
      // A pixel is a square, not a point.
      points.push({ x: first, y }, { x: last + 1, y }, { x: first, y: y + 1 }, { x: last + 1, y: y + 1 });
    }
    points.sort((a, b) => a.x - b.x || a.y - b.y);
    const rect = minAreaRect(convexHull(points));
    if (Math.min(rect.width, rect.height) < options.minSide) continue;
    regions.push({ rect: grow(rect, options.unclipRatio), score });
  }
  return regions;
}

function grow(rect: RotatedRect, ratio: number): RotatedRect {
  const by = (rect.width * rect.height * ratio) / (2 * (rect.width + rect.height));
  return { ...rect, width: rect.width + 2 * by, height: rect.height + 2 * by };
}
