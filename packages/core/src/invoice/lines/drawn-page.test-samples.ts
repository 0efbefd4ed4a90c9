import type { Line, Page } from "../../page.ts";

/** A piece of text and where it begins, or with `right` where it ends, in pixels. */
export type Piece = readonly [x: number, text: string] | readonly [right: "right", x: number, text: string];

/** Pixels. */
const CHARACTER = 11;
const LINE_HEIGHT = 24;
const ROW = 34;

/** An A4 page at 150 dpi with one line for each piece: rows from the top, an empty row leaves a gap. */
export function drawnPage(
  rows: readonly (readonly Piece[])[],
  { number = 1, source = "text-layer", width = 1240, height = 1754 }: Partial<Omit<Page, "lines">> = {},
): Page {
  const lines = rows.flatMap((row, index) =>
    row.map((piece): Line => {
      const text = piece[0] === "right" ? piece[2] : piece[1];
      const length = [...text].length * CHARACTER;
      const x = piece[0] === "right" ? piece[1] - length : piece[0];
      return { text, box: { x, y: 80 + index * ROW, width: length, height: LINE_HEIGHT }, confidence: 1 };
    }),
  );
  return { number, width, height, source, lines };
}
