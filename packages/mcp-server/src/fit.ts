/** Making an answer small enough for its host, and saying what was left out. */

interface Limits {
  /** Most elements of any one list. */
  readonly items: number;
  /** Most characters of any one string. */
  readonly characters: number;
}

/** Where something was cut ("pages.lines"), what is left and what there was, in the list or string that lost most. */
interface Cut {
  readonly unit: "entries" | "characters";
  readonly kept: number;
  readonly of: number;
}

export interface Fitted {
  readonly value: Record<string, unknown>;
  /** In plain words, one for each field that lost something; empty when nothing did. */
  readonly cuts: readonly string[];
}

/** Lists are shortened to this many entries before any text is: what was read matters more than where it stands. */
const FEWEST_ITEMS = 10;

/** `value` with its longest lists, then its longest strings, shortened until its JSON has at most `maxBytes` bytes of UTF-8. */
export function fitValue(value: Record<string, unknown>, maxBytes: number): Fitted {
  if (jsonBytes(value) <= maxBytes) return { value, cuts: [] };
  const fits = (limits: Limits): boolean => jsonBytes(shorten(value, limits, "", new Map())) <= maxBytes;
  const items = largest(FEWEST_ITEMS, maxBytes, (count) => fits({ items: count, characters: Infinity }));
  const limits = fits({ items, characters: Infinity })
    ? { items, characters: Infinity }
    : { items, characters: largest(0, maxBytes, (count) => fits({ items, characters: count })) };
  const cuts = new Map<string, Cut>();
  const shortened = shorten(value, limits, "", cuts) as Record<string, unknown>;
  return { value: shortened, cuts: [...cuts].map(([path, cut]) => `${path}: ${cut.kept} of ${cut.of} ${cut.unit}`) };
}

/** `text` cut at the end of a line so that it has at most `maxBytes` bytes of UTF-8, `note` at its end included. */
export function fitText(text: string, maxBytes: number, note: (kept: number) => string): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const room = maxBytes - Buffer.byteLength(note(text.length)) - 1;
  const most = largest(0, maxBytes, (count) => Buffer.byteLength(text.slice(0, count)) <= room);
  const line = text.lastIndexOf("\n", most);
  const kept = cutString(text, line > most / 2 ? line : most);
  return `${kept}\n${note(kept.length)}`;
}

function shorten(value: unknown, limits: Limits, path: string, cuts: Map<string, Cut>): unknown {
  if (typeof value === "string") {
    if (value.length <= limits.characters) return value;
    const kept = cutString(value, limits.characters);
    remember(cuts, path, { unit: "characters", kept: kept.length, of: value.length });
    return kept;
  }
  if (Array.isArray(value)) {
    if (value.length > limits.items) remember(cuts, path, { unit: "entries", kept: limits.items, of: value.length });
    return value.slice(0, limits.items).map((item) => shorten(item, limits, path, cuts));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, shorten(item, limits, path === "" ? key : `${path}.${key}`, cuts)]),
  );
}

function remember(cuts: Map<string, Cut>, path: string, cut: Cut): void {
  const known = cuts.get(path);
  if (known === undefined || known.of < cut.of) cuts.set(path, cut);
}

/** The largest whole number from `low` to `high` that `fits` takes, given that it takes every number below one it takes; `low` when it takes none. */
function largest(low: number, high: number, fits: (count: number) => boolean): number {
  let [good, bad] = [low, high + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** At most `length` UTF-16 units, never half a surrogate pair. */
function cutString(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
