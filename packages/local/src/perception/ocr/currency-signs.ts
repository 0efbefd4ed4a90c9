import type { ReadCharacter } from "./ctc.ts";
import { LINE_HEIGHT, STEP, type LineImage } from "./line-image.ts";
import { findInk } from "./line-ink.ts";

/**
 * "£" and "€" of English print. PP-OCR's English recogniser cannot write them: it leaves them out or takes them for a letter. Ink beside a number of which
 * nothing was read, and a single letter before an amount, are shown to Tesseract together with the number: a sign is believed where it sees the same digits too.
 */
export interface DoubtfulSign {
  /** The number and what stands beside it, cut out of the line. */
  readonly image: LineImage;
  /** The number's digits, as read. */
  readonly digits: string;
  /** What was read in the sign's place, "" mostly. */
  readonly read: string;
}

/** A line's text with `DOUBTFUL` wherever a sign may be. */
export interface DoubtfulText {
  readonly text: string;
  readonly signs: readonly DoubtfulSign[];
}

/** Stands where a sign may be until that is known (Unicode's object replacement character). */
export const DOUBTFUL = "\uFFFC";

/** A sign is about as high as the figures beside it. */
const LEAST_HEIGHT = 0.75;
/** Widths of a sign, in heights of the figures. */
const WIDTHS = { least: 0.3, most: 1.2 };
/** White between a sign and its number, in heights of the figures: "£ 5.00" has a space. */
const MOST_WHITE = 1;
/** White before a letter that may be a sign: it is the first of its word. */
const WORD_WHITE = 0.2;
/** White left around what is cut out, in pixels. */
const ROOM = 4;

/** Letters that signs were taken for: "£" for f, "€" for e. */
const TAKEN_FOR = /^[ef]$/i;
/** Only an amount with its decimals makes a letter doubtful: "E 405" is an additive. */
const AMOUNT = /[.,]\d\d$/;

/** The characters of a line, which hold no spaces, with `DOUBTFUL` wherever a sign may be, and what is to be looked at there, in the same order. */
export function findDoubtfulSigns(
  characters: readonly ReadCharacter[],
  line: LineImage,
): { readonly characters: readonly ReadCharacter[]; readonly signs: readonly DoubtfulSign[] } {
  const numbers = numbersOf(characters);
  if (numbers.length === 0) return { characters, signs: [] };
  const strokes = strokesOf(line);
  if (strokes.length === 0) return { characters, signs: [] };
  const strokeOf = characters.map((character) => nearestStroke(strokes, ((character.from + character.to + 1) / 2) * STEP));
  const isRead = new Set(strokeOf);
  const marked: ReadCharacter[] = [];
  const signs: DoubtfulSign[] = [];
  let next = 0;
  for (const { first, last, text } of numbers) {
    const [from, end] = [strokeOf[first]!, strokeOf[last]!];
    const height = Math.max(...strokes.slice(from, end + 1).map(({ top, bottom }) => bottom - top));
    const isSign = (index: number): boolean => isLikeSign(strokes[index], height) && !isRead.has(index);
    const isNear = (index: number): boolean => strokes[index + 1]!.from - strokes[index]!.end <= MOST_WHITE * height;
    const add = (left: number, right: number, read: string): void => {
      signs.push({ image: cut(line, strokes[left]!.from - ROOM, strokes[right]!.end + ROOM), digits: text.replace(/\D/g, ""), read });
    };
    const letter = first - 1;
    const isLetter =
      first > next &&
      TAKEN_FOR.test(characters[letter]!.text) &&
      AMOUNT.test(text) &&
      strokeOf[letter] === from - 1 &&
      isLikeSign(strokes[from - 1], height) &&
      (from < 2 || strokes[from - 1]!.from - strokes[from - 2]!.end >= WORD_WHITE * height);
    marked.push(...characters.slice(next, isLetter ? letter : first));
    if (isLetter) {
      add(from - 1, end, characters[letter]!.text);
      marked.push({ ...characters[letter]!, text: DOUBTFUL });
    } else if (isSign(from - 1) && isNear(from - 1)) {
      add(from - 1, end, "");
      marked.push(doubtfulAt(strokes[from - 1]!));
    }
    marked.push(...characters.slice(first, last + 1));
    if (isSign(end + 1) && isNear(end)) {
      add(from, end + 1, "");
      marked.push(doubtfulAt(strokes[end + 1]!));
    }
    next = last + 1;
  }
  marked.push(...characters.slice(next));
  return { characters: marked, signs };
}

