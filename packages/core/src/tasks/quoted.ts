import * as z from "zod";
import { LONGEST_TEXT } from "../text-model.ts";
import { quoteFinder } from "../text-quote.ts";

/** The shapes and words that tasks about texts share. */

export const textInput = z.string().min(1).max(LONGEST_TEXT).describe("The text itself");

export const textLanguageInput = z.string().min(2).max(40);

export const quoteFields = {
  quote: z.string().describe("Words of the text, as it has them"),
  found: z.boolean().describe("False: these words do not stand in the text"),
  start: z.number().int().min(0).optional().describe("Where the quote begins in the text, in characters (UTF-16 units) from 0"),
  end: z.number().int().min(0).optional().describe("The first character after it"),
};

export interface Quoted {
  quote: string;
  found: boolean;
  start?: number | undefined;
  end?: number | undefined;
}

/** Looks quotes up in `text`. */
export function quoteChecker(text: string): (quote: string) => Quoted {
  const find = quoteFinder(text);
  return (quote) => {
    const range = find(quote);
    return range === undefined
      ? { quote: quote.trim(), found: false }
      : { quote: text.slice(range.start, range.end), found: true, ...range };
  };
}

/** One sentence when quotes are not in the text. */
export function quoteWarnings(quotes: readonly Quoted[]): string[] {
  const missing = quotes.filter((quote) => !quote.found).length;
  return missing === 0 ? [] : [`${missing} of ${quotes.length} quotes in this answer were not found in the text: treat them with care.`];
}

/** A quote as evidence, on one line. */
export function quoteLine({ quote, found, start, end }: Quoted): string {
  const words = quote.replaceAll(/\s+/g, " ");
  return found ? `"${words}": characters ${start} to ${end}` : `[Not found in the text: "${words}"]`;
}
