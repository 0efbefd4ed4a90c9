import { EM, GLYPHS } from "./glyphs.ts";
import { sharp } from "./libvips.ts";

/** A picture in memory: RGB, 3 bytes a pixel, rows from the top. */
export interface Rgb {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface LabelStyle {
  /** Height of the letters' em, pixels. */
  readonly size: number;
  /** CSS colours. */
  readonly color: string;
  readonly background: string;
  /** A longer text is cut with "…", pixels. */
  readonly maxWidth: number;
}

interface Glyph {
  readonly advance: number;
  readonly path: string;
}

let glyphs: Map<string, Glyph> | undefined;

/** The outline of a character; of one we have none for, the sign that says so. */
function glyph(character: string): Glyph {
  glyphs ??= new Map(
    GLYPHS.trim()
      .split("\n")
      .map((line) => {
        const [code = "", advance = "", ...path] = line.split(" ");
        return [String.fromCodePoint(Number.parseInt(code, 16)), { advance: Number(advance), path: path.join(" ") }];
      }),
  );
  return glyphs.get(character) ?? glyphs.get("\ufffd")!;
}

/** Space around the text, in em. */
const PADDING = 0.25;

/** A text on a filled ground, drawn from outlines: no font of the machine, and none of the label's own markup, takes part. */
export async function drawLabel(text: string, style: LabelStyle): Promise<Rgb> {
  const { size, color, background, maxWidth } = style;
  const padding = Math.round(size * PADDING);
  const characters = fit([...text.normalize("NFC").replace(/\s+/g, " ").trim()], ((maxWidth - 2 * padding) / size) * EM);
  let x = 0;
  const paths = characters.map((character) => {
    const { advance, path } = glyph(character);
    const at = x;
    x += advance;
    return path === "" ? "" : `<path transform="translate(${at})" d="${path}"/>`;
  });
  const width = Math.max(1, Math.min(Math.floor(maxWidth), Math.ceil((x / EM) * size) + 2 * padding));
  const height = Math.max(1, Math.round(size * 1.35));
  // Letters stand on the line at three quarters of the height: room for descenders below and accents above.
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="${width}" height="${height}" fill="${background}"/><g transform="translate(${padding} ${(height * 0.77).toFixed(1)}) scale(${size / EM})" fill="${color}">${paths.join("")}</g></svg>`;
  const data = await sharp(Buffer.from(svg)).removeAlpha().toColourspace("srgb").raw().toBuffer();
  return { data, width, height };
}

/** As many characters as `units` hold, the last one "…" when some are left out. */
function fit(characters: readonly string[], units: number): readonly string[] {
  const width = (part: readonly string[]): number => part.reduce((sum, character) => sum + glyph(character).advance, 0);
  if (width(characters) <= units) return characters;
  let kept = characters.length - 1;
  while (kept > 0 && width([...characters.slice(0, kept), "…"]) > units) kept -= 1;
  return [...characters.slice(0, kept), "…"];
}
