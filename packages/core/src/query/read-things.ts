import { isColor } from "./read-clothes.ts";
import {
  ARTICLES,
  isAdjacent,
  isBeforeSubject,
  isGrammar,
  isJoined,
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
import { ABOUT, COLORS, GARMENTS, NEGATIONS, NOUNS, NUMBERS, TEXT_CARRIERS, type Unjudgeable } from "./vocabulary.ts";

/** Rules for things, and for words that are no thing. Each returns how many words it took, 0 where it does not apply. */

/** Before a colour that stands alone: it is worn. */
const WEARING = new Set(["in", "wearing", "wears", "wear", "wore", "worn", "dressed", "clad", "clothed", "all"]);

/** Of what is worn: whichever it is. */
const SOME = new Set(["something", "anything"]);

/** Said of a known noun itself, which unknown words after it are no part of. */
const NOUN_ASKS: ReadonlySet<Unjudgeable> = new Set(["gender", "age", "role", "garment kind"]);

/** A noun the detector knows: what is asked for, another of it ("or a dog"), or a thing beside it. */
export function readNoun(reading: Reading, at: number): number {
  const length = phraseLength(reading, at, NOUNS);
  if (length === 0 || length < phraseLength(reading, at, GARMENTS)) return 0;
  // "a couple of dogs".
  if (length === 1 && isGrammar(reading, at)) return 0;
  // An orange thing, or an orange.
  if (length === 1 && COLORS.has(wordAt(reading, at)) && isColor(reading, at)) return 0;
  const { labels = [], asks } = NOUNS.get(wordsAt(reading, at, length)) ?? {};
  const end = at + length - 1;
  if (isCompound(reading, at, length)) {
    putOff(reading, at, end, "other");
    return length;
  }
  const joined = joinedFrom(reading, at);
  if (joined !== undefined && isAnother(reading, joined, labels)) {
    putOff(reading, joined, reading.tokens.length - 1, "another thing");
    released(reading);
    return reading.tokens.length - at;
  }
  const isSubject = !reading.unknownHead && (isBeforeSubject(reading) || (joined !== undefined && reading.lastHead === "subject"));
  describe(reading, released(reading), { end, isSubject, isPerson: labels.includes("person") });
  if (asks !== undefined) putOff(reading, at, end, asks);
  if (isSubject) {
    reading.subjects.push(written(reading, at, end));
    for (const label of labels) if (!reading.labels.includes(label)) reading.labels.push(label);
    reading.lastHead = "subject";
  } else {
    reading.companions.push({ words: written(reading, at, end), labels });
    reading.lastHead = "companion";
    if (labels.includes("person") && reading.subjects.length > 0) reading.isOfCompanion = true;
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
  if (isSubject && !isPerson) {
    reading.colors.push(...modifiers.colors);
    reading.anyColor = modifiers.any;
  }
  // What colour a person is, is not for these eyes; and of a thing beside, nothing but that it is there.
  if (described && (!isSubject || isPerson)) putOff(reading, modifiers.from, end, "other");
  else if (modifiers.pattern !== undefined) putOff(reading, modifiers.from, end, "pattern kind");
}

/** "a bus driver", "a football shirt": of two nouns in a row the last is the thing; "man blue jeans" and "man jeans" are notes of what he wears. */
function isCompound(reading: Reading, at: number, length: number): boolean {
  const next = at + length;
  if (!isAdjacent(reading, next)) return false;
  if (phraseLength(reading, next, NOUNS) > 0) return true;
  return phraseLength(reading, next, GARMENTS) > 0 && NOUNS.get(wordsAt(reading, at, length))?.labels.includes("person") !== true;
}

/** Where "or a red dog" begins, when only its article, number and modifiers stand between it and what was said before; undefined where nothing joins it. */
function joinedFrom(reading: Reading, at: number): number | undefined {
  if (reading.subjects.length === 0) return undefined;
  let from = at;
  while (ARTICLES.has(wordAt(reading, from - 1)) || NUMBERS.has(wordAt(reading, from - 1)) || isModifier(reading, from - 1)) from--;
  const isNext = reading.lastHead === "subject" && reading.lastHeadAt === from - 2;
  return JOINING.has(wordAt(reading, from - 1)) && (isNext || /^(?:and|or)$/.test(wordAt(reading, from - 1))) ? from : undefined;
}

/** "a man in red and a woman in blue": two descriptions; of things that are described apart one alone is looked for. */
function isAnother(reading: Reading, from: number, labels: readonly string[]): boolean {
  const isPlain = reading.colors.length === 0 && reading.held === undefined && reading.places.length === 0;
  if (reading.lastHead === "subject" && reading.lastHeadAt === from - 2) return !isPlain;
  return labels.some((label) => reading.labels.includes(label));
}

/** "sign": carries the text that is asked for, and is of no class. */
export function readTextCarrier(reading: Reading, at: number, says: string | undefined): number {
  const length = phraseLength(reading, at, TEXT_CARRIERS);
  if (length === 0 || reading.unknownHead) return 0;
  if (!isBeforeSubject(reading)) {
    if (says === undefined) return 0;
    // "the bus with the number 42": the print has been taken.
    for (let word = at; word < at + length; word++) reading.grammar.add(word);
    return length;
  }
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
  reading.grammar.add(at);
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
  if (!isGrammar(reading, at) || phraseLength(reading, at, ABOUT) > 1) return 0;
  reading.grammar.add(at);
  if (here === ",") return 1;
  if (here === "or" && reading.held !== undefined) reading.held.any = true;
  if (JOINING.has(here)) return 1;
  settle(reading, at - 1);
  if (WEARING.has(here)) reading.worn = "outfit";
  else if (reading.worn !== undefined && SOME.has(here)) reading.worn = "any";
  else if (!ARTICLES.has(here)) reading.worn = undefined;
  return 1;
}

/** Words nobody here knows: adjectives of a noun that is still to come, or a noun that takes what stood before it along. */
export function readUnknown(reading: Reading, at: number): number {
  let end = at;
  while (end + 1 < reading.tokens.length && !isKnown(reading, end + 1)) end++;
  // "in black walking": the colour is worn, and no part of what they do.
  if (reading.worn !== undefined && ABOUT.get(wordAt(reading, at)) === "action") settle(reading, at - 1);
  // "grey-haired": of the hair, whatever comes.
  if (reading.held !== undefined && isJoined(reading, at)) putOff(reading, released(reading)?.from ?? at, end, "other");
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

/** Finds a place for colours, patterns and sides that no noun took, up to the word `to`. */
export function settle(reading: Reading, to: number): void {
  const modifiers = released(reading);
  if (modifiers === undefined) return;
  const { from, sides, colors, any } = modifiers;
  let end = to;
  while (end > from && JOINING.has(wordAt(reading, end))) end--;
  for (const side of sides) reading.places.push({ kind: "side", ...side });
  if (colors.length === 0 && modifiers.pattern === undefined) return;
  const garment = reading.garments.at(-1);
  const isOfSubject =
    (reading.lastHead === "none" && !reading.unknownHead) || (reading.lastHead === "subject" && !reading.labels.includes("person"));
  if (reading.worn !== undefined && reading.isOfCompanion) putOff(reading, from, end, "other");
  else if (reading.worn !== undefined) {
    reading.garments.push({
      words: written(reading, from, end),
      part: reading.worn,
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
    reading.anyColor = any;
    if (modifiers.pattern !== undefined) putOff(reading, from, end, "pattern kind");
  } else putOff(reading, from, end, "other");
}
