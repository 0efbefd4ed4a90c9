import { createHash } from "node:crypto";

/** Files of each corpus that nobody looks at while rules are written. */
export const HELD_OUT = 10;

/**
 * Which files of a corpus are held out: the ten whose names have the smallest SHA-256. Their scores are printed beside the rest, their contents never.
 */
export function heldOut(names: readonly string[]): ReadonlySet<string> {
  const ranked = names.map((name) => ({ name, rank: createHash("sha256").update(name).digest("hex") }));
  return new Set(
    ranked
      .sort((a, b) => (a.rank < b.rank ? -1 : 1))
      .slice(0, HELD_OUT)
      .map(({ name }) => name),
  );
}
