import type { Line } from "../page.ts";
import { toRows, type Row } from "../reading-order.ts";
import { bottomOf, median } from "./geometry.ts";
import { isTurned } from "./regions.ts";
import { toSegments, type Segment } from "./segments.ts";

/** Characters a row may be wide: small print on a large page comes closer together. */
const WIDEST = 240;
/** Spaces between two segments of a row at least. */
const APART = 2;
/** In characters. Segments that begin, or end, this close together stand under each other. */
const SAME_EDGE = 0.75;
/** Empty rows that stand for a gap of the page at most. */
const MOST_EMPTY = 2;

/**
 * The text laid out as on the page, in a typewriter's characters: what begins or ends under each other does so here too, and gaps between rows are empty rows. Text that
 * runs up or down the page stands at the end.
 */
export function toLayout(lines: readonly Line[]): string {
  const shown = lines.filter((line) => line.text.trim() !== "");
  const rows = toRows(shown.filter((line) => !isTurned(line)));
  const turned = shown.filter(isTurned).map((line) => line.text.trim());
  const segments = rows.map(toSegments);
  const place = placer(segments, shown);
  const usual = median(shown.map(({ box }) => box.height));
  const out: string[] = [];
  for (const [index, row] of rows.entries()) {
    const gap = index === 0 ? 0 : topOf(row) - lowest(rows[index - 1] as Row);
    for (let empty = 0; empty < Math.min(MOST_EMPTY, Math.floor(gap / usual)); empty += 1) out.push("");
    const parts: string[] = [];
    let end = 0;
    for (const segment of segments[index] as Segment[]) {
      const at = Math.max(place(segment), end === 0 ? 0 : end + APART);
      parts.push(" ".repeat(at - end), segment.text);
      end = at + length(segment.text);
    }
    out.push(parts.join(""));
  }
  return [...out, ...(turned.length > 0 && out.length > 0 ? [""] : []), ...turned].join("\n");
}

/** Where segments are held: at their beginning, or at their end, where more of them end together. */
interface Anchor {
  readonly x: number;
  readonly members: { readonly segment: Segment; readonly before: Segment | undefined }[];
  /** The character it stands at. */
  at: number;
}

/**
 * The character each segment begins at. From left to right each edge gets the place that its x says, or the first one behind all that stand left of its segments: so rows
 * that hold more characters than their part of the page has room for push what stands under each other on together.
 */
function placer(rows: readonly (readonly Segment[])[], lines: readonly Line[]): (segment: Segment) => number {
  const all = rows.flat();
  const left = Math.min(...all.map((segment) => segment.left));
  const right = Math.max(...all.map((segment) => segment.right));
  const wide = median(lines.map(({ text, box }) => box.width / length(text.trim())));
  const unit = Math.max(wide, (right - left) / WIDEST) || 1;
  const column = (x: number): number => Math.round((x - left) / unit);

  const begins = edges(all, (segment) => segment.left, SAME_EDGE * unit);
  const ends = edges(all, (segment) => segment.right, SAME_EDGE * unit);
  const atEnd = (segment: Segment): boolean => (ends.get(segment)?.count ?? 0) > (begins.get(segment)?.count ?? 0);

  const anchors = new Map<string, Anchor>();
  for (const row of rows) {
    for (const [index, segment] of row.entries()) {
      const end = atEnd(segment);
      const { x } = (end ? ends : begins).get(segment)!;
      const key = `${end ? "end" : "begin"} ${x}`;
      const anchor = anchors.get(key) ?? { x, members: [], at: 0 };
      anchor.members.push({ segment, before: row[index - 1] });
      anchors.set(key, anchor);
    }
  }
  const begin = new Map<Segment, number>();
  let reached = 0;
  for (const anchor of [...anchors.values()].sort((a, b) => a.x - b.x)) {
    const room = anchor.members.map(({ segment, before }) => {
      const free = before === undefined ? 0 : (begin.get(before) ?? column(before.left)) + length(before.text) + APART;
      return atEnd(segment) ? free + length(segment.text) : free;
    });
    anchor.at = Math.max(column(anchor.x), reached, ...room);
    reached = anchor.at;
    for (const { segment } of anchor.members) begin.set(segment, anchor.at - (atEnd(segment) ? length(segment.text) : 0));
  }
  return (segment) => begin.get(segment) ?? 0;
}

/** For each segment the place that it shares with others, and how many they are. */
function edges(
  segments: readonly Segment[],
  edge: (segment: Segment) => number,
  within: number,
): Map<Segment, { x: number; count: number }> {
  const places = new Map<Segment, { x: number; count: number }>();
  let place: { x: number; count: number } | undefined;
  for (const segment of [...segments].sort((a, b) => edge(a) - edge(b))) {
    if (place === undefined || edge(segment) - place.x > within) place = { x: edge(segment), count: 0 };
    place.count += 1;
    places.set(segment, place);
  }
  return places;
}

/** Characters as a typewriter counts them: Chinese, Japanese and Korean ones are two wide. */
function length(text: string): number {
  let count = 0;
  for (const character of text) count += WIDE.test(character) ? 2 : /\p{M}/u.test(character) ? 0 : 1;
  return count;
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

const topOf = (row: Row): number => Math.min(...row.map(({ box }) => box.y));
const lowest = (row: Row): number => Math.max(...row.map(bottomOf));
