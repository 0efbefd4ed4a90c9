/** A character as it is drawn on a page. Pixels of the upright page, y downwards. */
export interface Glyph {
  /** One character, or the letters of a ligature. */
  readonly text: string;
  /** Where it stands on its baseline. */
  readonly x: number;
  readonly y: number;
  /** The box of its ink, along the page's axes. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Height of its font, from the highest ascender to the lowest descender or a little more. */
  readonly size: number;
  /** The direction its line runs in, degrees clockwise from left to right: 0 to 359. */
  readonly angle: number;
  /** Spaces in front of it: none, told from the gap, or characters of the text itself. */
  readonly spaces: number;
}

/** Two characters on top of each other, closer than this share of their size, are one printed twice (which makes it bold). The narrowest letters are further apart. */
const SAME_PLACE = 0.12;

/** The glyphs without those that are printed twice. */
export function withoutDoublePrint(glyphs: readonly Glyph[]): Glyph[] {
  const seen = new Map<string, Glyph[]>();
  return glyphs.filter((glyph) => {
    const near = SAME_PLACE * glyph.size;
    // A cell is as wide as the tolerance's bound for any size: neighbours are looked at too.
    const column = Math.floor(glyph.x / CELL);
    const row = Math.floor(glyph.y / CELL);
    for (let dx = -1; dx <= 1; dx += 1) {
      for (let dy = -1; dy <= 1; dy += 1) {
        const others = seen.get(`${glyph.text} ${column + dx} ${row + dy}`) ?? [];
        if (others.some((other) => Math.abs(other.x - glyph.x) < near && Math.abs(other.y - glyph.y) < near)) return false;
      }
    }
    const key = `${glyph.text} ${column} ${row}`;
    const cell = seen.get(key);
    if (cell === undefined) seen.set(key, [glyph]);
    else cell.push(glyph);
    return true;
  });
}

/** Pixels. Print of 60 points has its tolerance within one cell. */
const CELL = 16;

/** Marks that take no room and show nothing: soft hyphens inside words, joiners, direction marks, byte order marks. */
const NOT_SHOWN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/gu;

/** A character as it is to be read: ligatures and Arabic presentation forms as the letters they stand for; "" for what shows nothing. */
export function readable(character: string): string {
  // U+0002 is what pdfium makes of a hyphen at the end of a line.
  if (character === "\u0002") return "-";
  return character.replace(NOT_SHOWN, "").replace(/[\ufb00-\ufb4f\ufb50-\ufdff\ufe70-\ufefc]/gu, (form) => form.normalize("NFKC"));
}
