import type { Line } from "@sightline/core";

/** Lines from top to bottom, those on one visual row from left to right. */
export function inReadingOrder(lines: readonly Line[]): Line[] {
  const middle = ({ box }: Line): number => box.y + box.height / 2;
  const rows: Line[][] = [];
  for (const line of [...lines].sort((a, b) => middle(a) - middle(b))) {
    const row = rows.at(-1);
    // A slightly skewed row is followed from its last line.
    const last = row?.at(-1);
    if (row !== undefined && last !== undefined && Math.abs(middle(last) - middle(line)) < Math.min(last.box.height, line.box.height) / 2)
      row.push(line);
    else rows.push([line]);
  }
  return rows.flatMap((row) => row.sort((a, b) => a.box.x - b.box.x));
}
