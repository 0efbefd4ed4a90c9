import { canonicalAmount } from "../amount.ts";

/** Which character stands before the decimals on a page. */
export type DecimalMark = "." | ",";

/** A number as it stands in a text. */
export interface PrintedNumber {
  /** Canonical decimal string: "-1234.50". */
  readonly value: string;
  /** Where it stands, currency, sign and percent sign included. */
  readonly from: number;
  readonly to: number;
  /** Digits printed after the decimal mark. */
  readonly decimals: number;
  readonly percent: boolean;
  /** Currency sign or code printed at it. */
  readonly currency?: string;
}

export interface NumberOptions {
  /** Of the page's majority; decides what "1.234" is. */
  readonly mark: DecimalMark;
  /** Recognised, not read: O for 0, l for 1, S for 5, B for 8 and a space around the mark are tolerated. */
  readonly ocr: boolean;
}

/** Signs and codes that are printed at amounts, and their ISO 4217 code where it is only one. */
export const CURRENCY_SIGNS: Readonly<Record<string, string | undefined>> = {
  "€": "EUR",
  "£": "GBP",
  "¥": undefined,
  "￥": undefined,
  $: undefined,
  US$: "USD",
  S$: "SGD",
  A$: "AUD",
  C$: "CAD",
  HK$: "HKD",
  NT$: "TWD",
  R$: "BRL",
  "₹": "INR",
  "₩": "KRW",
  "₺": "TRY",
  "₽": "RUB",
  "฿": "THB",
  zł: "PLN",
  Kč: "CZK",
  RM: "MYR",
  "Fr.": "CHF",
  SFr: "CHF",
  EURO: "EUR",
  Euro: "EUR",
};

/** ISO 4217 codes that are looked for in running text. */
export const CURRENCY_CODES = [
  "EUR", "USD", "GBP", "CHF", "MYR", "SGD", "CNY", "HKD", "TWD", "JPY", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "INR", "BRL", "MXN", "ZAR", "TRY", "THB", "IDR", "PHP", "KRW", "AED", "SAR", "ILS", "ARS", "CLP", "COP", "PEN", "RUB", "UAH", "MAD", "EGP", "NGN", "KES", "VND",
] as const; // prettier-ignore

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const CURRENCY = [...Object.keys(CURRENCY_SIGNS).sort((a, b) => b.length - a.length), ...CURRENCY_CODES].map(escape).join("|");
/** A grouping space is a narrow or no-break one, or a plain one before three digits. */
const GROUP = String.raw`[.,'’\u00a0\u202f ]`;
const DIGITS = String.raw`\d{1,3}(?:${GROUP}\d{3})+(?:[.,]\d{1,4})?(?!\d)|\d+(?:[.,]\d{1,6})?|[.,]\d{2}`;
const LOOSE_DIGITS = String.raw`\d{1,3}(?: ?[.,] ?\d{3})+ ?[.,] ?\d{2}(?!\d)|\d+ [.,] ?\d{2}(?!\d)|\d+[.,] \d{2}(?!\d)|${DIGITS}`;
const MINUS = String.raw`[-−–]`;
/** Never a tab: what stands behind one is another cell. */
const SPACE = "[ \\u00a0\\u202f]";

function pattern(digits: string): RegExp {
  return new RegExp(
    String.raw`(?<before>${MINUS}${SPACE}?)?(?<open>\()?(?<sign>(?:${CURRENCY})${SPACE}?)?(?<minus>[-−–+]${SPACE}?)?(?<digits>${digits})(?<dash>[.,][-–—]{1,2})?(?<after>${MINUS}(?![\d\p{L}]))?(?:(?<percent>${SPACE}?%)|(?<code>${SPACE}?(?:${CURRENCY})(?![\p{L}\d])))?(?<close>\))?`,
    "gu",
  );
}

const STRICT = pattern(DIGITS);
const LOOSE = pattern(LOOSE_DIGITS);

/** Amounts, rates and quantities in a text, left to right. What belongs to a code, a date or a time is none. */
export function numbersIn(text: string, { mark, ocr }: NumberOptions): PrintedNumber[] {
  const readable = ocr ? mendDigits(text) : text;
  const found: PrintedNumber[] = [];
  for (const match of readable.matchAll(ocr ? LOOSE : STRICT)) {
    const number = readMatch(readable, match, mark);
    if (number !== undefined) found.push(number);
  }
  return found;
}

