import type { Token } from "./query-words.ts";
import type { Companion, Unjudged, WantedColor, WantedPlace } from "./visual-query.ts";
import {
  ABOUT,
  ASKED_FOR,
  ASKING,
  COLORS,
  FUNCTION_WORDS,
  GARMENTS,
  NEGATIONS,
  NOUNS,
  NUMBERS,
  ORDINALS,
  PARTITIVES,
  PATTERN_NOUNS,
  PATTERNS,
  type PatternWord,
  PICTURES,
  SHADES,
  type Side,
  SIDES,
  SUPERLATIVES,
  TEXT_CARRIERS,
  type Unjudgeable,
  type WornPart,
} from "./vocabulary.ts";

/** A query half read: what the words so far were taken for. The rules of `read-query.ts` work on it. */
export interface Reading {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly garments: DraftGarment[];
  readonly places: WantedPlace[];
  readonly companions: Companion[];
  readonly unjudged: (Unjudged & { readonly from: number; readonly to: number })[];
  readonly colors: WantedColor[];
  /** Any of `colors` is meant, not all. */
  anyColor: boolean;
  readonly labels: string[];
  /** The subject's nouns as written; several are joined by "or" or "and". */
  readonly subjects: string[];
  /** A noun nobody here knows is what is asked for: known ones after it are not. */
  unknownHead: boolean;
  count: number | undefined;
  held: Modifiers | undefined;
  /** Sleeves named before their garment: "a green sleeved shirt". */
  heldSleeves: WantedColor[];
  /** After "in", "wearing", …: a colour that stands alone is worn, all over or (after "something") anywhere. */
  worn: WornPart | undefined;
  /** From the naming of somebody beside the subject on: what is worn is theirs. */
  isOfCompanion: boolean;
  lastHead: "none" | "subject" | "garment" | "companion";
  /** The last word of it. */
  lastHeadAt: number;
  /** Words that an earlier rule took ahead of their turn. */
  readonly taken: Set<number>;
  /** Words that narrow nothing where they stand. */
  readonly grammar: Set<number>;
}

export interface DraftGarment {
  readonly words: string;
  readonly part: WornPart;
  readonly colors: WantedColor[];
  anyColor: boolean;
  pattern?: PatternWord;
  readonly sleeves: WantedColor[];
}

/** What stands before the noun it belongs to. */
export interface Modifiers {
  /** The first of its words. */
  readonly from: number;
  readonly colors: WantedColor[];
  any: boolean;
  pattern?: PatternWord;
  readonly sides: { readonly words: string; readonly side: Side }[];
}

/** Between colours of one thing, and between things. */
export const JOINING: ReadonlySet<string> = new Set(["and", "or", ",", "colored", "coloured", "color", "colour"]);
export const ARTICLES: ReadonlySet<string> = new Set([
  "a",
  "an",
  "the",
  "this",
  "that",
  "his",
  "her",
  "their",
  "my",
  "your",
  "its",
  "another",
]);
export const SLEEVES: ReadonlySet<string> = new Set(["sleeve", "sleeves", "sleeved"]);

export function startReading(text: string, tokens: readonly Token[]): Reading {
  return {
    text,
    tokens,
    garments: [],
    places: [],
    companions: [],
    unjudged: [],
    colors: [],
    anyColor: false,
    labels: [],
    subjects: [],
    unknownHead: false,
    count: undefined,
    held: undefined,
    heldSleeves: [],
    worn: undefined,
    isOfCompanion: false,
    lastHead: "none",
    lastHeadAt: -1,
    taken: new Set(),
    grammar: new Set(),
  };
}

/** The word at a place, in lower case; empty beyond the end. */
export function wordAt({ tokens }: Reading, at: number): string {
  return tokens[at]?.word ?? "";
}

/** `length` words from a place on, in lower case. */
export function wordsAt({ tokens }: Reading, at: number, length: number): string {
  return tokens
    .slice(at, at + length)
    .map(({ word }) => word)
    .join(" ");
}

/** The text from one word to another, as written. */
export function written({ text, tokens }: Reading, from: number, to: number): string {
  return text.slice(tokens[from]?.start ?? 0, tokens[to]?.end ?? text.length);
}

/** The longest phrase of at most three words from here that is in one of these; 0 where none is. */
export function phraseLength(reading: Reading, at: number, ...known: readonly { has(words: string): boolean }[]): number {
  for (let length = 3; length > 0; length--) {
    if (at + length > reading.tokens.length) continue;
    const words = wordsAt(reading, at, length);
    if (known.some((each) => each.has(words))) return length;
  }
  return 0;
}

