import type { Box } from "@sightline/core";
import { unionBox } from "@sightline/core/page";
import { coverage, type Coverage } from "../text/coverage.ts";
import { readable, type Glyph } from "../text/glyph.ts";
import { isLegible } from "../text/legible.ts";
import { toLines } from "../text/lines.ts";
import type { PageText } from "../worker-document.ts";
import type { LoadedPage } from "./page.ts";
import { pictureBoxes } from "./page-pictures.ts";
import { withMemory, type Pdfium } from "./pdfium.ts";

/** The text layer of a page. */
export function pageText(lib: Pdfium, page: LoadedPage): PageText {
  const { width, height } = page;
  const covered = coverage(pictureBoxes(lib, page), page);
  const textPage = lib.FPDFText_LoadPage(page.handle);
  if (textPage === 0) return { width, height, lines: [], legible: false, warnings: [] };
  try {
    const { glyphs, unmapped, hidden, notDrawn } = readGlyphs(lib, textPage, page, covered);
    const warnings: string[] = [];
    if (hidden > 0) warnings.push(`${hidden} characters that are not shown were left out.`);
    if (notDrawn > 0) {
      warnings.push(
        `${notDrawn} Chinese, Japanese or Korean characters have a font that is not embedded: they are missing in the page's picture. Their text was read.`,
      );
    }
    const text = glyphs.map((glyph) => glyph.text).join("");
    return {
      width,
      height,
      lines: toLines(glyphs, page),
      legible: isLegible({ text, unmapped, pictureShare: covered.share }),
      warnings,
    };
  } finally {
    lib.FPDFText_ClosePage(textPage);
  }
}

interface PageGlyphs {
  readonly glyphs: readonly Glyph[];
  /** Those for which the document does not say what they mean. */
  readonly unmapped: number;
  /** Characters drawn invisibly, over no picture. */
  readonly hidden: number;
  /** Characters that pdfium has no font for. */
  readonly notDrawn: number;
}

/** `FPDF_TEXTRENDERMODE_INVISIBLE`, fpdf_edit.h. The text that recognition put over a scan is drawn so. */
const INVISIBLE = 3;

/** Pixels at `PAGE_DPI`; smaller characters cannot be seen. */
const LEAST_SIZE = 1.5;

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

function readGlyphs(lib: Pdfium, textPage: number, page: LoadedPage, covered: Coverage): PageGlyphs {
  const glyphs: Glyph[] = [];
  const objects = textObjects(lib);
  let unmapped = 0;
  let hidden = 0;
  let notDrawn = 0;
  let spaces = 0;
  withMemory(lib, 64, (at) => {
    const count = lib.FPDFText_CountChars(textPage);
    for (let index = 0; index < count; index += 1) {
      const code = lib.FPDFText_GetUnicode(textPage, index);
      const character = code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code);
      if (/[\s\u00a0]/u.test(character)) {
        // Spaces that pdfium tells from the gaps are known to be there, not how many.
        spaces += lib.FPDFText_IsGenerated(textPage, index) === 1 ? GUESSED_SPACE : 1;
        continue;
      }
      const mapped = lib.FPDFText_HasUnicodeMapError(textPage, index) !== 1 && code !== 0;
      const text = mapped ? readable(character) : "\ufffd";
      if (text === "") continue;
      const glyph = readGlyph(lib, textPage, page, index, at);
      if (glyph === undefined || glyph.size < LEAST_SIZE) continue;
      const [x, y] = [(glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2];
      if (x < 0 || y < 0 || x > page.width || y > page.height) continue;
      const { invisible, embedded } = objects(lib.FPDFText_GetTextObject(textPage, index));
      if (invisible && !covered.covers(x, y)) {
        hidden += 1;
        continue;
      }
      if (!mapped) unmapped += 1;
      if (!embedded && CJK.test(text)) notDrawn += 1;
      glyphs.push({ ...glyph, text, spaces });
      spaces = 0;
    }
  });
  return { glyphs, unmapped, hidden, notDrawn };
}

