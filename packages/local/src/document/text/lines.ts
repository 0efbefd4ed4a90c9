import { clampBox, unionBox, type Box, type Line } from "@sightline/core/page";
import { withoutDoublePrint, type Glyph } from "./glyph.ts";

/** A glyph in the frame of its line's direction: `u` runs along the line, `v` down from it. */
interface Placed {
  readonly text: string;
  readonly spaces: number;
  readonly size: number;
  readonly start: number;
  readonly end: number;
  readonly baseline: number;
  readonly top: number;
  readonly bottom: number;
}

/** Glyphs of one line that follow each other, in reading order. */
interface Run {
  readonly glyphs: Placed[];
  start: number;
  end: number;
  top: number;
  bottom: number;
  size: number;
}

/** Of a font's height: what letters take above and below their baseline. */
const ASCENT = 0.74;
const DESCENT = 0.21;

/** Of two characters' smaller height: what stands beside the other on one line overlaps it by this much; raised and lowered figures do, the next line does not. */
const LINE_OVERLAP = 0.5;

/** In font heights. A space is about 0.25, in typewriter faces 0.6: a wider gap is the next column. */
const COLUMN_GAP = 0.9;
/** The same where the text itself has exactly one space there: lines set to one width stretch it. */
const STRETCHED_SPACE = 1.6;
/** Characters of one word may overlap by this much. */
const KERNING = 0.35;
/** A gap between characters that were not drawn one after the other is a space from here on. */
const SPACE_GAP = 0.2;

/**
 * Lines of text from the characters of a page, in reading order: rows from the top, each from the left, text that runs in another direction at the end. Columns are
 * lines of their own, as OCR gives them. Boxes are whole pixels inside the page.
 */
export function toLines(glyphs: readonly Glyph[], page: { readonly width: number; readonly height: number }): Line[] {
  const shown = withoutDoublePrint(glyphs);
  const byAngle = new Map<number, Glyph[]>();
  for (const glyph of shown) {
    const angle = steady(glyph.angle);
    const group = byAngle.get(angle);
    if (group === undefined) byAngle.set(angle, [glyph]);
    else group.push(glyph);
  }
  return [...byAngle]
    .sort(([a], [b]) => a - b)
    .flatMap(([angle, group]) => {
      const turned = frame(angle);
      const runs = joinRuns(toRuns(group.map((glyph) => place(glyph, angle, turned))));
      const lines = runs.flatMap((run) => {
        const text = textOf(run);
        const box = clampBox(turned.box(run), page.width, page.height);
        return text === "" || box === undefined ? [] : [{ text, box, confidence: 1 }];
      });
      return inReadingOrder(lines);
    });
}

/** Whole degrees; what leans by less than two is straight. */
function steady(angle: number): number {
  const quarter = Math.round(angle / 90) * 90;
  return (Math.abs(angle - quarter) < 2 ? quarter : Math.round(angle)) % 360;
}

interface Frame {
  to(x: number, y: number): { readonly u: number; readonly v: number };
  box(run: Run): Box;
}

function frame(angle: number): Frame {
  const radians = (angle * Math.PI) / 180;
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  return {
    to: (x, y) => ({ u: x * cos + y * sin, v: y * cos - x * sin }),
    box({ start, end, top, bottom }) {
      const corners = [start, end].flatMap((u) => [top, bottom].map((v) => ({ x: u * cos - v * sin, y: u * sin + v * cos })));
      // A hair is taken off: turning adds rounding errors that would grow the box by a pixel.
      return unionBox(corners.map(({ x, y }) => ({ x: Math.round(x * 100) / 100, y: Math.round(y * 100) / 100, width: 0, height: 0 })))!;
    },
  };
}

function place(glyph: Glyph, angle: number, { to }: Frame): Placed {
  const { text, spaces, size } = glyph;
  const { u, v: baseline } = to(glyph.x, glyph.y);
  const corners = [to(glyph.left, glyph.top), to(glyph.right, glyph.top), to(glyph.left, glyph.bottom), to(glyph.right, glyph.bottom)];
  const straight = angle % 90 === 0;
  // The ink's box along the page's axes says little about a letter that leans: half its font's height is a letter's usual width.
  const start = straight ? Math.min(...corners.map((corner) => corner.u)) : u;
  const end = straight ? Math.max(...corners.map((corner) => corner.u)) : u + size / 2;
  const ink = straight ? corners.map((corner) => corner.v) : [];
  return {
    text,
    spaces,
    size,
    start,
    end,
    baseline,
    top: Math.min(baseline - ASCENT * size, ...ink),
    bottom: Math.max(baseline + DESCENT * size, ...ink),
  };
}

