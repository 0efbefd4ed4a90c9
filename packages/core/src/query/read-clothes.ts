import {
  holding,
  isAdjacent,
  isHead,
  leadsToHead,
  patterned,
  putOff,
  type Reading,
  released,
  SLEEVES,
  wordAt,
  wordsAt,
  written,
  phraseLength,
} from "./reading.ts";
import { COLORS, GARMENTS, NOUNS, PATTERN_NOUNS, PATTERNS, SHADES } from "./vocabulary.ts";

/** Rules for colours, patterns and what is worn. Each returns how many words it took, 0 where it does not apply. */

/** "light blue", "dark": waits for its noun. */
export function readShade(reading: Reading, at: number): number {
  const here = wordAt(reading, at);
  if (!SHADES.has(here)) return 0;
  const colored = phraseLength(reading, at + 1, COLORS);
  const color = COLORS.get(wordsAt(reading, at + 1, colored));
  // "dark", "dark-coloured".
  const length = color !== undefined ? 1 + colored : /^colou?red$/.test(wordAt(reading, at + 1)) ? 2 : 1;
  const isLast = reading.worn !== undefined && at + length >= reading.tokens.length;
  const alone = here !== "bright" && (isHead(reading, at + length) || isLast);
  if (color === undefined && !alone) return 0;
  const shade = SHADES.get(here);
  holding(reading, at).colors.push({
    words: written(reading, at, at + length - 1),
    names: color?.names ?? [],
    ...(shade === undefined ? {} : { shade }),
  });
  return length;
}

export function readColor(reading: Reading, at: number): number {
  const length = phraseLength(reading, at, COLORS);
  const color = COLORS.get(wordsAt(reading, at, length));
  if (color === undefined) return 0;
  holding(reading, at).colors.push({ words: written(reading, at, at + length - 1), ...color });
  return length;
}

/** True where "orange" is a colour and no fruit. */
export function isColor(reading: Reading, at: number): boolean {
  if (!COLORS.has(wordAt(reading, at))) return false;
  const next = wordAt(reading, at + 1);
  return (
    reading.worn !== undefined || reading.held !== undefined || leadsToHead(reading, at + 1) || PATTERN_NOUNS.has(next) || SLEEVES.has(next)
  );
}

export function readPattern(reading: Reading, at: number): number {
  const length = phraseLength(reading, at, PATTERNS);
  const found = PATTERNS.get(wordsAt(reading, at, length));
  if (found === undefined) return 0;
  holding(reading, at).pattern = found.pattern;
  if (!found.general) putOff(reading, at, at + length - 1, "pattern kind");
  return length;
}

/** "with white stripes": of the garment before it. */
export function readPatternNoun(reading: Reading, at: number): number {
  const pattern = PATTERN_NOUNS.get(wordAt(reading, at));
  if (pattern === undefined) return 0;
  const modifiers = released(reading);
  const garment = reading.garments.at(-1);
  if (garment === undefined || reading.lastHead !== "garment") putOff(reading, modifiers?.from ?? at, at, "pattern kind");
  else {
    garment.pattern ??= pattern;
    garment.colors.push(...(modifiers?.colors ?? []));
  }
  return 1;
}

export function readGarment(reading: Reading, at: number): number {
  const length = phraseLength(reading, at, GARMENTS);
  if (length === 0 || phraseLength(reading, at, NOUNS) > length) return 0;
  const end = at + length - 1;
  const noun = GARMENTS.get(wordsAt(reading, at, length));
  if (isCompound(reading, at, length)) {
    putOff(reading, at, end, "garment kind");
    return length;
  }
  const modifiers = released(reading);
  if (reading.isOfCompanion) {
    putOff(reading, modifiers?.from ?? at, end, "other");
    return length;
  }
  // Its left and right are the wearer's, or the picture's: who knows.
  for (const side of modifiers?.sides ?? []) reading.unjudged.push({ words: side.words, asks: "other", from: at, to: at });
  reading.garments.push({
    words: written(reading, modifiers?.from ?? at, end),
    part: noun?.part ?? "outfit",
    colors: modifiers?.colors ?? [],
    anyColor: modifiers?.any ?? false,
    ...patterned(modifiers),
    sleeves: reading.heldSleeves,
  });
  reading.heldSleeves = [];
  if (noun?.general !== true) putOff(reading, at, end, "garment kind");
  reading.lastHead = "garment";
  return length;
}

/** "a suit jacket", "a tee-shirt": of two garments in a row that would be worn on one part the last is meant; "shirt jeans" are two. */
function isCompound(reading: Reading, at: number, length: number): boolean {
  const next = at + length;
  const second = GARMENTS.get(wordsAt(reading, next, phraseLength(reading, next, GARMENTS)))?.part;
  if (second === undefined || !isAdjacent(reading, next)) return false;
  const first = GARMENTS.get(wordsAt(reading, at, length))?.part;
  return first === second || first === "outfit" || second === "outfit";
}

/** "with green sleeves", "green sleeved"; how long they are is not judged. */
export function readSleeves(reading: Reading, at: number): number {
  if (!SLEEVES.has(wordAt(reading, at))) return 0;
  const length = reading.unjudged.at(-1);
  // "a red short-sleeved shirt": the colour is the shirt's.
  if (length?.to === at - 1 && reading.held !== undefined && reading.held.from < length.from) {
    reading.unjudged.pop();
    putOff(reading, length.from, at, "sleeve length");
    return 1;
  }
  const modifiers = released(reading);
  const colors = modifiers?.colors ?? [];
  if (colors.length === 0) {
    const from = modifiers?.from ?? at;
    const before = reading.unjudged.at(-1);
    const joins = before !== undefined && before.to === from - 1;
    if (joins) reading.unjudged.pop();
    putOff(reading, joins ? before.from : from, at, "sleeve length");
    return 1;
  }
  const garment = reading.garments.at(-1);
  const isOfNext = wordAt(reading, at) === "sleeved" || garment === undefined || garment.part === "lower" || garment.part === "feet";
  if (isOfNext) reading.heldSleeves = colors;
  else garment.sleeves.push(...colors);
  return 1;
}
