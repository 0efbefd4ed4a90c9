import type { Companion, Unjudged, VisualQuery, WantedColor, WantedGarment, WantedPlace } from "./visual-query.ts";
import { takeSaying, tokensOf } from "./query-words.ts";
import {
  ABOUT,
  COLORS,
  FUNCTION_WORDS,
  GARMENTS,
  NEGATIONS,
  NOUNS,
  NUMBERS,
  ORDINALS,
  PATTERN_NOUNS,
  PATTERNS,
  type PatternWord,
  SHADES,
  type Side,
  SIDES,
  SUPERLATIVES,
  TEXT_CARRIERS,
  type Unjudgeable,
  type WornPart,
} from "./vocabulary.ts";

/** Before a colour that stands alone: it is worn. */
const WEARING = new Set(["in", "wearing", "wears", "wear", "wore", "worn", "dressed", "clad", "clothed", "all"]);
/** Between colours of one thing. */
const JOINING = new Set(["and", "or", ",", "colored", "coloured", "color", "colour"]);
const ARTICLES = new Set(["a", "an", "the", "this", "that", "his", "her", "their", "my", "your", "its", "another"]);
const PICTURE = new Set(["picture", "image", "photo", "photograph", "frame", "scene", "shot", "view", "video"]);
/** "the left half", "the upper right corner". */
const SIDE_PARTS = new Set(["side", "part", "corner", "half", "hand", "edge", "most"]);
const SLEEVES = new Set(["sleeve", "sleeves", "sleeved"]);

interface Draft {
  words: string;
  part: WornPart;
  colors: WantedColor[];
  anyColor: boolean;
  pattern?: PatternWord;
  sleeves: WantedColor[];
}

/** What stands before the noun it belongs to. */
interface Modifiers {
  from: number;
  colors: WantedColor[];
  any: boolean;
  pattern?: PatternWord;
  sides: { words: string; side: Side }[];
}

/**
 * Reads the words from the left, collecting colours, patterns and sides until the noun they belong to. `text` is not empty.
 */
