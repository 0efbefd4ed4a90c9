import { fold } from "./fold.ts";
import { LANGUAGES } from "./words/index.ts";

const STREETS = LANGUAGES.flatMap(({ streets }) => streets);
const WHOLE = new Set(STREETS.filter((word) => !word.startsWith("-")).map(fold));
const ENDINGS = STREETS.filter((word) => word.startsWith("-")).map(fold);

/** Post code and town: "80333 München", "DE 80333 München", "SW1B 3BN London", "1012 AB Amsterdam", "47400 PETALING JAYA". */
const POST_CODE =
  /(?:^|[\s,|•·-])(?:[A-Z]{1,3}[- ])?(?:\d{4,6}|\d{2}-\d{3}|\d{3}\s\d{2}|\d{4}-\d{3}|\d{4}\s?[A-Z]{2})[\s,-]{0,2}(?=\p{L}{2})|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b|\b[A-Z]{2}\s\d{5}(?:-\d{4})?\b/u;

/** Whether a line holds a post code and a town. */
export function hasPostCode(text: string): boolean {
  return POST_CODE.test(text);
}

/** Whether a line reads like a part of an address: a post code, or a word of streets with something beside it. */
export function isAddressLine(text: string): boolean {
  if (hasPostCode(text)) return true;
  const words = text.split(/[\s,./()]+/).filter((word) => word !== "");
  const street = words.some((word) => {
    const folded = fold(word);
    return WHOLE.has(folded) || (folded.length > 4 && ENDINGS.some((ending) => folded.endsWith(ending)));
  });
  return street && words.length > 1 && (/\d/.test(text) || words.length > 2);
}

/** A street with its number: "Lieferantenstraße 20", "153 Victoria Street". */
export function isStreetLine(text: string): boolean {
  return /^\p{L}[\p{L}\s.'’-]{2,}\s\d{1,4}\s?[a-zA-Z]?(?:\s?[-/]\s?\d+\s?[a-zA-Z]?)?$/u.test(text) || /^\d{1,5}[a-z]?,?\s\p{L}/u.test(text);
}

/** The lines of an address as one text, joined by a comma and a space; commas that end a line are not doubled. */
export function joinAddress(lines: readonly string[]): string {
  return lines.map((line) => line.replace(/[\s,;]+$/, "").trim()).join(", ");
}
