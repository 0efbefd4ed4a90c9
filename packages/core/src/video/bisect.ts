/** An end of a stay, somewhere between a moment without the thing and one with it, seconds. Which comes first says which end it is. */
export interface Bracket {
  readonly without: number;
  readonly with: number;
}

export function widthOf(bracket: Bracket): number {
  return Math.abs(bracket.with - bracket.without);
}

/** Times that cut a bracket into equal parts: as many as it takes to come down to `precision`, `most` at the most. Ascending. */
export function cuts(bracket: Bracket, precision: number, most: number): number[] {
  const width = widthOf(bracket);
  if (width <= precision) return [];
  const count = Math.min(most, Math.ceil(width / precision) - 1);
  const start = Math.min(bracket.without, bracket.with);
  return Array.from({ length: count }, (_, index) => start + (width * (index + 1)) / (count + 1));
}

/** The bracket after its cuts were looked at: from the moment with the thing outwards, up to the first one without it. */
export function narrowed(bracket: Bracket, seen: readonly { readonly time: number; readonly there: boolean }[]): Bracket {
  const outwards = seen.toSorted((a, b) => Math.abs(a.time - bracket.with) - Math.abs(b.time - bracket.with));
  const gone = outwards.findIndex(({ there }) => !there);
  const still = gone < 0 ? outwards : outwards.slice(0, gone);
  return { without: gone < 0 ? bracket.without : outwards[gone]!.time, with: still.at(-1)?.time ?? bracket.with };
}
