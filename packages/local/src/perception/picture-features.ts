import type { Pixels } from "../media/decode.ts";

/** What the pixels of a whole picture tell about how it was made. Shares from 0 to 1, but for the count of straight lines. */
export interface PictureFeatures {
  /** Pixels with the same colour as the ones to their right and below, within what JPEG adds: drawn areas are flat, cameras have noise. */
  readonly flat: number;
  /** Pixels exactly like those two neighbours: even a dark, soft photograph has few (0.41 at most seen), a drawing many (0.82 and more, JPEG included). */
  readonly exact: number;
  /** Pixels of the 16 most frequent colours (of 4096): few colours make most of what is drawn. */
  readonly fewColors: number;
  /** Pixels that are light and grey: paper. */
  readonly paper: number;
  /** Pixels with a colour worth the name. */
  readonly colored: number;
  /** Pixels of the single most frequent colour: a screen's or a drawing's ground. */
  readonly ground: number;
  /** Lightness of that colour. */
  readonly groundLightness: number;
  /** Of the pixels that are not flat, those in a step between two flat sides: drawn edges, no texture. */
  readonly cleanEdges: number;
  /** Of the pixels outside that colour, the flat ones: a product on white paper is not drawn. */
  readonly flatElsewhere: number;
  /** Of the pixels outside that colour, those of the next 15 colours: black lines on white paper against a product before a white wall. */
  readonly fewElsewhere: number;
  /** Pixels on an edge of any kind. */
  readonly edges: number;
  /** Count of rows and columns with an edge along at least a third of them: rules, axes, panels, window frames. */
  readonly straightLines: number;
}

/** Channel difference JPEG leaves on one flat colour. */
const SAME = 3;
/** Channel difference of a drawn edge. */
const EDGE = 24;
/** Panels and grid lines are pale; over a third of the picture in one row no noise reaches this. */
const PALE_EDGE = 9;

export function pictureFeatures({ data, width, height }: Pixels): PictureFeatures {
  const step = Math.max(1, Math.floor(Math.max(width, height) / 900));
  const counts = new Uint32Array(4096);
  const flatCounts = new Uint32Array(4096);
  let [all, flat, exact, paper, colored, edges, clean] = [0, 0, 0, 0, 0, 0, 0];
  const rowEdges = new Uint32Array(height);
  const columnEdges = new Uint32Array(width);
  const difference = (a: number, b: number): number =>
    Math.max(
      Math.abs((data[a] ?? 0) - (data[b] ?? 0)),
      Math.abs((data[a + 1] ?? 0) - (data[b + 1] ?? 0)),
      Math.abs((data[a + 2] ?? 0) - (data[b + 2] ?? 0)),
    );
  // Neighbours are the picture's own pixels, so that noise is not averaged away; only the places looked at are fewer.
  for (let y = 2; y < height - 3; y += step) {
    for (let x = 2; x < width - 3; x += step) {
      const at = (y * width + x) * 3;
      const [red, green, blue] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
      const right = difference(at, at + 3);
      const below = difference(at, at + width * 3);
      const most = Math.max(red, green, blue);
      const least = Math.min(red, green, blue);
      const bin = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
      counts[bin] = (counts[bin] ?? 0) + 1;
      all++;
      if (right <= SAME && below <= SAME) {
        flat++;
        flatCounts[bin] = (flatCounts[bin] ?? 0) + 1;
      }
      if (right === 0 && below === 0) exact++;
      if (least >= 170 && most - least <= 40) paper++;
      if (most - least > 48) colored++;
      if (right >= EDGE || below >= EDGE) {
        edges++;
        // Two pixels on either side lie on flat ground when the step was drawn.
        const [back, ahead] = right >= below ? [at - 6, at + 9] : [at - 2 * width * 3, at + 3 * width * 3];
        const [backNext, aheadNext] = right >= below ? [at - 3, at + 6] : [at - width * 3, at + 2 * width * 3];
        if (difference(back, backNext) <= 2 * SAME && difference(ahead, aheadNext) <= 2 * SAME) clean++;
      }
      if (right >= PALE_EDGE) columnEdges[x] = (columnEdges[x] ?? 0) + 1;
      if (below >= PALE_EDGE) rowEdges[y] = (rowEdges[y] ?? 0) + 1;
    }
  }
  const sorted = [...counts].sort((a, b) => b - a);
  const groundBin = counts.indexOf(sorted[0] ?? 0);
  const rows = Math.max(1, Math.floor(height / step));
  const columns = Math.max(1, Math.floor(width / step));
  const straightRows = rowEdges.filter((count) => count > columns / 3).length;
  const straightColumns = columnEdges.filter((count) => count > rows / 3).length;
  const ground = sorted[0] ?? 0;
  const elsewhere = all - ground;
  const sixteen = sorted.slice(0, 16).reduce((sum, count) => sum + count, 0);
  const share = (count: number): number => (all === 0 ? 0 : count / all);
  return {
    flat: share(flat),
    exact: share(exact),
    fewColors: share(sixteen),
    paper: share(paper),
    colored: share(colored),
    ground: share(ground),
    groundLightness: ((groundBin >> 8) * 0.3 + ((groundBin >> 4) & 15) * 0.59 + (groundBin & 15) * 0.11) / 15,
    cleanEdges: edges === 0 ? 1 : clean / edges,
    flatElsewhere: elsewhere === 0 ? 1 : (flat - (flatCounts[groundBin] ?? 0)) / elsewhere,
    fewElsewhere: elsewhere === 0 ? 1 : (sixteen - ground) / elsewhere,
    edges: share(edges),
    straightLines: straightRows + straightColumns,
  };
}

/** Between the most of a photograph and the least of a drawing. */
const DRAWN_EXACTLY = 0.7;

/** True for what is drawn by a machine: few colours, flat to the pixel wherever it is not the ground. */
export function isDrawn({ exact, fewColors, flatElsewhere }: PictureFeatures): boolean {
  return exact >= DRAWN_EXACTLY && fewColors >= 0.9 && flatElsewhere >= 0.55;
}
