import { isoDate } from "../date.ts";
import { fold } from "./fold.ts";
import { LANGUAGES } from "./words/index.ts";

/** Whether the day or the month comes first where both are digits. */
export type DateOrder = "day-first" | "month-first";

export interface PrintedDate {
  /** ISO 8601. */
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

/** Month by its folded name in any of the languages. */
const MONTHS = new Map(
  LANGUAGES.flatMap(({ months }) => months.flatMap((names, index) => names.map((name): [string, number] => [fold(name), index + 1]))),
);

const SEPARATED =
  /(?<![\d.,/-])(?<!\p{L}(?!\d{2}[./-]\d{2}[./-]))(\d{1,2})(?:\s?([./-])\s?(\d{1,2})\s?\2\s?|\s(\d{1,2})\s)(\d{4}|\d{2})(?!\d|[.:]\d|[,/-](?!\d{1,2}[:.]\d{2})\d)/gu;
const YEAR_FIRST = /(?<![\d.,/-])(\d{4})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d|[./-]\d)/g;
/** A recogniser loses one of the marks or takes it for another: "28/022018", "2802/2018", "28/0212018", "28:02:2018". */
const HALF_SEPARATED = /(?<!\d)(\d{2})(?:[/.:-](\d{2})[1:]?|1?(\d{2})[/.-])(20\d{2})(?!\d)/gu;
/** A recogniser loses the space before a time, and the one after another number: "25/01/20181:22", "12-01-1921:13", "000105/01/2018". */
const GLUED =
  /(?:(?<!\d)\d{1,2}|(?<=\d)\d{2})([/.-])\d{1,2}\1(?:20\d{2}|\d{2})(?=\d{1,3}[:.]\d{2}|\d{4,6}[AP]M)|(?<=\d)\d{2}([/-])\d{2}\2(?:20\d{2})(?!\d)/gu;
