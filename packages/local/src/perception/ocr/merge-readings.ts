/**
 * Two recognisers on one line of print. The English PP-OCR recogniser is right about digits, codes, punctuation and spaces but knows no
 * letter beyond A to Z; Tesseract is right about the letters of its language but takes "§" for 8 and joins groups of digits.
 * The readings are aligned, and each place goes to the reader that is to be trusted with it. Figures: docs/decisions/0002-ocr-engines.md.
 */

/** A place on the line: what each reader saw there, "" for nothing. */
interface Place {
  readonly english: string;
  readonly print: string;
}

/** What the English recogniser can write at all (PP-OCR's en_dict.txt): printable ASCII. */
const isKnownToEnglish = (character: string): boolean => /^[ -~]$/.test(character);
const isLetter = (character: string): boolean => /^\p{L}$/u.test(character);
const isDigit = (character: string): boolean => /^[0-9]$/.test(character);
const baseOf = (character: string): string => character.normalize("NFD").charAt(0);
const isSameLetter = (a: string, b: string): boolean => isLetter(a) && isLetter(b) && baseOf(a).toLowerCase() === baseOf(b).toLowerCase();

/** The line's text. `english` may be empty where that reader saw nothing. */
export function mergeReadings(english: string, print: string): string {
  const places = withOwnDigits(align([...english.trim()], [...print.normalize("NFC").trim()]));
  if (english.trim() !== "" && agreement(places) < MIN_AGREEMENT) return english.trim();
  const words = wordsOf(places);
  const text = places.map((place, index) => decide(places, index, words[index]!)).join("");
  return plainQuotes(text).replace(/ {2,}/g, " ").trim();
}

/** Below this the second reading is of something else, or noise. */
const MIN_AGREEMENT = 0.5;

/** The share of places where both saw the same character, accents and case aside. */
function agreement(places: readonly Place[]): number {
  return places.filter(({ english, print }) => english === print || isSameLetter(english, print)).length / places.length;
}

/** Costs of putting two characters in one place; leaving one alone costs 1. */
function costOf(a: string, b: string): number {
  if (a === b) return 0;
  if (isSameLetter(a, b)) return 0.2;
  if (a === " " || b === " ") return 2;
  if (isLetter(a) === isLetter(b) && isDigit(a) === isDigit(b)) return 1;
  return 1.2;
}

const ALONE = 1;
/** A space is lost or made more easily than a character. */
const aloneCost = (character: string): number => (character === " " ? 0.7 : ALONE);

/** Global alignment of least cost (Needleman and Wunsch 1970). */
function align(english: readonly string[], print: readonly string[]): Place[] {
  const columns = print.length + 1;
  const cost = new Float64Array((english.length + 1) * columns);
  for (let i = 1; i <= english.length; i += 1) cost[i * columns] = cost[(i - 1) * columns]! + aloneCost(english[i - 1]!);
  for (let j = 1; j <= print.length; j += 1) cost[j] = cost[j - 1]! + aloneCost(print[j - 1]!);
  const both = (i: number, j: number): number => cost[(i - 1) * columns + j - 1]! + costOf(english[i - 1]!, print[j - 1]!);
  const onlyEnglish = (i: number, j: number): number => cost[(i - 1) * columns + j]! + aloneCost(english[i - 1]!);
  const onlyPrint = (i: number, j: number): number => cost[i * columns + j - 1]! + aloneCost(print[j - 1]!);
  for (let i = 1; i <= english.length; i += 1) {
    for (let j = 1; j <= print.length; j += 1) cost[i * columns + j] = Math.min(both(i, j), onlyEnglish(i, j), onlyPrint(i, j));
  }
  const places: Place[] = [];
  for (let i = english.length, j = print.length; i > 0 || j > 0;) {
    const here = cost[i * columns + j]!;
    if (i > 0 && j > 0 && here === both(i, j)) places.push({ english: english[(i -= 1)]!, print: print[(j -= 1)]! });
    else if (i > 0 && here === onlyEnglish(i, j)) places.push({ english: english[(i -= 1)]!, print: "" });
    else places.push({ english: "", print: print[(j -= 1)]! });
  }
  return places.reverse();
}

/**
 * Where the readers differ in an amount, its last digit can end up in one place with the "€" that only the second reader saw after a space:
 * the digit stays the amount's own, and the sign comes after it.
 */
function withOwnDigits(places: readonly Place[]): Place[] {
  return places.flatMap((place, index) => {
    const before = places[index - 1];
    const after = places[index + 1];
    const isGapOfPrint = (each: Place | undefined): boolean => each !== undefined && each.english === "" && each.print === " ";
    if (isGapOfPrint(place) && after !== undefined && isAgainstSign(after) && isOwnDigit(places, index)) return [];
    if (isGapOfPrint(before) && isAgainstSign(place) && isOwnDigit(places, index - 1))
      return [{ english: place.english, print: "" }, before!, { english: "", print: place.print }];
    return [place];
  });
}

const isAgainstSign = ({ english, print }: Place): boolean => isDigit(english) && /^[^ -~\p{L}]$/u.test(print);

/** Whether the digit after this gap belongs to the amount before it: the readers differ in that anyway, or it makes its cents two digits. */
function isOwnDigit(places: readonly Place[], gap: number): boolean {
  let word = "";
  for (let at = gap - 1; at >= 0 && !isGap(places[at]); at -= 1) {
    const { english, print } = places[at]!;
    if (english !== print) return true;
    word = english + word;
  }
  return /[.,]\d$/.test(word);
}

