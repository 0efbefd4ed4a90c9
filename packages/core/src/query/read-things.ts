import { isColor } from "./read-clothes.ts";
import {
  ARTICLES,
  isBeforeSubject,
  isKnown,
  isModifier,
  JOINING,
  leadsToHead,
  type Modifiers,
  patterned,
  phraseLength,
  putOff,
  type Reading,
  released,
  wordAt,
  wordsAt,
  written,
} from "./reading.ts";
import { ABOUT, COLORS, FUNCTION_WORDS, GARMENTS, NEGATIONS, NOUNS, NUMBERS, TEXT_CARRIERS, type Unjudgeable } from "./vocabulary.ts";

/** Rules for things, and for words that are no thing. Each returns how many words it took, 0 where it does not apply. */

/** Before a colour that stands alone: it is worn. */
const WEARING = new Set(["in", "wearing", "wears", "wear", "wore", "worn", "dressed", "clad", "clothed", "all"]);

/** Said of a known noun itself, which unknown words after it are no part of. */
const NOUN_ASKS: ReadonlySet<Unjudgeable> = new Set(["gender", "age", "role", "garment kind"]);

/** A noun the detector knows: what is asked for, another of it ("or a dog"), or a thing beside it. */
export function readNoun(reading: Reading, at: number): number {
  const length = phraseLength(reading, at, NOUNS);
  if (length === 0 || length < phraseLength(reading, at, GARMENTS)) return 0;
  // An orange thing, or an orange.
  if (length === 1 && COLORS.has(wordAt(reading, at)) && isColor(reading, at)) return 0;
  const { labels = [], asks } = NOUNS.get(wordsAt(reading, at, length)) ?? {};
  const end = at + length - 1;
  const isSubject = !reading.unknownHead && (isBeforeSubject(reading) || joinsSubject(reading, at));
  describe(reading, released(reading), { end, isSubject, isPerson: labels.includes("person") });
  if (asks !== undefined) putOff(reading, at, end, asks);
  if (isSubject) {
    reading.subjects.push(written(reading, at, end));
    for (const label of labels) if (!reading.labels.includes(label)) reading.labels.push(label);
    reading.lastHead = "subject";
  } else {
    reading.companions.push({ words: written(reading, at, end), labels });
    reading.lastHead = "companion";
  }
  reading.lastHeadAt = end;
  return length;
}

/** Gives a noun what stood before it. */
function describe(
  reading: Reading,
  modifiers: Modifiers | undefined,
  { end, isSubject, isPerson }: { readonly end: number; readonly isSubject: boolean; readonly isPerson: boolean },
): void {
  if (modifiers === undefined) return;
  if (isSubject) for (const side of modifiers.sides) reading.places.push({ kind: "side", ...side });
  const described = modifiers.colors.length > 0 || modifiers.pattern !== undefined;
  if (isSubject && !isPerson) reading.colors.push(...modifiers.colors);
  // What colour a person is, is not for these eyes; and of a thing beside, nothing but that it is there.
  if (described && (!isSubject || isPerson)) putOff(reading, modifiers.from, end, "other");
  else if (modifiers.pattern !== undefined) putOff(reading, modifiers.from, end, "pattern kind");
}

/** "a cat or a dog": nothing but joining words and modifiers between the two. */
function joinsSubject(reading: Reading, at: number): boolean {
  if (reading.lastHead !== "subject" || reading.subjects.length === 0) return false;
  let before = at - 1;
  while (before >= 0 && (ARTICLES.has(wordAt(reading, before)) || NUMBERS.has(wordAt(reading, before)) || isModifier(reading, before)))
    before--;
  return JOINING.has(wordAt(reading, before)) && reading.lastHeadAt === before - 1;
}

/** "sign": carries the text that is asked for, and is of no class. */
export function readTextCarrier(reading: Reading, at: number, says: string | undefined): number {
  const length = phraseLength(reading, at, TEXT_CARRIERS);
  if (length === 0 || reading.subjects.length > 0 || reading.unknownHead) return 0;
  const end = at + length - 1;
  const modifiers = released(reading);
  if (modifiers !== undefined && (modifiers.colors.length > 0 || modifiers.pattern !== undefined))
    putOff(reading, modifiers.from, end, "other");
  for (const side of modifiers?.sides ?? []) reading.places.push({ kind: "side", ...side });
  reading.subjects.push(written(reading, at, end));
  reading.lastHead = "subject";
  if (says === undefined) putOff(reading, at, end, "other");
  return length;
}