/** The sign that a second reader's text shows beside these very digits, if any. */
export function signIn(text: string, digits: string): string | undefined {
  const sign = /^\W*([£€])|([£€])\W*$/.exec(text);
  return sign !== null && text.replace(/\D/g, "") === digits ? (sign[1] ?? sign[2]) : undefined;
}

/** The text with the signs that were found in its doubtful places; where none was, with what had been read there. */
export function withSigns({ text, signs }: DoubtfulText, found: readonly (string | undefined)[]): string {
  let at = 0;
  const whole = text.replaceAll(DOUBTFUL, () => {
    const sign = found[at] ?? signs[at]!.read;
    at += 1;
    return sign;
  });
  return whole.replace(/ {2,}/g, " ").trim();
}

/** Figures that stand together, with what groups them and parts their decimals. */
function numbersOf(characters: readonly ReadCharacter[]): { first: number; last: number; text: string }[] {
  const text = characters.map((character) => (character.text.length === 1 ? character.text : "?")).join("");
  return [...text.matchAll(/\d(?:[\d.,]*\d)?/g)].map(({ 0: number, index }) => ({
    first: index,
    last: index + number.length - 1,
    text: number,
  }));
}

/** Columns with ink between white ones, and the rows it reaches: from inclusive, end and bottom exclusive. */
interface Stroke {
  readonly from: number;
  readonly end: number;
  readonly top: number;
  readonly bottom: number;
}

function strokesOf(line: LineImage): Stroke[] {
  const { gray, threshold, isLightOnDark } = findInk(line);
  const strokes: Stroke[] = [];
  let stroke: { from: number; end: number; top: number; bottom: number } | undefined;
  for (let x = 0; x < line.width; x += 1) {
    let top = LINE_HEIGHT;
    let bottom = 0;
    for (let y = 0; y < LINE_HEIGHT; y += 1) {
      if (gray[y * line.width + x]! <= threshold === isLightOnDark) continue;
      top = Math.min(top, y);
      bottom = y + 1;
    }
    if (bottom === 0) stroke = undefined;
    else if (stroke === undefined) strokes.push((stroke = { from: x, end: x + 1, top, bottom }));
    else Object.assign(stroke, { end: x + 1, top: Math.min(stroke.top, top), bottom: Math.max(stroke.bottom, bottom) });
  }
  return strokes;
}

function nearestStroke(strokes: readonly Stroke[], x: number): number {
  const distances = strokes.map(({ from, end }) => Math.max(from - x, x - end, 0));
  return distances.indexOf(Math.min(...distances));
}

function isLikeSign(stroke: Stroke | undefined, height: number): boolean {
  if (stroke === undefined) return false;
  const width = (stroke.end - stroke.from) / height;
  return stroke.bottom - stroke.top >= LEAST_HEIGHT * height && width >= WIDTHS.least && width <= WIDTHS.most;
}

function doubtfulAt({ from, end }: Stroke): ReadCharacter {
  return { text: DOUBTFUL, confidence: 1, from: Math.floor(from / STEP), to: Math.floor((end - 1) / STEP) };
}

function cut({ data, width }: LineImage, from: number, end: number): LineImage {
  const left = Math.max(0, from);
  const columns = Math.min(width, end) - left;
  const out = new Uint8Array(columns * LINE_HEIGHT * 3);
  for (let y = 0; y < LINE_HEIGHT; y += 1)
    out.set(data.subarray((y * width + left) * 3, (y * width + left + columns) * 3), y * columns * 3);
  return { data: out, width: columns };
}
