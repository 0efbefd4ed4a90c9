/** Calendar dates as ISO 8601 strings. No clock and no time zone: a date on paper is a date. */

/** Outside these years a number on an invoice is not its date. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** "2026-02-28"; undefined for a day that the calendar does not have, and for years before 1900 or after 2199. */
export function isoDate(year: number, month: number, day: number): string | undefined {
  if (!Number.isInteger(year) || year < FIRST_YEAR || year > LAST_YEAR) return undefined;
  if (!Number.isInteger(day) || day < 1 || day > daysIn(year, month)) return undefined;
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** Days of a month (1 to 12) in the Gregorian calendar; 0 where there is no such month. */
function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && leap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
}

/** The day of an XML Schema date or dateTime ("2026-11-24", "2026-11-24Z", "2026-11-24T10:00:00+01:00"), as written; undefined when it is none. */
export function parseIsoDate(text: string): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+)?(?:Z|[+-]\d{2}:\d{2})?$/.exec(text.trim());
  return match === null ? undefined : isoDate(Number(match[1]), Number(match[2]), Number(match[3]));
}

/**
 * The day that a UN/EDIFACT 2379 format names, as CII writes dates: 102 is CCYYMMDD, 203 CCYYMMDDHHMM, 204 CCYYMMDDHHMMSS. Undefined for other
 * formats (a month or a week is no day) and for days that are none.
 */
export function parseEdifactDate(text: string, format = "102"): string | undefined {
  const digits = { "102": 8, "203": 12, "204": 14 }[format];
  const trimmed = text.trim();
  if (digits === undefined || trimmed.length !== digits || !/^\d+$/.test(trimmed)) return undefined;
  return isoDate(Number(trimmed.slice(0, 4)), Number(trimmed.slice(4, 6)), Number(trimmed.slice(6, 8)));
}

/** Below, at or above zero as `a` lies before, on or after `b`; both ISO dates. */
export function compareDates(a: string, b: string): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}