/** Modifiers that wait for their noun, begun here where there are none yet. */
export function holding(reading: Reading, at: number): Modifiers {
  return (reading.held ??= { from: at, colors: [], any: false, sides: [] });
}

/** Hands over the modifiers that wait. */
export function released(reading: Reading): Modifiers | undefined {
  const { held } = reading;
  reading.held = undefined;
  return held;
}

/** Says that these words are not judged; of "other" words the vocabulary may know what they are about. */
export function putOff(reading: Reading, from: number, to: number, asks: Unjudgeable): void {
  const known = Array.from({ length: to - from + 1 }, (_, index) => ABOUT.get(wordAt(reading, from + index))).find(
    (each) => each !== undefined,
  );
  reading.unjudged.push({ words: written(reading, from, to), asks: asks === "other" ? (known ?? asks) : asks, from, to });
}

/** True before anything that could be what is asked for. */
export function isBeforeSubject({ subjects, garments }: Reading): boolean {
  return subjects.length === 0 && garments.length === 0;
}

export function isHead(reading: Reading, at: number): boolean {
  return phraseLength(reading, at, NOUNS, GARMENTS, TEXT_CARRIERS) > 0 || SLEEVES.has(wordAt(reading, at));
}

export function isModifier(reading: Reading, at: number): boolean {
  return phraseLength(reading, at, COLORS, SHADES, PATTERNS) > 0;
}

export function isKnown(reading: Reading, at: number): boolean {
  const others = [NEGATIONS, SIDES, SUPERLATIVES, NUMBERS, ORDINALS, PATTERN_NOUNS];
  return isHead(reading, at) || isModifier(reading, at) || isGrammar(reading, at) || others.some((known) => known.has(wordAt(reading, at)));
}

/** True where a word narrows nothing: grammar, asking, and naming what is looked at. */
export function isGrammar(reading: Reading, at: number): boolean {
  const here = wordAt(reading, at);
  if (here === ",") return true;
  if (FUNCTION_WORDS.has(here))
    return !(isJoined(reading, at + 1) && !FUNCTION_WORDS.has(wordAt(reading, at + 1)) && !isModifier(reading, at + 1));
  return isAsking(reading, at) || isPicture(reading, at) || (PARTITIVES.has(here) && wordAt(reading, at + 1) === "of");
}

function isAsking(reading: Reading, at: number): boolean {
  if (!isBeforeSubject(reading) || reading.unknownHead) return false;
  if (ASKED_FOR.has(wordAt(reading, at)) && /^(?:of|for|around|where|when|that|which)$/.test(wordAt(reading, at + 1))) return true;
  if (wordAt(reading, at) === "bounding") return true;
  return ASKING.has(wordAt(reading, at)) && !ARTICLES.has(wordAt(reading, at - 1));
}

const AFTER_PICTURES = /^(?:of|with|where|when|that|which|in|is|are|do|does|has|have|show(?:s|ing)?|contain(?:s|ing)?|include(?:s|ing)?)$/;

/** "in the picture", and "frames with" before what is asked for; "a picture on the wall" is a thing. */
function isPicture(reading: Reading, at: number): boolean {
  if (!PICTURES.has(wordAt(reading, at))) return false;
  const next = wordAt(reading, at + 1);
  if (isBeforeSubject(reading) && !reading.unknownHead && AFTER_PICTURES.test(next)) return true;
  let before = at - 1;
  while (ARTICLES.has(wordAt(reading, before)) || /^(?:whole|entire)$/.test(wordAt(reading, before))) before--;
  return /^(?:in|on|of|from|within|into|inside|throughout|during|across)$/.test(wordAt(reading, before));
}

/** True where a hyphen joins the word to the one before it. */
export function isJoined({ text, tokens }: Reading, at: number): boolean {
  return /^[-\u2010\u2011]$/.test(text.slice(tokens[at - 1]?.end ?? 0, tokens[at]?.start ?? 0));
}

/** True where nothing but a space or a hyphen stands between the word and the one before it. */
export function isAdjacent({ text, tokens }: Reading, at: number): boolean {
  return /^[-\u2010\u2011\s]+$/.test(text.slice(tokens[at - 1]?.end ?? 0, tokens[at]?.start ?? 0));
}

/** True where a word describes a noun that is still to come. */
export function leadsToHead(reading: Reading, at: number): boolean {
  for (let next = at; next < Math.min(at + 6, reading.tokens.length); next++) {
    if (isHead(reading, next)) return true;
    if (!isModifier(reading, next) && !JOINING.has(wordAt(reading, next)) && isKnown(reading, next)) return false;
  }
  return false;
}

export function patterned(from: { readonly pattern?: PatternWord } | undefined): { pattern?: PatternWord } {
  return from?.pattern === undefined ? {} : { pattern: from.pattern };
}