const GLUED_YEAR_FIRST = /(?<!\d)20\d{2}([/.-])\d{2}\1\d{2}(?=\d{1,2}[:.]\d{2})/gu;
const CHINESE = /(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日/g;
const DAY_NAME_YEAR =
  /(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|°)?[\s.,/-]{0,3}(?:de\s|of\s)?\s?(\p{L}{3,10})[\s.,'’/-]{0,3}(?:de\s|del\s)?(20\d{2}(?=\d{1,2}:\d{2})|\d{4}(?!\d)|\d{2}(?!\d))(?![.,]\d|:\d)/gu;
const NAME_DAY_YEAR = /(?<!\p{L})(\p{L}{3,10})[\s.]{0,2}(\d{1,2})(?:st|nd|rd|th)?[\s,.]{1,3}(\d{4})(?!\d)/gu;

/** Dates in a text, left to right. A day that the calendar does not have is none. */
export function datesIn(text: string, { order, ocr = false }: { readonly order: DateOrder; readonly ocr?: boolean }): PrintedDate[] {
  const readable = ocr ? mendDigits(text) : text;
  const found: PrintedDate[] = [];
  const add = (match: RegExpMatchArray, value: string | undefined): void => {
    const from = match.index ?? 0;
    const to = from + match[0].length;
    if (value !== undefined && !found.some((other) => from < other.to && other.from < to)) found.push({ value, from, to });
  };
  if (ocr) {
    for (const match of readable.matchAll(GLUED_YEAR_FIRST)) add(match, isoDate(...partsOf(match[0], [0, 1, 2])));
    for (const match of readable.matchAll(HALF_SEPARATED)) {
      const [, first = "", second, other = "", year = ""] = match;
      const [day, month] = order === "day-first" ? [first, second ?? other] : [second ?? other, first];
      add(match, isoDate(Number(year), Number(month), Number(day)));
    }
    for (const match of readable.matchAll(GLUED)) add(match, isoDate(...partsOf(match[0], order === "day-first" ? [2, 1, 0] : [2, 0, 1])));
  }
  for (const match of readable.matchAll(CHINESE)) add(match, isoDate(Number(match[1]), Number(match[2]), Number(match[3])));
  for (const match of readable.matchAll(YEAR_FIRST)) add(match, isoDate(Number(match[1]), Number(match[3]), Number(match[4])));
  for (const match of readable.matchAll(SEPARATED)) {
    const { first, separator, second, year } = separated(match);
    // "12 05 18" may be anything; with a four-digit year it is a date.
    if (separator === "" && year.length < 4) continue;
    const dayFirst = separator === "." || order === "day-first";
    const read = (day: string, month: string): string | undefined => isoDate(fullYear(year), Number(month), Number(day));
    // What the one order does not allow the other may: 11/17/2017 is nothing but November.
    add(match, dayFirst ? (read(first, second) ?? read(second, first)) : (read(second, first) ?? read(first, second)));
  }
  for (const match of readable.matchAll(DAY_NAME_YEAR)) add(match, named(match[1], match[2], match[3]));
  for (const match of readable.matchAll(NAME_DAY_YEAR)) add(match, named(match[2], match[1], match[3]));
  return found.sort((a, b) => a.from - b.from);
}

/** Year, month and day of a date in digits, by where each stands. */
function partsOf(date: string, [year, month, day]: readonly [number, number, number]): [number, number, number] {
  const parts = date.split(/[/.-]/);
  return [fullYear(parts[year] ?? ""), Number(parts[month]), Number(parts[day])];
}

/** The parts of a match of `SEPARATED`; the separator is empty for spaces. */
function separated([, first = "", separator = "", second, spaced = "", year = ""]: RegExpExecArray): Readonly<
  Record<"first" | "separator" | "second" | "year", string>
> {
  return { first, separator, second: second ?? spaced, year };
}

function named(day = "", name = "", year = ""): string | undefined {
  const month = MONTHS.get(fold(name));
  return month === undefined ? undefined : isoDate(fullYear(year), month, Number(day));
}

/** Two digits are of this century: paper older than that is no invoice that anyone reads. */
function fullYear(year: string): number {
  return year.length === 2 ? 2000 + Number(year) : Number(year);
}

/** The order that the dates themselves prove: a second part above 12 is a day. Undefined when none does, or they disagree. */
export function provenOrder(texts: readonly string[]): DateOrder | undefined {
  let dayFirst = 0;
  let monthFirst = 0;
  for (const text of texts) {
    for (const match of text.matchAll(SEPARATED)) {
      const { first, separator, second, year } = separated(match);
      // Full stops are day first everywhere; spaces part telephone numbers too.
      if (separator === "." || separator === "") continue;
      const isDayFirst = isoDate(fullYear(year), Number(second), Number(first)) !== undefined;
      const isMonthFirst = isoDate(fullYear(year), Number(first), Number(second)) !== undefined;
      if (isDayFirst && !isMonthFirst) dayFirst += 1;
      if (isMonthFirst && !isDayFirst) monthFirst += 1;
    }
  }
  if (dayFirst === monthFirst) return undefined;
  return dayFirst > monthFirst ? "day-first" : "month-first";
}

const DIGIT_OF: Readonly<Record<string, string>> = { O: "0", o: "0", I: "1", l: "1", "|": "1", S: "5", B: "8" };

/** Letters inside what otherwise is a date of digits, turned back; the length stays. */
function mendDigits(text: string): string {
  return text.replaceAll(/(?<![\p{L}\p{N}])[\dOoIl|SB]{1,2}([./-])[\dOoIl|SB]{1,2}\1[\dOoIl|SB]{2,4}(?![\p{L}\p{N}])/gu, (date) =>
    /\d/.test(date) ? date.replaceAll(/[OoIl|SB]/g, (char) => DIGIT_OF[char] ?? char) : date,
  );
}