/** Counts as a space, but never as exactly one character of the text. */
const GUESSED_SPACE = 1.5;

/** Looks at each text object once. */
function textObjects(lib: Pdfium): (object: number) => { readonly invisible: boolean; readonly embedded: boolean } {
  const seen = new Map<number, { invisible: boolean; embedded: boolean }>();
  return (object) => {
    let facts = seen.get(object);
    if (facts === undefined) {
      const font = object === 0 ? 0 : lib.FPDFTextObj_GetFont(object);
      facts = {
        invisible: object !== 0 && lib.FPDFTextObj_GetTextRenderMode(object) === INVISIBLE,
        embedded: font === 0 || lib.FPDFFont_GetIsEmbedded(font) !== 0,
      };
      seen.set(object, facts);
    }
    return facts;
  };
}

/** Letters and digits are at least this part of their font's height, and at most that: what a font says beyond that is wrong. */
const LEAST_INK = 0.2;
const MOST_INK = 1.6;
const USUAL_INK = 0.65;
/** A character that is drawn with no font has no ink but for rounding: that says nothing of its size. */
const NO_INK = 0.01;

type PlacedGlyph = Omit<Glyph, "text" | "spaces">;

function readGlyph(lib: Pdfium, textPage: number, page: LoadedPage, index: number, at: number): PlacedGlyph | undefined {
  const doubles = (): Float64Array => lib.pdfium.HEAPF64.subarray(at >> 3, (at >> 3) + 4);
  if (!lib.FPDFText_GetCharOrigin(textPage, index, at, at + 8)) return undefined;
  const [originX = 0, originY = 0] = doubles();
  const origin = page.toPixels(originX, originY);
  // FS_MATRIX: six floats a b c d e f.
  if (!lib.FPDFText_GetMatrix(textPage, index, at)) return undefined;
  const [a = 1, b = 0, c = 0, d = 1] = lib.pdfium.HEAPF32.subarray(at >> 2, (at >> 2) + 4);
  const fontSize = lib.FPDFText_GetFontSize(textPage, index);
  const zero = page.toPixels(0, 0);
  const along = page.toPixels(a, b);
  const up = page.toPixels(c, d);
  const sign = fontSize < 0 ? -1 : 1;
  const angle = (Math.atan2(sign * (along.y - zero.y), sign * (along.x - zero.x)) * 180) / Math.PI;
  let size = Math.abs(fontSize) * Math.hypot(up.x - zero.x, up.y - zero.y);

  let ink: Box = { ...origin, width: 0, height: 0 };
  if (lib.FPDFText_GetCharBox(textPage, index, at, at + 8, at + 16, at + 24)) {
    const [left = 0, right = 0, bottom = 0, top = 0] = doubles();
    const corners = [page.toPixels(left, top), page.toPixels(right, bottom)];
    ink = unionBox(corners.map((corner) => ({ ...corner, width: 0, height: 0 })))!;
  }
  const turned = Math.abs(Math.round(angle / 90)) % 2 === 1;
  const tall = turned ? ink.width : ink.height;
  if (tall > 0 && (size === 0 || tall > MOST_INK * size)) size = tall / USUAL_INK;
  else if (tall > NO_INK * size && tall < LEAST_INK * size && isTall(lib, textPage, index)) size = tall / USUAL_INK;
  if (!Number.isFinite(size + origin.x + origin.y + ink.x + ink.y + ink.width + ink.height)) return undefined;
  return {
    ...origin,
    left: ink.x,
    top: ink.y,
    right: ink.x + ink.width,
    bottom: ink.y + ink.height,
    size,
    angle: (Math.round(angle * 10) / 10 + 360) % 360,
  };
}

/** Dots and dashes are low in any font; letters and digits are not. */
function isTall(lib: Pdfium, textPage: number, index: number): boolean {
  const code = lib.FPDFText_GetUnicode(textPage, index);
  return code <= 0x10ffff && /[\p{L}\p{N}]/u.test(String.fromCodePoint(code));
}
