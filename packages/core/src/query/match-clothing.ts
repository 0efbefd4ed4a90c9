import type { Clothing, Garment, Pattern } from "../ports.ts";
import { colorLikeness } from "./color-likeness.ts";
import type { WantedColor, WantedGarment } from "./visual-query.ts";

/** From here on something that was asked for counts as seen. */
export const ENOUGH = 0.6;

/** A colour that covers less of the garment than another one does. */
const SECOND_COLOR = 0.75;

/** Of someone "in red" whose trousers are not. */
const OTHER_TROUSERS = 0.8;

/** Patterns that are taken for one another. A pattern that is neither here nor the same is another one. */
const NEAR_PATTERNS: Readonly<Record<Pattern, Partial<Record<Pattern, number>>>> = {
  plain: {},
  striped: { patterned: 0.6, checked: 0.4 },
  checked: { patterned: 0.6, striped: 0.4 },
  patterned: { striped: 0.6, checked: 0.6 },
};

/** How well what is worn is the garment asked for, 0 to 1; undefined where the part cannot be seen. */
export function matchGarment(wanted: WantedGarment, clothing: Clothing): number | undefined {
  if (wanted.part === "any") {
    const scores = [clothing.upper, clothing.lower, clothing.feet].flatMap((garment) => matchPart(wanted, garment) ?? []);
    return scores.length === 0 ? undefined : Math.max(...scores);
  }
  if (wanted.part !== "outfit") return matchPart(wanted, clothing[wanted.part]);
  const upper = matchPart(wanted, clothing.upper);
  const lower = matchPart({ ...wanted, sleeves: [] }, clothing.lower);
  // What people are said to be dressed in is what is seen first of them; trousers of another colour make it less so.
  if (upper === undefined || lower === undefined) return upper ?? lower;
  return lower >= ENOUGH ? upper : upper * OTHER_TROUSERS;
}

function matchPart(wanted: WantedGarment, seen: Garment | undefined): number | undefined {
  if (seen === undefined) return undefined;
  const scores: number[] = [];
  if (wanted.colors.length > 0) scores.push(matchColors(wanted.colors, seen.colors, wanted.anyColor));
  const pattern = wanted.pattern === undefined ? undefined : matchPattern(wanted.pattern, seen.pattern);
  if (pattern !== undefined) scores.push(pattern);
  // Sleeves are told apart only where they differ from the body: where none are, they have its colours.
  if (wanted.sleeves.length > 0) scores.push(matchColors(wanted.sleeves, seen.sleeves ?? seen.colors, false));
  return scores.length === 0 ? undefined : Math.min(...scores);
}

/** How well colours that were seen, largest share first, are those asked for: all of them, or any. */
export function matchColors(wanted: readonly WantedColor[], seen: readonly string[], any: boolean): number {
  const best = wanted.map((color) =>
    Math.max(0, ...seen.map((each, index) => colorLikeness(color, each) * (index === 0 || (!any && wanted.length > 1) ? 1 : SECOND_COLOR))),
  );
  return any ? Math.max(0, ...best) : Math.min(...best);
}

function matchPattern(wanted: Pattern, seen: Pattern | undefined): number | undefined {
  if (seen === undefined) return undefined;
  return wanted === seen ? 1 : (NEAR_PATTERNS[wanted][seen] ?? 0);
}
