import { createHash } from "node:crypto";
import type { Correction } from "@sightline/local/corrections";

/** To learn from, or held back to see what was learned. */
export const SIDES = ["train", "validation"] as const;
export type Side = (typeof SIDES)[number];

export interface Split {
  /** Share of the documents that is held back, from 0 to below 1. */
  readonly validation: number;
  /** Another one draws another share. */
  readonly seed: number;
}

/** Bytes of a hash that a share is drawn by. */
const DRAWN_BYTES = 6;

/**
 * The side of each correction, by its id. It is drawn by the hash of its files, so that a document lies on one side whatever was asked about it, and stays there when others come and
 * go; corrections that have a file in common lie on the same side.
 */
export function sidesOf(corrections: readonly Pick<Correction, "id" | "files">[], { validation, seed }: Split): ReadonlyMap<string, Side> {
  const group = grouped(corrections.map(({ files }) => files.map(({ sha256 }) => sha256)));
  return new Map(
    corrections.map(({ id, files }): [string, Side] => {
      const drawn = createHash("sha256")
        .update(`${seed}:${group(files[0]?.sha256 ?? "")}`)
        .digest()
        .readUIntBE(0, DRAWN_BYTES);
      return [id, drawn / 2 ** (8 * DRAWN_BYTES) < validation ? "validation" : "train"];
    }),
  );
}

/** Tells of a name the first, in their order, of all that are linked with it by lists that hold both. */
function grouped(lists: readonly (readonly string[])[]): (name: string) => string {
  const leaders = new Map<string, string>();
  function leaderOf(name: string): string {
    let leader = name;
    for (let next = leaders.get(leader); next !== undefined; next = leaders.get(leader)) leader = next;
    return leader;
  }
  for (const [first, ...others] of lists) {
    for (const other of others) {
      const [low, high] = [leaderOf(first ?? other), leaderOf(other)].sort();
      if (low !== undefined && high !== undefined && low !== high) leaders.set(high, low);
    }
  }
  return leaderOf;
}
