import { shortest } from "./invoice/amount.ts";
import { CURRENCY_CODES, CURRENCY_SIGNS, decimalMark, numbersIn } from "./invoice/lines/number.ts";
import { datesIn, provenOrder } from "./invoice/lines/printed-date.ts";
import { unionBox } from "./page.ts";
import type { Box, Line, Page } from "./page.ts";
import { quoteFinder } from "./text-quote.ts";

/** Where a quote stands on a page, and what stands there. */
export interface Place {
  readonly page: number;
  /** Around the lines that hold it. */
  readonly box: Box;
  /** The page's own characters. */
  readonly text: string;
}

/** What a quote is of: numbers and dates are compared by what they say, however each is written; the rest by its letters and digits. */
export type ValueKind = "text" | "amount" | "date" | "currency" | "identifier";

export interface WhereWanted {
  /** Of several places the one next to this. */
  readonly near?: Pick<Place, "page" | "box"> | undefined;
  /** Of several places the last one, as totals stand below what they sum up. Default: the first. */
  readonly last?: boolean | undefined;
  /** Places that are evidence for something else already. */
  readonly taken?: readonly Place[] | undefined;
}

/** Pages, ready to be asked what stands where. */
export interface Grounds {
  readonly pages: readonly Page[];
  /** What a quote says: a canonical amount, an ISO 8601 date, an ISO 4217 code, an identifier without spaces, a text on one line. Undefined when it says no such thing. */
  valueOf(quote: string, kind: ValueKind): string | undefined;
  /** Where a quote, or another way to write it, stands. Undefined when it stands nowhere. */
  find(quote: string, kind: ValueKind, where?: WhereWanted): Place | undefined;
}

/** Makes pages ready for looking quotes up in them. */
export function groundsOf(pages: readonly Page[]): Grounds {
  const texts = pages.flatMap(({ lines }) => lines.map(({ text }) => text));
  const mark = decimalMark(texts);
  const order = provenOrder(texts) ?? "day-first";
  // Folding a book's text costs a second: only where someone asks.
  let folded: readonly Searchable[] | undefined;
  const searchable = (): readonly Searchable[] => (folded ??= pages.map(toSearchable));
  const places = new Map<ValueKind, ReadonlyMap<string, readonly Place[]>>();

  const read: Readonly<Record<ValueKind, (text: string, ocr: boolean) => readonly Reading[]>> = {
    amount: (text, ocr) => numbersIn(text, { mark, ocr }),
    date: (text, ocr) => datesIn(text, { order, ocr }),
    currency: currenciesIn,
    identifier: () => [],
    text: () => [],
  };

  function valueOf(quote: string, kind: ValueKind): string | undefined {
    const text = quote.replaceAll(/\s+/g, " ").trim();
    if (kind === "text") return text === "" ? undefined : text;
    if (kind === "identifier") return /[\p{L}\p{N}]/u.test(text) ? text.replaceAll(/\s+/g, "") : undefined;
    const values = read[kind](text, false);
    // Two numbers are no quote of one.
    return values.length === 1 ? values[0]?.value : undefined;
  }

  function find(quote: string, kind: ValueKind, where: WhereWanted = {}): Place | undefined {
    if (kind === "text" || kind === "identifier") {
      return (
        choose(
          searchable().flatMap((page) => textPlaces(page, quote)),
          where,
        ) ??
        choose(
          searchable().flatMap((page) => scatteredPlaces(page, quote)),
          where,
        )
      );
    }
    const value = valueOf(quote, kind);
    if (value === undefined) return undefined;
    return choose(printed(kind).get(kind === "amount" ? shortest(value) : value) ?? [], where);
  }

  /** All places of a kind by what they say. Read once: an invoice of a hundred lines asks for a thousand values. */
  function printed(kind: "amount" | "date" | "currency"): ReadonlyMap<string, readonly Place[]> {
    const known = places.get(kind);
    if (known !== undefined) return known;
    const found = new Map<string, Place[]>();
    for (const page of pages) {
      for (const line of page.lines) {
        for (const { value, from, to } of read[kind](line.text, page.source === "ocr")) {
          const key = kind === "amount" ? shortest(value) : value;
          const same = found.get(key) ?? [];
          found.set(key, same);
          same.push({ page: page.number, box: line.box, text: line.text.slice(from, to) });
        }
      }
    }
    places.set(kind, found);
    return found;
  }

  return { pages, valueOf, find };
}

