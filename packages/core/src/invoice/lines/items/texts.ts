import { around } from "../layout.ts";
import { foundAt } from "../reading.ts";
import type { Weighed } from "../reading.ts";
import type { TextCell } from "./row-cells.ts";

/** Words over one or more rows as one text; a hyphen at the end of a row joins it to the next. */
export function foundTexts(cells: readonly TextCell[]): Weighed | undefined {
  const found = cells.map(({ row, from, to }) => foundAt(row, from, to, row.text.slice(from, to).replaceAll("\t", " "), 0.8));
  const [first] = found;
  if (first === undefined) return undefined;
  const value = found.reduce((text, { value: next }) => joinLines(text, next), "");
  const boxes = found.flatMap(({ evidence }) => evidence.box ?? []);
  return {
    value,
    evidence: { ...first.evidence, box: around(boxes), quote: found.map(({ evidence }) => evidence.quote).join("\n") },
    confidence: Math.min(...found.map(({ confidence }) => confidence)),
  };
}

function joinLines(text: string, next: string): string {
  if (text === "") return next;
  // "Wand-" over "Halterung"; "A -" over "B" keeps its space.
  return /\p{L}-$/u.test(text) && /^\p{L}/u.test(next) ? text + next : `${text} ${next}`;
}
