import type { WantedColor } from "./visual-query.ts";

/**
 * How alike the plain names of colours are: what one person calls navy another calls black, and a camera makes white gray. Pairs that stand nowhere
 * here are different colours.
 */
const ALIKE: readonly (readonly [one: string, other: string, likeness: number])[] = [
  ["black", "dark gray", 0.7],
  ["black", "dark blue", 0.5],
  ["black", "dark brown", 0.5],
  ["black", "dark green", 0.4],
  ["black", "dark purple", 0.4],
  ["white", "light gray", 0.7],
  ["white", "beige", 0.5],
  ["gray", "beige", 0.4],
  ["gray", "light blue", 0.4],
  ["beige", "light brown", 0.7],
  ["beige", "brown", 0.5],
  ["beige", "light yellow", 0.5],
  ["brown", "orange", 0.4],
  ["brown", "dark red", 0.5],
  ["red", "pink", 0.4],
  ["red", "orange", 0.4],
  ["pink", "purple", 0.5],
  ["orange", "yellow", 0.4],
  ["green", "turquoise", 0.5],
  ["blue", "turquoise", 0.5],
  ["blue", "purple", 0.5],
];

/** A shade that was not asked for, or is missing. */
const ANOTHER_SHADE = 0.85;
const OPPOSITE_SHADE = 0.3;

interface Named {
  readonly name: string;
  readonly shade?: "light" | "dark";
}

function named(words: string): Named {
  const [, shade, name] = /^(?:(light|dark) )?(.*)$/.exec(words) ?? [];
  return shade === undefined ? { name: name ?? words } : { name: name ?? words, shade: shade as "light" | "dark" };
}

/** How well a colour that was seen ("light blue", as the colour reader names them) is the one that is asked for, 0 to 1. */
export function colorLikeness(wanted: WantedColor, seen: string): number {
  const color = named(seen);
  if (wanted.names.length === 0) return shadeAlone(wanted.shade, color);
  return Math.max(...wanted.names.map((name) => likeness(wanted.shade === undefined ? { name } : { name, shade: wanted.shade }, color)));
}

function likeness(wanted: Named, seen: Named): number {
  if (wanted.name === seen.name) return shadeLikeness(wanted.shade, seen.shade);
  return Math.max(0, ...ALIKE.map(([one, other, alike]) => Math.max(pair(one, other), pair(other, one)) * alike));

  function pair(one: string, other: string): number {
    const [first, second] = [named(one), named(other)];
    if (first.name !== wanted.name || second.name !== seen.name) return 0;
    return fits(first.shade, wanted.shade) && fits(second.shade, seen.shade) ? 1 : 0;
  }
}

/** True where a colour of that shade is a case of the table's. */
function fits(tabled: string | undefined, shade: string | undefined): boolean {
  return tabled === undefined || tabled === shade;
}

function shadeLikeness(wanted: string | undefined, seen: string | undefined): number {
  if (wanted === seen) return 1;
  return wanted === undefined || seen === undefined ? ANOTHER_SHADE : OPPOSITE_SHADE;
}

/** "dark clothes", "something light". */
function shadeAlone(shade: "light" | "dark" | undefined, seen: Named): number {
  if (shade === seen.shade) return 1;
  if (shade === "dark") return seen.name === "black" ? 1 : seen.name === "brown" && seen.shade === undefined ? 0.5 : 0;
  return seen.name === "white" || seen.name === "beige" ? 1 : 0;
}