interface Reading {
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

const CURRENCY = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:${CURRENCY_CODES.join("|")})(?![\p{L}])|${Object.keys(CURRENCY_SIGNS)
    .sort((a, b) => b.length - a.length)
    .map((sign) => sign.replaceAll(/[.$]/g, String.raw`\$&`))
    .map((sign) => (/^\p{L}+$/u.test(sign) ? String.raw`(?<!\p{L})${sign}(?!\p{L})` : sign))
    .join("|")}`,
  "gu",
);

/** Codes and signs of one currency each: a bare "$" is many. */
function currenciesIn(text: string): Reading[] {
  return [...text.matchAll(CURRENCY)].flatMap(({ 0: printed, index }) => {
    const value = Object.hasOwn(CURRENCY_SIGNS, printed) ? CURRENCY_SIGNS[printed] : printed;
    return value === undefined ? [] : [{ value, from: index, to: index + printed.length }];
  });
}

/** A page as one text, with the line each part of it comes from. */
interface Searchable {
  readonly page: Page;
  readonly text: string;
  /** Where in `text` each line begins. */
  readonly starts: readonly number[];
  /** Finders for the page's own characters and, where they were recognised, for what they may be. */
  readonly finders: readonly ((quote: string) => { readonly start: number; readonly end: number } | undefined)[];
}

function toSearchable(page: Page): Searchable {
  const starts: number[] = [];
  let text = "";
  for (const line of page.lines) {
    starts.push(text.length);
    text += `${line.text}\n`;
  }
  const exact = quoteFinder(text);
  if (page.source !== "ocr") return { page, text, starts, finders: [exact] };
  const loose = quoteFinder(unconfused(text));
  return { page, text, starts, finders: [exact, (quote) => loose(unconfused(quote))] };
}

/** Letters and digits that recognition takes for one another, as one letter each; no two digits become the same. */
const CONFUSED: Readonly<Record<string, string>> = {
  "0": "o", "1": "l", i: "l", "|": "l", "!": "l", "2": "z", "5": "s", "6": "g", "8": "b", "ß": "b", "3": "α", "4": "β", "7": "γ", "9": "δ",
}; // prettier-ignore

/** A text in which what recognition confuses is the same, accents too; as long as before, so that places in it are places in the text. */
function unconfused(text: string): string {
  return text.replaceAll(/[^\s]/g, (unit) => {
    const [base = unit] = unit.toLowerCase().normalize("NFD");
    return CONFUSED[base] ?? (base.length === unit.length ? base : unit);
  });
}

function textPlaces(searchable: Searchable, quote: string): Place[] {
  for (const find of searchable.finders) {
    const range = find(quote);
    if (range !== undefined) return [placeAt(searchable, range.start, range.end)];
  }
  return [];
}

/** Parts of an address stand below one another, with other columns between them: no further apart than this, in line heights. */
const NEXT_PART = 4;

/** The place of a quote of several parts ("Königstraße 112, 90762 Fürth"), each of which stands on the page, one below the other. */
function scatteredPlaces(searchable: Searchable, quote: string): Place[] {
  const parts = quote.split(/\n|,\s/).filter((part) => /[\p{L}\p{N}]/u.test(part));
  if (parts.length < 2) return [];
  const places = parts.map((part) => textPlaces(searchable, part)[0]);
  const found = places.filter((place) => place !== undefined);
  if (found.length < parts.length) return [];
  const boxes = found.map(({ box }) => box).sort((a, b) => a.y - b.y);
  const apart = boxes.some((box, index) => {
    const above = boxes[index - 1];
    return above !== undefined && box.y - (above.y + above.height) > NEXT_PART * Math.max(above.height, box.height);
  });
  const box = unionBox(boxes);
  return apart || box === undefined ? [] : [{ page: searchable.page.number, box, text: found.map(({ text }) => text).join(", ") }];
}

function placeAt({ page, text, starts }: Searchable, from: number, to: number): Place {
  const lines = page.lines.filter((line, index): line is Line => {
    const start = starts[index] ?? 0;
    return start < to && start + line.text.length > from;
  });
  const box = unionBox(lines.map((line) => line.box)) ?? { x: 0, y: 0, width: page.width, height: page.height };
  return { page: page.number, box, text: text.slice(from, to).replaceAll(/\s+/g, " ") };
}

function choose(places: readonly Place[], { near, last = false, taken = [] }: WhereWanted): Place | undefined {
  const free = places.filter((place) => !taken.some((other) => isSamePlace(place, other)));
  if (near === undefined) return last ? free.at(-1) : free[0];
  const away = ({ page, box }: Place): number =>
    Math.abs(page - near.page) * 1e6 + Math.abs(box.y + box.height / 2 - (near.box.y + near.box.height / 2));
  return free.toSorted((a, b) => away(a) - away(b))[0];
}

function isSamePlace(a: Place, b: Place): boolean {
  return a.page === b.page && a.text === b.text && a.box.x === b.box.x && a.box.y === b.box.y;
}