/** What a word is made of, by the places where the readers agree. */
interface Word {
  readonly letters: number;
  readonly lowerCase: number;
  readonly digits: number;
  /** Places where one reader saw a digit and the other did not see the same. */
  readonly disputed: number;
}

/** For each place, the word it belongs to. */
function wordsOf(places: readonly Place[]): Word[] {
  const words: Word[] = [];
  let start = 0;
  for (let end = 0; end <= places.length; end += 1) {
    const place = places[end];
    if (place !== undefined && place.english !== " " && place.print !== " ") continue;
    const agreed = places.slice(start, end).filter(({ english, print }) => english === print || isSameLetter(english, print));
    const count = (test: RegExp): number => agreed.filter(({ english }) => test.test(english)).length;
    const disputed = places
      .slice(start, end)
      .filter(({ english, print }) => english !== print && (isDigit(english) || isDigit(print))).length;
    const word = { letters: count(/\p{L}/u), lowerCase: count(/\p{Ll}/u), digits: count(/[0-9]/), disputed };
    for (let i = start; i <= end && i < places.length; i += 1) words.push(word);
    start = end + 1;
  }
  return words;
}

/** A word of letters, not an amount, a code or a number. */
const isProse = (word: Word): boolean => word.digits === 0 && word.lowerCase > 0;

function decide(places: readonly Place[], index: number, word: Word): string {
  const { english, print } = places[index]!;
  if (english === print) return english;
  const before = places[index - 1];
  const after = places[index + 1];
  if (english === " " || print === " ") return spaceBetween(before, after) ? " " : "";
  if (isSameLetter(english, print)) return withCase(english, print, isGap(before));
  // "§ 19" comes as "S 19" and as "8 19" or "$ 19".
  if (/^[Ss$&]?$/.test(english) && /^[8$&]$/.test(print) && isAlone(before, after)) return "§";
  // "m²" comes as "m2" and as "m?" or "m*".
  if (/^[23]$/.test(english) && !isDigit(print) && before?.english === "m" && word.digits === 0)
    return isLetter(print) ? english : english === "2" ? "²" : "³";
  if (print !== "" && !isKnownToEnglish(print)) return isDigit(english) && !isProse(word) && !isAlone(before, after) ? english : print;
  if (print === "") return isSwallowed(english, before, after, word) ? "" : english;
  if (english === "") return isDigit(print) ? repeatedDigit(before, after, print, word) : isLetter(print) && isProse(word) ? print : "";
  // "El" comes as "E1".
  if (isDigit(english))
    return isLetter(print) && (isProse(word) || (word.digits === 0 && word.letters > 0 && print === print.toLowerCase())) ? print : english;
  if (isDigit(print)) return isLetter(english) && word.digits > word.letters ? print : english;
  return isLetter(english) && isLetter(print) && isProse(word) ? print : english;
}

/** One reader saw a space here. Digits are grouped by spaces; before a comma or inside a code none is printed. */
function spaceBetween(before: Place | undefined, after: Place | undefined): boolean {
  const left = before?.english || before?.print || "";
  const right = after?.english || after?.print || "";
  if (/^[.,:;!?)\]'-]$/.test(right) || /^[(['-]$/.test(left)) return false;
  return !(/^[.,:]$/.test(left) && isDigit(right));
}

/** Upper and lower case of these differ by size alone: both readers take a capital for a small letter, hardly ever the other way round. */
const SIZE_ONLY = /^[cosuvwxz]$/i;

function withCase(english: string, print: string, isFirst: boolean): string {
  if (!SIZE_ONLY.test(print)) return print;
  const isCapital = english === english.toUpperCase() || (isFirst && print === print.toUpperCase());
  return isCapital ? print.toUpperCase() : print.toLowerCase();
}

const isGap = (place: Place | undefined): boolean => place === undefined || place.english === " " || place.print === " ";
const isAlone = (before: Place | undefined, after: Place | undefined): boolean => isGap(before) && isGap(after);

/** "ß" comes as "l3", "€" as "E-": what stands beside a character that one reader cannot write is a piece of it. */
function isSwallowed(english: string, before: Place | undefined, after: Place | undefined, word: Word): boolean {
  const isAccented = (place: Place | undefined): boolean =>
    place !== undefined && isSameLetter(place.english, place.print) && place.english !== place.print;
  // The dots of "ü" come as "ui".
  const isNarrow = /^[ilj'"]$/.test(english);
  const isForeign = (place: Place | undefined): boolean =>
    place !== undefined && place.print !== "" && !isKnownToEnglish(place.print) && !isSameLetter(place.english, place.print);
  if (word.digits > 0) return false;
  return isForeign(before) || isForeign(after) || (isNarrow && isAccented(before));
}

/** CTC joins repeats: the one digit that the English reader may miss is the double of its neighbour, in a number that is not disputed anywhere else. */
function repeatedDigit(before: Place | undefined, after: Place | undefined, digit: string, word: Word): string {
  if (word.disputed > 1) return "";
  return before?.english === digit || after?.english === digit ? digit : "";
}

/** Typographic quotes are kept where they are told by their shape ("„", "«"), not where the reader guessed between ' " ' and " ” ". */
function plainQuotes(text: string): string {
  return text.includes("„") ? text : text.replace(/[“”]/g, '"').replace(/[‘]/g, "'");
}
