import { ARTICLES, holding, phraseLength, putOff, type Reading, wordAt, written } from "./reading.ts";
import { settle } from "./read-things.ts";
import { NOUNS, ORDINALS, type Side, SIDES, SUPERLATIVES } from "./vocabulary.ts";
import type { RankBy } from "./visual-query.ts";

/** Rules for where in the picture something is. Each returns how many words it took, 0 where it does not apply. */

/** "the left half", "the upper right corner". */
const SIDE_PARTS: ReadonlySet<string> = new Set(["side", "part", "corner", "half", "hand", "edge", "most"]);
const PICTURE = new Set(["picture", "image", "photo", "photograph", "frame", "scene", "shot", "view", "video"]);

/** "left", "top left"; "left of the bus" is of two things and is not judged. */
export function readSide(reading: Reading, at: number): number {
  if (!isSide(reading, at)) return 0;
  const motion = readMotion(reading, at);
  if (motion > 0) return motion;
  const sides = [sideAt(reading, at)];
  const second = sideAt(reading, at + 1);
  if (second !== undefined) sides.push(second);
  const end = at + sides.length - 1;
  let next = end + 1;
  while (SIDE_PARTS.has(wordAt(reading, next))) next++;
  if (wordAt(reading, next) === "of") {
    let thing = next + 1;
    while (ARTICLES.has(wordAt(reading, thing))) thing++;
    if (thing < reading.tokens.length && !PICTURE.has(wordAt(reading, thing))) {
      const length = Math.max(1, phraseLength(reading, thing, NOUNS));
      settle(reading, at - 1);
      putOff(reading, at, thing + length - 1, "other");
      return thing + length - at;
    }
  }
  for (let part = end + 1; part < next; part++) reading.grammar.add(part);
  for (const side of sides) if (side !== undefined) holding(reading, at).sides.push({ words: written(reading, at, end), side });
  return next - at;
}

/** "from left to right", "facing left", "walking to the right", "in his left hand": no place in the picture. */
function readMotion(reading: Reading, at: number): number {
  const isOwn = /^(?:his|her|their|its|my|your)$/.test(wordAt(reading, at - 1));
  let from = at;
  while (/^(?:the|to|towards|toward)$/.test(wordAt(reading, from - 1))) from--;
  const isFrom = wordAt(reading, from - 1) === "from";
  const isMotion = MOTIONS.test(wordAt(reading, from - 1));
  if (!isOwn && !isFrom && !isMotion) return 0;
  settle(reading, from - 1);
  let end = at;
  if (wordAt(reading, at + 1) === "to" && sideAt(reading, at + 2) !== undefined) end = at + 2;
  else if (isOwn) end = Math.min(at + 1, reading.tokens.length - 1);
  putOff(reading, isFrom ? from - 1 : from, end, isOwn ? "other" : "action");
  return end - at + 1;
}

/** Ways to move or turn to a side. */
const MOTIONS =
  /^(?:mov|walk|runn|go|head|turn|fac|look|driv|rid|point|com|cross|travel|travell|enter|leav|step|lean)(?:ing)$|^(?:moves|walks|runs|goes|heads|turns|faces|looks|drives|rides|points|comes|crosses|travels|enters|leaves|steps|leans)$/;

function sideAt(reading: Reading, at: number): Side | undefined {
  return wordAt(reading, at) === "top" ? "top" : SIDES.get(wordAt(reading, at));
}

/** "top" is a side where the grammar says so, and clothes elsewhere. */
function isSide(reading: Reading, at: number): boolean {
  const [here, next] = [wordAt(reading, at), wordAt(reading, at + 1)];
  if (here !== "top") return SIDES.has(here) && !(here === "upper" && next === "body");
  if (SIDES.has(next) || next === "of" || next === "corner" || next === "half") return true;
  const before = ARTICLES.has(wordAt(reading, at - 1)) ? wordAt(reading, at - 2) : wordAt(reading, at - 1);
  return before === "at" || before === "on" || before === "near";
}

/** "second from the left", "the second man from the left", "second largest". */
export function readOrdinal(reading: Reading, at: number): number {
  const nth = ORDINALS.get(wordAt(reading, at));
  if (nth === undefined) return 0;
  const superlative = SUPERLATIVES.get(wordAt(reading, at + 1));
  if (superlative !== undefined) {
    reading.places.push({ kind: "rank", words: written(reading, at, at + 1), by: superlative satisfies RankBy, nth });
    return 2;
  }
  const from = [at + 1, at + 2, at + 3].find((place) => wordAt(reading, place) === "from");
  if (from === undefined) return 0;
  const end = ARTICLES.has(wordAt(reading, from + 1)) ? from + 2 : from + 1;
  const by = sideAt(reading, end);
  if (by === undefined || by === "center") return 0;
  reading.places.push({ kind: "rank", words: `${wordAt(reading, at)} ${written(reading, from, end)}`, by, nth });
  for (let each = from; each <= end; each++) reading.taken.add(each);
  return 1;
}

/** "leftmost", "largest", "far left", "furthest to the left". */
export function readSuperlative(reading: Reading, at: number): number {
  const superlative = SUPERLATIVES.get(wordAt(reading, at));
  const { by, length } = superlative === undefined ? readFar(reading, at) : { by: superlative, length: 1 };
  if (by === undefined) return 0;
  reading.places.push({ kind: "rank", words: written(reading, at, at + length - 1), by: by satisfies RankBy, nth: 1 });
  return length;
}

function readFar(reading: Reading, at: number): { readonly by: "left" | "right" | undefined; readonly length: number } {
  let side = at + 1;
  while (wordAt(reading, side) === "to" || wordAt(reading, side) === "the") side++;
  const by = wordAt(reading, side);
  const isFar = /^(?:far|furthest|farthest)$/.test(wordAt(reading, at));
  return { by: isFar && (by === "left" || by === "right") ? by : undefined, length: side - at + 1 };
}
