import { distance } from "fastest-levenshtein";
import type { Invoice, InvoiceLine } from "../../packages/core/src/invoice/schema.ts";
import { fold } from "../ocr-metrics.ts";

/** How a value that was read is compared with the embedded XML, and whether the page shows the XML's value at all. */
export interface Field {
  readonly name: string;
  of(invoice: Invoice): string | undefined;
  isSame(read: string, truth: string): boolean;
  /** Whether the truth stands on the page, whose text this is: XML says more than pages do, and in a few samples another thing. */
  isShown(truth: string, text: string): boolean;
}

const sameText = (a: string, b: string): boolean => fold(a) === fold(b);
const sameAmount = (a: string, b: string): boolean => Number(a) === Number(b);

/** Companies are named with and without their legal form. */
const LEGAL_FORM =
  /[\s,]+(?:GmbH|AG|KG|OHG|UG|e\.K\.|SARL|SAS|SA|S\.A\.|Ltd\.?|plc|Inc\.?|B\.V\.|N\.V\.|S\.r\.l\.|S\.p\.A\.|S\.L\.|Lda\.?)$/i;

/** Some XML has numbers with their labels before the name: "GLN 4333741000005 Lief-Nr: 549910 MUSTERLIEFERANT GMBH". */
const NUMBERS_BEFORE = /^(?:[\p{L}.-]+\s?:?\s\d{5,}\s)+/u;

const bareName = (name: string): string => name.trim().replace(NUMBERS_BEFORE, "").replace(LEGAL_FORM, "");

/** Equal but for case, spaces, punctuation, a legal form at the end and numbers before the name. */
export function sameName(a: string, b: string): boolean {
  return sameText(a, b) || sameText(bareName(a), bareName(b));
}

const containsText = (truth: string, text: string): boolean => fold(text).includes(fold(truth));

/** All words of a name, anywhere on the page: a name may be printed on two lines. */
function containsWords(truth: string, text: string): boolean {
  const page = fold(text);
  return truth.split(/\s+/).every((word) => page.includes(fold(word)));
}

/** The amount with any marks: 1234.50 as "1.234,50", "1 234,5" or "1234.50". */
function containsAmount(truth: string, text: string): boolean {
  const cents = Number(truth).toFixed(2).replace(/[^\d]/g, "");
  const forms = new Set([
    cents,
    ...(cents.endsWith("00") ? [cents.slice(0, -2)] : []),
    ...(cents.endsWith("0") ? [cents.slice(0, -1)] : []),
  ]);
  return [...text.matchAll(/\d[\d.,' \u00a0\u202f]*/g)].some(([printed]) =>
    [printed, ...printed.split(/[ \u00a0\u202f]/)].some((each) => forms.has(each.replace(/[^\d]/g, "").replace(/^0+(?=\d{3})/, ""))),
  );
}

const LOCALES = ["en", "de", "fr", "es", "it", "nl", "pt"];

/** The date in digits in any order, or with the month's name in one of seven languages. */
function containsDate(truth: string, text: string): boolean {
  const [year = "", month = "", day = ""] = truth.split("-");
  const [m, d, y] = [String(Number(month)), String(Number(day)), year.slice(2)];
  const numeric = [
    [year, month, day],
    [day, month, year],
    [month, day, year],
    [d, m, year],
    [m, d, year],
    [day, month, y],
  ].flatMap((parts) => [".", "/", "-", ". "].map((mark) => parts.join(mark)));
  const utc = new Date(`${truth}T00:00:00Z`);
  const named = LOCALES.flatMap((locale) =>
    (["long", "short"] as const).flatMap((style) => {
      const name = new Intl.DateTimeFormat(locale, { month: style, timeZone: "UTC" }).format(utc);
      return [`${d}${name}${year}`, `${day}${name}${year}`, `${name}${d}${year}`].map(fold);
    }),
  );
  return numeric.some((form) => text.includes(form)) || named.some((form) => fold(text).includes(form));
}

const SIGNS: Readonly<Record<string, readonly string[]>> = { EUR: ["€", "EUR"], USD: ["$", "USD"], GBP: ["£", "GBP"] };

export const FIELDS: readonly Field[] = [
  { name: "number", of: ({ number }) => number, isSame: sameText, isShown: containsText },
  { name: "issue date", of: ({ issue_date: date }) => date, isSame: (a, b) => a === b, isShown: containsDate },
  {
    name: "currency",
    of: ({ currency }) => currency,
    isSame: (a, b) => a === b,
    isShown: (truth, text) => (SIGNS[truth] ?? [truth]).some((sign) => text.includes(sign)),
  },
  { name: "seller name", of: ({ seller }) => seller?.name, isSame: sameName, isShown: containsWords },
  { name: "seller VAT id", of: ({ seller }) => seller?.vat_id, isSame: sameText, isShown: containsText },
  { name: "net", of: ({ totals }) => totals?.net, isSame: sameAmount, isShown: containsAmount },
  { name: "tax", of: ({ totals }) => totals?.tax, isSame: sameAmount, isShown: containsAmount },
  { name: "gross", of: ({ totals }) => totals?.gross, isSame: sameAmount, isShown: containsAmount },
];

/** Share of equal characters from which on two names are one: OCR may have one letter in five wrong. */
const ALIKE = 0.8;

function alike(a: string, b: string): boolean {
  const [short, long] = [fold(a), fold(b)].sort((x, y) => x.length - y.length) as [string, string];
  if (short === "") return false;
  return long.includes(short) || 1 - distance(short, long) / long.length >= ALIKE;
}

/** Lines of the truth that the page shows: the name's words and the net amount. */
export function shownLines(truth: Invoice, text: string): readonly InvoiceLine[] {
  return (truth.lines ?? []).filter(
    ({ description, net_amount: net, line_status: status }) =>
      status === undefined &&
      description !== undefined &&
      net !== undefined &&
      containsWords(description, text) &&
      containsAmount(net, text),
  );
}

/** How many lines were read right, matched one to one on the net amount and the name (one may hold more of a wrapped name than the other). */
export function matchedLines(read: readonly InvoiceLine[], truth: readonly InvoiceLine[]): number {
  const left = [...read];
  let matched = 0;
  for (const { net_amount: net = "", description = "" } of truth) {
    const at = left.findIndex(
      (line) => line.net_amount !== undefined && sameAmount(line.net_amount, net) && alike(line.description ?? "", description),
    );
    if (at === -1) continue;
    left.splice(at, 1);
    matched += 1;
  }
  return matched;
}