function readMatch(text: string, match: RegExpExecArray, mark: DecimalMark): PrintedNumber | undefined {
  const { before = "", open, sign = "", minus = "", digits = "", dash, after, percent, code = "", close } = match.groups ?? {};
  let from = match.index;
  let to = from + match[0].length;
  const lead = text.slice(0, from + before.length + (open ?? "").length);
  const isSigned = /[-−–]/.test(before) && isFree(text.slice(0, from));
  if (sign === "" && !isFree(lead) && !(before !== "" && isFree(text.slice(0, from)))) return undefined;
  if (sign !== "" && /[\p{L}\p{N}]$/u.test(lead) && /^\p{L}/u.test(sign)) return undefined;
  const rest = text.slice(to);
  // A mark or a colon that goes on with digits is a date, a time, a version.
  if (/^[.,:/\d]\d/.test(rest) || /^\d/.test(rest) || /^[-/]\d/.test(rest) || /^[-−]\p{L}/u.test(rest) || /^\/[\p{L}\d]/u.test(rest))
    return undefined;
  const { value, decimals } = readDigits(digits, mark, dash !== undefined);
  // Letters stuck to whole digits are a code ("12A"); to decimals they are a tax code ("9.80SR") or a unit.
  if (/^\p{L}/u.test(rest) && decimals < 2 && percent === undefined && code === "") return undefined;
  const closes = open !== undefined && close !== undefined;
  if (open !== undefined && !closes) from += before.length + open.length;
  if (open === undefined && close !== undefined) to -= close.length;
  const negative = isSigned || /[-−–]/.test(minus) || after !== undefined || (closes && decimals === 2 && percent === undefined);
  const canonical = value === undefined ? undefined : canonicalAmount(`${negative ? "-" : ""}${value}`);
  if (canonical === undefined) return undefined;
  const currency = (sign || code).trim();
  const trimmed = match[0].slice(from - match.index, to - match.index);
  from += trimmed.length - trimmed.trimStart().length;
  to = from + trimmed.trim().length;
  return { value: canonical, from, to, decimals, percent: percent !== undefined, ...(currency === "" ? {} : { currency }) };
}

/** Whether a number may begin after `lead`. */
function isFree(lead: string): boolean {
  return !/(?:[\p{L}\p{N}#°_]|[\p{L}\d][-−–./,:'’]|[./])$/u.test(lead);
}

/** What the digits say: "1.234,56" and "1,234.56" explain themselves; of "1.234" the page's mark decides. */
function readDigits(digits: string, mark: DecimalMark, dashed: boolean): { value: string | undefined; decimals: number } {
  const plain = digits.replaceAll(/[\s'’]/g, "");
  const marks = [...plain.matchAll(/[.,]/g)];
  const last = marks.at(-1);
  const whole = (): { value: string; decimals: number } => ({ value: plain.replaceAll(/[.,]/g, ""), decimals: dashed ? 2 : 0 });
  if (last === undefined || dashed) return whole();
  const tail = plain.length - last.index - 1;
  const kinds = new Set(marks.map(([char]) => char));
  const decimal = (): { value: string; decimals: number } => ({
    value: `${plain.slice(0, last.index).replaceAll(/[.,]/g, "")}.${plain.slice(last.index + 1)}`,
    decimals: tail,
  });
  if (kinds.size === 2) return marks.filter(([char]) => char === last[0]).length === 1 ? decimal() : { value: undefined, decimals: 0 };
  if (marks.length > 1) return tail === 3 ? whole() : tail === 2 ? decimal() : { value: undefined, decimals: 0 };
  if (tail !== 3 || plain.startsWith("0")) return decimal();
  return last[0] === mark ? decimal() : whole();
}

/** Letters and marks that a recogniser takes for digits and the decimal mark, turned back inside what otherwise is an amount. The length stays. */
function mendDigits(text: string): string {
  return text
    .replaceAll(
      /(?<![\p{L}\p{N}]|[\p{L}\p{N}][.,])(?<sign>RM|\$|€|£)?(?:[\dOoIlSB|]*\d[\dOoIlSB|]*[.,] ?[\dOoIlSB|]{2}|[OoIlSBDQ|]{1,2}[.,]\d[\dO])(?![\p{L}\p{N}])/gu,
      (amount, sign: string | undefined) =>
        (sign ?? "") + amount.slice((sign ?? "").length).replaceAll(/[OoIlSBDQ|]/g, (char) => DIGIT_OF[char] ?? char),
    )
    .replaceAll(/(?<=^|\t|\t(?:RM|\$|€|£) ?)\d{1,5}-\d{2}(?=$|\t)/gu, (amount) => amount.replace("-", "."));
}

const DIGIT_OF: Readonly<Record<string, string>> = { O: "0", o: "0", D: "0", Q: "0", I: "1", l: "1", "|": "1", S: "5", B: "8" };

/** The page's own mark: what stands before exactly two last digits most often. A dot where nothing speaks. */
export function decimalMark(texts: readonly string[]): DecimalMark {
  let commas = 0;
  let dots = 0;
  for (const text of texts) {
    for (const { 1: sign } of text.matchAll(/(?<![\d.,])\d{1,3}(?:[.,'’ ]?\d{3})*([.,])\d{2}(?![\d.,/-]|\s?[./]\d)/g)) {
      if (sign === ",") commas += 1;
      else dots += 1;
    }
  }
  return commas > dots ? "," : ".";
}
