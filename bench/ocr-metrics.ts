import { distance } from "fastest-levenshtein";

/** How well a page was read. Definitions as in the ICDAR tasks the receipts come from; property-tested in test/ocr-metrics.test.ts. */

/** Letters and digits alone, case and compatibility forms folded: spaces and punctuation are ignored. */
export const fold = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");

/** Levenshtein distance over the length of the truth; runs of white space count as one. */
export function characterErrorRate(read: string, truth: string): number {
  const wanted = squeeze(truth);
  return wanted === "" ? Number(squeeze(read) !== "") : distance(squeeze(read), wanted) / wanted.length;
}

const squeeze = (text: string): string =>
  text
    .replace(/[ \t]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .trim();

/** Digits that were added, lost or changed. */
export const wrongDigits = (read: string, truth: string): number => distance(read.replace(/[^0-9]/g, ""), truth.replace(/[^0-9]/g, ""));

/** Whether `wanted` stands anywhere in `read`, spaces, punctuation and case ignored. */
export const isPresent = (read: string, wanted: string): boolean => fold(read).includes(fold(wanted));

/** How many of the truth's lines stand in `read`; lines without a letter or digit do not count. */
export function linesFound(read: string, truth: readonly string[]): { readonly found: number; readonly of: number } {
  const text = fold(read);
  const wanted = truth.map(fold).filter((line) => line !== "");
  return { found: wanted.filter((line) => text.includes(line)).length, of: wanted.length };
}