/** "two dogs". */
export function readCount(reading: Reading, at: number): number {
  const here = wordAt(reading, at);
  const number = NUMBERS.get(here) ?? (/^\d{1,2}$/.test(here) ? Number(here) : undefined);
  if (number === undefined || !isBeforeSubject(reading)) return 0;
  if (here !== "one") reading.count ??= number;
  return 1;
}

/** "not wearing a hat": never matched as if the "not" were not there. */
export function readNegation(reading: Reading, at: number): number {
  if (!NEGATIONS.has(wordAt(reading, at))) return 0;
  settle(reading, at - 1);
  let end = at;
  while (end + 1 < reading.tokens.length && !/^(?:,|but)$/.test(wordAt(reading, end + 1))) end++;
  putOff(reading, at, end, "other");
  if (isBeforeSubject(reading)) reading.unknownHead = true;
  return end - at + 1;
}

export function readGrammar(reading: Reading, at: number): number {
  const here = wordAt(reading, at);
  if (here === ",") return 1;
  if (!FUNCTION_WORDS.has(here) || phraseLength(reading, at, ABOUT) > 0) return 0;
  if (here === "or" && reading.held !== undefined) reading.held.any = true;
  if (JOINING.has(here)) return 1;
  settle(reading, at - 1);
  if (WEARING.has(here)) reading.worn = true;
  else if (!ARTICLES.has(here)) reading.worn = false;
  return 1;
}

/** Words nobody here knows: adjectives of a noun that is still to come, or a noun that takes what stood before it along. */
export function readUnknown(reading: Reading, at: number): number {
  let end = at;
  while (end + 1 < reading.tokens.length && !isKnown(reading, end + 1)) end++;
  // "grey-haired": of the hair, whatever comes.
  if (reading.held !== undefined && isHyphenated(reading, at)) putOff(reading, released(reading)?.from ?? at, end, "other");
  else if (leadsToHead(reading, end + 1)) putOff(reading, at, end, "other");
  else {
    const from = released(reading)?.from ?? at;
    const before = reading.unjudged.at(-1);
    const joins = before !== undefined && before.to === from - 1 && !NOUN_ASKS.has(before.asks);
    if (joins) reading.unjudged.pop();
    putOff(reading, joins ? before.from : from, end, "other");
    if (isBeforeSubject(reading)) reading.unknownHead = true;
  }
  return end - at + 1;
}

/** True where a hyphen joins the word to the one before it. */
function isHyphenated({ text, tokens }: Reading, at: number): boolean {
  return /^[-\u2010\u2011]$/.test(text.slice(tokens[at - 1]?.end ?? 0, tokens[at]?.start ?? 0));
}

/** Finds a place for colours, patterns and sides that no noun took, up to the word `to`. */
export function settle(reading: Reading, to: number): void {
  const modifiers = released(reading);
  if (modifiers === undefined) return;
  const { from, sides, colors, any } = modifiers;
  for (const side of sides) reading.places.push({ kind: "side", ...side });
  if (colors.length === 0 && modifiers.pattern === undefined) return;
  const garment = reading.garments.at(-1);
  const isOfSubject =
    (reading.lastHead === "none" && !reading.unknownHead) || (reading.lastHead === "subject" && !reading.labels.includes("person"));
  if (reading.worn) {
    reading.garments.push({
      words: written(reading, from, to),
      part: "outfit",
      colors,
      anyColor: any,
      ...patterned(modifiers),
      sleeves: [],
    });
    reading.lastHead = "garment";
  } else if (reading.lastHead === "garment" && garment !== undefined && garment.colors.length === 0) {
    // "The jeans are blue."
    garment.colors.push(...colors);
    garment.anyColor = any;
    Object.assign(garment, patterned(modifiers));
  } else if (isOfSubject) {
    reading.colors.push(...colors);
    if (modifiers.pattern !== undefined) putOff(reading, from, to, "pattern kind");
  } else putOff(reading, from, to, "other");
}
