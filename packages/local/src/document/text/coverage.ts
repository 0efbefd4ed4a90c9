import type { Box } from "@sightline/core/page";

/** Cells a side: a page of 32 x 32 tells a full-page scan from a letterhead. */
const CELLS = 32;

/** What part of a page is covered by pictures. */
export interface Coverage {
  /** 0 to 1. */
  readonly share: number;
  covers(x: number, y: number): boolean;
}

/** Strips and overlapping pictures count once: a page is covered where any of them is. */
export function coverage(pictures: readonly Box[], page: { readonly width: number; readonly height: number }): Coverage {
  const cells = new Uint8Array(CELLS * CELLS);
  const column = (x: number): number => (x / page.width) * CELLS;
  const row = (y: number): number => (y / page.height) * CELLS;
  for (const { x, y, width, height } of pictures) {
    // A cell counts when its middle is covered.
    const [left, right] = [Math.max(0, Math.ceil(column(x) - 0.5)), Math.min(CELLS, Math.ceil(column(x + width) - 0.5))];
    const [top, bottom] = [Math.max(0, Math.ceil(row(y) - 0.5)), Math.min(CELLS, Math.ceil(row(y + height) - 0.5))];
    for (let at = top; at < bottom; at += 1) if (right > left) cells.fill(1, at * CELLS + left, at * CELLS + right);
  }
  return {
    share: cells.reduce((sum, cell) => sum + cell, 0) / cells.length,
    covers(x, y) {
      const [c, r] = [Math.floor(column(x)), Math.floor(row(y))];
      return c >= 0 && c < CELLS && r >= 0 && r < CELLS && cells[r * CELLS + c] === 1;
    },
  };
}