export function readQuery(text: string): VisualQuery {
  const { says, rest } = takeSaying(text);
  const tokens = tokensOf(rest);
  const garments: Draft[] = [];
  const places: WantedPlace[] = [];
  const companions: Companion[] = [];
  const unjudged: (Unjudged & { readonly from: number; readonly to: number })[] = [];
  const colors: WantedColor[] = [];
  const labels: string[] = [];
  let subject: string | undefined;
  let subjects = 0;
  const subjectWords: string[] = [];
  /** A noun nobody here knows is what is asked for: known ones after it are not. */
  let unknownHead = false;
  let count: number | undefined;
  let held: Modifiers | undefined;
  /** Sleeves named before their garment: "a green sleeved shirt". */
  let heldSleeves: WantedColor[] = [];
  let worn = false;
  let lastHead: "none" | "subject" | "garment" | "companion" = "none";

  const word = (at: number): string => tokens[at]?.word ?? "";
  const slice = (from: number, to: number): string => text.slice(tokens[from]?.start ?? 0, tokens[to]?.end ?? text.length);
  const holding = (at: number): Modifiers => (held ??= { from: at, colors: [], any: false, sides: [] });
  const putOff = (from: number, to: number, asks: Unjudgeable): void =>
    void unjudged.push({ words: slice(from, to), asks: asks === "other" ? aboutOf(from, to) : asks, from, to });
  const aboutOf = (from: number, to: number): Unjudgeable => {
    for (let at = from; at <= to; at++) {
      const asks = ABOUT.get(word(at));
      if (asks !== undefined) return asks;
    }
    return "other";
  };
  /** The longest phrase of at most three words that `has` takes. */
  const phrase = (at: number, has: (words: string) => boolean): number => {
    for (let length = 3; length > 0; length--) {
      const words = tokens.slice(at, at + length).map((token) => token.word);
      if (words.length === length && has(words.join(" "))) return length;
    }
    return 0;
  };
  const isHead = (at: number): boolean =>
    phrase(at, (words) => NOUNS.has(words) || GARMENTS.has(words) || TEXT_CARRIERS.has(words)) > 0 || SLEEVES.has(word(at));
  const isModifier = (at: number): boolean => COLORS.has(word(at)) || SHADES.has(word(at)) || PATTERNS.has(word(at));
  const isKnown = (at: number): boolean =>
    isHead(at) ||
    isModifier(at) ||
    [FUNCTION_WORDS, NEGATIONS, SIDES, SUPERLATIVES, NUMBERS, ORDINALS, PATTERN_NOUNS].some((known) => known.has(word(at))) ||
    word(at) === ",";
  /** True where a word describes a noun that is still to come. */
  const leadsToHead = (at: number): boolean => {
    for (let next = at; next < at + 6 && next < tokens.length; next++) {
      if (isHead(next)) return true;
      if (!isModifier(next) && !JOINING.has(word(next)) && isKnown(next)) return false;
    }
    return false;
  };

  /** Colours and sides that no noun took. */
  const settle = (to: number): void => {
    if (held === undefined) return;
    const { from, sides, ...worded } = held;
    held = undefined;
    for (const side of sides) places.push({ kind: "side", ...side });
    if (worded.colors.length === 0 && worded.pattern === undefined) return;
    const garment = garments.at(-1);
    if (worn) {
      garments.push({
        words: slice(from, to),
        part: "outfit",
        colors: worded.colors,
        anyColor: worded.any,
        ...patterned(worded),
        sleeves: [],
      });
      lastHead = "garment";
    } else if (lastHead === "garment" && garment !== undefined && garment.colors.length === 0) {
      garment.colors.push(...worded.colors);
      garment.anyColor = worded.any;
      Object.assign(garment, patterned(worded));
    } else if ((lastHead === "none" && !unknownHead) || (lastHead === "subject" && !labels.includes("person"))) {
      colors.push(...worded.colors);
      if (worded.pattern !== undefined) putOff(from, to, "pattern kind");
    } else putOff(from, to, "other");
  };

  const takeNoun = (at: number, length: number): void => {
    const noun = NOUNS.get(
      tokens
        .slice(at, at + length)
        .map((token) => token.word)
        .join(" "),
    );
    const end = at + length - 1;
    const modifiers = held;
    held = undefined;
    const known = noun?.labels ?? [];
    const isPerson = known.includes("person");
    const joined = lastHead === "subject" && subjects > 0 && onlyJoins(at);
    const isSubject = !unknownHead && ((subjects === 0 && garments.length === 0) || joined);
    if (modifiers !== undefined) {
      if (isSubject) for (const side of modifiers.sides) places.push({ kind: "side", ...side });
      const described = modifiers.colors.length > 0 || modifiers.pattern !== undefined;
      if (isSubject && !isPerson) colors.push(...modifiers.colors);
      // What colour a person is, is not for these eyes; and of a thing beside, nothing but that it is there.
      if (described && (!isSubject || isPerson)) putOff(modifiers.from, end, "other");
      else if (modifiers.pattern !== undefined) putOff(modifiers.from, end, "pattern kind");
    }
    if (noun?.asks !== undefined) putOff(at, end, noun.asks);
    if (isSubject) {
      subjects++;
      subjectWords.push(slice(at, end));
      subject = subjects === 1 ? slice(at, end) : undefined;
      for (const label of known) if (!labels.includes(label)) labels.push(label);
      lastHead = "subject";
    } else {
      companions.push({ words: slice(at, end), labels: known });
      lastHead = "companion";
    }
  };
  const onlyJoins = (at: number): boolean => {
    let before = at - 1;
    while (before >= 0 && (ARTICLES.has(word(before)) || NUMBERS.has(word(before)) || isModifier(before))) before--;
    return JOINING.has(word(before)) && lastHeadAt === before - 1;
  };
  let lastHeadAt = -1;

  const takeGarment = (at: number, length: number): void => {
    const end = at + length - 1;
    const noun = GARMENTS.get(
      tokens
        .slice(at, at + length)
        .map((token) => token.word)
        .join(" "),
    );
    const modifiers = held;
    held = undefined;
    for (const side of modifiers?.sides ?? []) unjudged.push({ words: side.words, asks: "other", from: at, to: at });
    garments.push({
      words: slice(modifiers?.from ?? at, end),
      part: noun?.part ?? "outfit",
      colors: modifiers?.colors ?? [],
      anyColor: modifiers?.any ?? false,
      ...patterned(modifiers),
      sleeves: heldSleeves,
    });
    heldSleeves = [];
    if (noun?.general !== true) putOff(at, end, "garment kind");
    lastHead = "garment";
  };

  const takeSleeves = (at: number): void => {
    const wanted = held?.colors ?? [];
    const from = held?.from ?? at;
    held = undefined;
    if (wanted.length === 0) {
      const before = unjudged.at(-1);
      if (before?.to === from - 1) unjudged.pop();
      putOff(before?.to === from - 1 ? before.from : from, at, "sleeve length");
      return;
    }
    const garment = garments.at(-1);
    if (word(at) === "sleeved" || garment === undefined || garment.part === "lower" || garment.part === "feet") heldSleeves = wanted;
    else garment.sleeves.push(...wanted);
  };

  const takePatternNoun = (at: number): void => {
    const pattern = PATTERN_NOUNS.get(word(at));
    const garment = garments.at(-1);
    const modifiers = held;
    held = undefined;
    if (garment === undefined || pattern === undefined || lastHead !== "garment") {
      putOff(modifiers?.from ?? at, at, "pattern kind");
      return;
    }
    garment.pattern ??= pattern;
    garment.colors.push(...(modifiers?.colors ?? []));
  };

  /** "left", "top left", "left of the bus"; returns how many words it took. */
  const takeSide = (at: number): number => {
    let end = at;
    const sides = [sideAt(at)];
    const second = SIDES.get(word(at + 1)) ?? (word(at + 1) === "top" ? "top" : undefined);
    if (second !== undefined) {
      sides.push(second);
      end++;
    }
    let next = end + 1;
    while (SIDE_PARTS.has(word(next))) next++;
    if (word(next) === "of") {
      let thing = next + 1;
      while (ARTICLES.has(word(thing))) thing++;
      if (thing < tokens.length && !PICTURE.has(word(thing))) {
        const length = Math.max(
          1,
          phrase(thing, (words) => NOUNS.has(words)),
        );
        settle(at - 1);
        putOff(at, thing + length - 1, "other");
        return thing + length - at;
      }
    }
    for (const side of sides) if (side !== undefined) holding(at).sides.push({ words: slice(at, end), side });
    return next - at;
  };
  const sideAt = (at: number): Side | undefined => (word(at) === "top" ? "top" : SIDES.get(word(at)));
  /** "top" and "bottom" are sides where the grammar says so, and clothes elsewhere. */
  const isSide = (at: number): boolean => {
    if (word(at) !== "top") return SIDES.has(word(at)) && !(word(at) === "upper" && word(at + 1) === "body");
    const next = word(at + 1);
    if (SIDES.has(next) || next === "of" || next === "corner" || next === "half") return true;
    const before = ARTICLES.has(word(at - 1)) ? word(at - 2) : word(at - 1);
    return before === "at" || before === "on" || before === "near";
  };

  /** "second from the left", "the second man from the left"; returns true when it is one. */
  const skipped = new Set<number>();
  const takeOrdinal = (at: number): boolean => {
    for (let from = at + 1; from <= at + 3; from++) {
      if (word(from) !== "from") continue;
      const end = ARTICLES.has(word(from + 1)) ? from + 2 : from + 1;
      const side = sideAt(end);
      if (side === undefined || side === "center") return false;
      places.push({ kind: "rank", words: `${word(at)} ${slice(from, end)}`, by: side, nth: ORDINALS.get(word(at)) ?? 1 });
      for (let each = from; each <= end; each++) skipped.add(each);
      return true;
    }
    return false;
  };

  const takeUnknown = (at: number): number => {
    let end = at;
    while (end + 1 < tokens.length && !isKnown(end + 1)) end++;
    if (leadsToHead(end + 1)) putOff(at, end, "other");
    else {
      const before = unjudged.at(-1);
      const from = held?.from ?? at;
      held = undefined;
      const merges = before !== undefined && before.to === from - 1 && before.asks !== "gender";
      if (merges) unjudged.pop();
      putOff(merges ? before.from : from, end, "other");
      if (subjects === 0 && garments.length === 0) unknownHead = true;
    }
    return end - at + 1;
  };

  for (let at = 0; at < tokens.length;) {
    if (skipped.has(at)) {
      at++;
      continue;
    }
    const here = word(at);
    const nounLength = phrase(at, (words) => NOUNS.has(words));
    const garmentLength = phrase(at, (words) => GARMENTS.has(words));
    const number = NUMBERS.get(here) ?? (/^\d{1,2}$/.test(here) ? Number(here) : undefined);
    const rank =
      SUPERLATIVES.get(here) ??
      (["far", "furthest", "farthest"].includes(here) && (word(at + 1) === "left" || word(at + 1) === "right")
        ? `${word(at + 1)}most`
        : undefined);
    if (NEGATIONS.has(here)) {
      settle(at - 1);
      let end = at;
      while (end + 1 < tokens.length && word(end + 1) !== "," && word(end + 1) !== "but") end++;
      putOff(at, end, "other");
      if (subjects === 0 && garments.length === 0) unknownHead = true;
      at = end + 1;
    } else if (here === ",") at++;
    else if (ORDINALS.has(here) && takeOrdinal(at)) at++;
    else if (rank !== undefined) {
      const length = SUPERLATIVES.has(here) ? 1 : 2;
      places.push({ kind: "rank", words: slice(at, at + length - 1), by: rank.replace(/most$/, "") as "left", nth: 1 });
      at += length;
    } else if (isSide(at)) at += takeSide(at);
    else if (nounLength > 0 && nounLength >= garmentLength && !(COLORS.has(here) && nounLength === 1 && isColorHere(at))) {
      takeNoun(at, nounLength);
      at += nounLength;
      lastHeadAt = at - 1;
    } else if (garmentLength > 0) {
      takeGarment(at, garmentLength);
      at += garmentLength;
    } else if (
      SHADES.has(here) &&
      (COLORS.has(word(at + 1)) || (here !== "bright" && isHead(at + 1)) || (worn && at + 1 >= tokens.length))
    ) {
      const shade = SHADES.get(here);
      const color = COLORS.get(word(at + 1));
      const length = color === undefined ? 1 : 2;
      holding(at).colors.push({ words: slice(at, at + length - 1), names: color?.names ?? [], ...(shade === undefined ? {} : { shade }) });
      at += length;
    } else if (COLORS.has(here)) {
      const { names = [], shade } = COLORS.get(here) ?? {};
      holding(at).colors.push({ words: slice(at, at), names, ...(shade === undefined ? {} : { shade }) });
      at++;
    } else if (PATTERNS.has(here)) {
      const { pattern, general = true } = PATTERNS.get(here) ?? {};
      if (pattern !== undefined) holding(at).pattern = pattern;
      if (!general) putOff(at, at, "pattern kind");
      at++;
    } else if (SLEEVES.has(here)) {
      takeSleeves(at);
      at++;
    } else if (PATTERN_NOUNS.has(here)) {
      takePatternNoun(at);
      at++;
    } else if (number !== undefined && subjects === 0 && garments.length === 0) {
      count ??= here === "one" ? undefined : number;
      at++;
    } else if (phrase(at, (words) => TEXT_CARRIERS.has(words)) > 0 && subjects === 0 && !unknownHead) {
      const length = phrase(at, (words) => TEXT_CARRIERS.has(words));
      const from = held?.from ?? at;
      if (held !== undefined && (held.colors.length > 0 || held.pattern !== undefined)) putOff(from, at + length - 1, "other");
      for (const side of held?.sides ?? []) places.push({ kind: "side", ...side });
      held = undefined;
      subject = slice(at, at + length - 1);
      subjectWords.push(subject);
      subjects++;
      lastHead = "subject";
      if (says === undefined) putOff(at, at + length - 1, "other");
      at += length;
    } else if (FUNCTION_WORDS.has(here) && phrase(at, (words) => ABOUT.has(words)) === 0) {
      if (here === "or" && held !== undefined) held.any = true;
      if (!JOINING.has(here)) {
        settle(at - 1);
        if (WEARING.has(here)) worn = true;
        else if (!ARTICLES.has(here)) worn = false;
      }
      at++;
    } else at += takeUnknown(at);
  }
  settle(tokens.length - 1);
  if (heldSleeves.length > 0) garments.push({ words: "sleeves", part: "upper", colors: [], anyColor: false, sleeves: heldSleeves });

  /** An orange thing, or an orange. */
  function isColorHere(at: number): boolean {
    return worn || held !== undefined || leadsToHead(at + 1) || PATTERN_NOUNS.has(word(at + 1)) || SLEEVES.has(word(at + 1));
  }

  if (garments.length > 0 && subjects === 0 && !unknownHead) {
    labels.push("person");
    subject = "person";
    // "The red coat of the woman": she is who wears it.
    const wearer = companions.findIndex((companion) => companion.labels.includes("person"));
    if (wearer !== -1) companions.splice(wearer, 1);
  }
  const ofPerson = labels.includes("person");
  const wanted = garments.filter(
    (garment) => ofPerson && (garment.colors.length > 0 || garment.pattern !== undefined || garment.sleeves.length > 0),
  );
  for (const garment of garments) {
    const judged = wanted.includes(garment) || unjudged.some(({ words }) => garment.words.endsWith(words));
    if (!judged || !ofPerson) unjudged.push({ words: garment.words, asks: "garment kind", from: 0, to: 0 });
  }
  // Whatever fell between: said, not dropped.
  const told = new Set(
    [
      says ?? "",
      ...subjectWords,
      ...colors.map((each) => each.words),
      ...companions.map((each) => each.words),
      ...places.map((each) => each.words),
    ]
      .concat(
        wanted.flatMap((each) => [each.words, ...each.sleeves.map((color) => color.words), ...each.colors.map((color) => color.words)]),
      )
      .concat(unjudged.map((each) => each.words))
      .flatMap((words) => tokensOf(words).map((token) => token.word)),
  );
  tokens.forEach(({ word: each }, at) => {
    if (!isGrammar(each) && !told.has(each)) putOff(at, at, "other");
  });
  const seen = new Set<string>();
  return {
    text,
    ...(subject === undefined ? {} : { subject }),
    labels,
    ...(count === undefined ? {} : { count }),
    colors,
    garments: wanted.map((garment): WantedGarment => ({ ...garment })),
    places,
    companions,
    ...(says === undefined ? {} : { says }),
    unjudged: unjudged.flatMap(({ words, asks }) => (seen.has(words) || !seen.add(words) ? [] : [{ words, asks }])),
  };
}

/** Words that narrow nothing by themselves, and numbers, which `count` or no field holds. */
function isGrammar(word: string): boolean {
  return (
    FUNCTION_WORDS.has(word) ||
    SLEEVES.has(word) ||
    PATTERN_NOUNS.has(word) ||
    NUMBERS.has(word) ||
    SHADES.has(word) ||
    SIDE_PARTS.has(word) ||
    word === ","
  );
}

function patterned(from: { readonly pattern?: PatternWord } | undefined): { pattern?: PatternWord } {
  return from?.pattern === undefined ? {} : { pattern: from.pattern };
}