/** Follows the characters in the order they were drawn in: most programs draw a line from its beginning to its end. */
function toRuns(glyphs: readonly Placed[]): Run[] {
  const runs: Run[] = [];
  for (const glyph of glyphs) {
    const run = runs.at(-1);
    if (run !== undefined && continues(run, glyph)) append(run, [glyph]);
    else {
      const { start, end, top, bottom, size } = glyph;
      runs.push({ glyphs: [glyph], start, end, top, bottom, size });
    }
  }
  return runs;
}

function continues(run: Run, glyph: Placed): boolean {
  const last = run.glyphs.at(-1)!;
  if (!onOneLine(last, glyph) && !onOneLine(run, glyph)) return false;
  const size = Math.max(last.size, glyph.size);
  if (isRightToLeft(glyph.text) && isRightToLeft(last.text)) {
    const gap = last.start - glyph.end;
    return gap > -KERNING * size && gap < COLUMN_GAP * size;
  }
  const gap = glyph.start - last.end;
  return gap > -KERNING * size && gap < (glyph.spaces === 1 ? STRETCHED_SPACE : COLUMN_GAP) * size;
}

/** Joins runs that stand beside each other on one line although they were drawn apart. */
function joinRuns(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of [...runs].sort((a, b) => a.start - b.start)) {
    let best: Run | undefined;
    let bestGap = Infinity;
    for (const other of joined) {
      const gap = run.start - other.end;
      const size = Math.min(other.size, run.size);
      if (gap <= -KERNING * size || gap >= COLUMN_GAP * size || Math.abs(gap) >= bestGap || !onOneLine(other, run)) continue;
      best = other;
      bestGap = Math.abs(gap);
    }
    if (best === undefined) joined.push({ ...run, glyphs: [...run.glyphs] });
    else {
      const [first, ...rest] = run.glyphs as [Placed, ...Placed[]];
      const apart = run.start - best.end > SPACE_GAP * Math.min(best.size, run.size);
      append(best, [{ ...first, spaces: apart ? 1 : 0 }, ...rest]);
    }
  }
  return joined;
}

function append(run: Run, glyphs: readonly Placed[]): void {
  for (const glyph of glyphs) {
    run.glyphs.push(glyph);
    run.start = Math.min(run.start, glyph.start);
    run.end = Math.max(run.end, glyph.end);
    run.top = Math.min(run.top, glyph.top);
    run.bottom = Math.max(run.bottom, glyph.bottom);
    run.size = Math.max(run.size, glyph.size);
  }
}

function onOneLine(a: { readonly top: number; readonly bottom: number }, b: { readonly top: number; readonly bottom: number }): boolean {
  const overlap = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return overlap >= LINE_OVERLAP * Math.min(a.bottom - a.top, b.bottom - b.top);
}

const isRightToLeft = (text: string): boolean => /[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(text);

function textOf(run: Run): string {
  return run.glyphs
    .map(({ text, spaces }, index) => (index > 0 && spaces > 0 ? ` ${text}` : text))
    .join("")
    .normalize("NFC")
    .replace(/\s+/g, " ")
    .trim();
}

/** Rows from the top, each from the left; a row is followed from its last line. */
function inReadingOrder(lines: readonly Line[]): Line[] {
  const middle = ({ box }: Line): number => box.y + box.height / 2;
  const rows: Line[][] = [];
  for (const line of [...lines].sort((a, b) => middle(a) - middle(b))) {
    const row = rows.at(-1);
    const last = row?.at(-1);
    if (row !== undefined && last !== undefined && Math.abs(middle(last) - middle(line)) < Math.min(last.box.height, line.box.height) / 2)
      row.push(line);
    else rows.push([line]);
  }
  return rows.flatMap((row) => row.sort((a, b) => a.box.x - b.box.x));
}
