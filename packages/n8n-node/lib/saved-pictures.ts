/** Pictures that a server saved for an answer: named in it by their address, and given to the next node as binary fields. */

export interface SavedPicture {
  /** The binary field that is to hold it. */
  readonly field: string;
  /** What the server calls it. */
  readonly id: string;
  /** As it stands in the answer. */
  readonly address: string;
}

/** An address of the server's files: each is kept under a name, 16 hexadecimal digits and its ending. Of the host it says nothing: a proxy may stand between. */
const ADDRESS = /^https?:\/\/[^?#]+\/files\/([^/?#]+-[0-9a-f]{16}\.\w+)$/;

/** All that an answer names, in its order: "annotated" by the name of its place, those in a list numbered: "frame_0", "frame_1". */
export function savedPictures(output: Readonly<Record<string, unknown>>): SavedPicture[] {
  const counts = new Map<string, number>();
  function found(value: unknown, place: string, isListed: boolean): SavedPicture[] {
    if (Array.isArray(value)) return value.flatMap((each) => found(each, place, true));
    if (typeof value === "object" && value !== null) return Object.entries(value).flatMap(([key, each]) => found(each, key, isListed));
    const id = typeof value === "string" ? ADDRESS.exec(value)?.[1] : undefined;
    if (id === undefined) return [];
    const count = counts.get(place) ?? 0;
    counts.set(place, count + 1);
    return [{ field: isListed ? `${place}_${count}` : place, id: decodeURIComponent(id), address: value as string }];
  }
  return found(output, "picture", false);
}

/** The answer with each address that `names` knows replaced by its name there. */
export function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((each) => renamed(each, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamed(each, names)]));
}
