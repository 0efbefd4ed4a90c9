/** A rectangle at an angle: where a line of text stands on a page that was not laid quite straight. */
export interface RotatedRect {
  /** Centre, in pixels. */
  readonly centerX: number;
  readonly centerY: number;
  /** Along the line of text, in pixels. */
  readonly width: number;
  /** Across it. */
  readonly height: number;
  /** Of the long axis against the picture's x axis, in radians, clockwise on the screen (y grows downwards), in (-PI/2, PI/2]. */
  readonly angle: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Convex hull by Andrew's monotone chain; `points` sorted by x, then y. */
export function convexHull(points: readonly Point[]): Point[] {
  if (points.length < 3) return [...points];
  const half = (ordered: Iterable<Point>): Point[] => {
    const chain: Point[] = [];
    for (const point of ordered) {
      for (;;) {
        const b = chain.at(-1);
        const a = chain.at(-2);
        if (a === undefined || b === undefined || (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) > 0) break;
        chain.pop();
      }
      chain.push(point);
    }
    chain.pop();
    return chain;
  };
  return [...half(points), ...half([...points].reverse())];
}

/**
 * The rectangle of least area around a convex polygon: one of its sides lies on an edge of the hull
 * (Freeman and Shapira 1975). Its width is the side nearer to the horizontal: text runs across unless the
 * box stands upright, which the caller tells from the shape.
 */
export function minAreaRect(hull: readonly Point[]): RotatedRect {
  let best: RotatedRect | undefined;
  let bestArea = Infinity;
  for (let i = 0; i < hull.length; i += 1) {
    const a = hull[i]!;
    const b = hull[(i + 1) % hull.length]!;
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    if (length === 0) continue;
    const cos = (b.x - a.x) / length;
    const sin = (b.y - a.y) / length;
    let minU = Infinity;
    let maxU = -Infinity;
    let minV = Infinity;
    let maxV = -Infinity;
    for (const { x, y } of hull) {
      const u = x * cos + y * sin;
      const v = y * cos - x * sin;
      if (u < minU) minU = u;
      if (u > maxU) maxU = u;
      if (v < minV) minV = v;
      if (v > maxV) maxV = v;
    }
    const area = (maxU - minU) * (maxV - minV);
    if (area >= bestArea) continue;
    bestArea = area;
    const u = (minU + maxU) / 2;
    const v = (minV + maxV) / 2;
    best = upright({
      centerX: u * cos - v * sin,
      centerY: u * sin + v * cos,
      width: maxU - minU,
      height: maxV - minV,
      angle: Math.atan2(sin, cos),
    });
  }
  const [only = { x: 0, y: 0 }] = hull;
  return best ?? { centerX: only.x, centerY: only.y, width: 0, height: 0, angle: 0 };
}

/** The same rectangle told with an angle in (-45°, 45°]. */
function upright(rect: RotatedRect): RotatedRect {
  let { width, height, angle } = rect;
  while (angle > Math.PI / 4) {
    angle -= Math.PI / 2;
    [width, height] = [height, width];
  }
  while (angle <= -Math.PI / 4) {
    angle += Math.PI / 2;
    [width, height] = [height, width];
  }
  return { ...rect, width, height, angle };
}

/** The axis-parallel box around it. */
export function boundsOf({ centerX, centerY, width, height, angle }: RotatedRect): { x: number; y: number; width: number; height: number } {
  const cos = Math.abs(Math.cos(angle));
  const sin = Math.abs(Math.sin(angle));
  const w = width * cos + height * sin;
  const h = width * sin + height * cos;
  return { x: centerX - w / 2, y: centerY - h / 2, width: w, height: h };
}
