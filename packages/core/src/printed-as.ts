import type { Grounds, Place, ValueKind, WhereWanted } from "./grounding.ts";
import { shortest } from "./invoice/amount.ts";
import { foldText } from "./page.ts";
import type { Box, Page } from "./page.ts";

export interface Printed {
  /** The page's own characters for the value; the value itself where the page has none that say just that, as where recognition misread it. */
  readonly text: string;
  readonly place: Place | undefined;
}

/** How a value that is known to be right is printed. */
export function printedAs(value: string, kind: ValueKind, grounds: Grounds, where: WhereWanted = {}): Printed {
  const place = grounds.find(value, kind, where);
  return { text: place !== undefined && says(place.text, value, kind, grounds) ? place.text : value, place };
}

function says(printed: string, value: string, kind: ValueKind, grounds: Grounds): boolean {
  switch (kind) {
    case "text":
      // Who says what is right says it as printed; only capitals are often let go. Recognition's dashes and stops are worse than theirs.
      return foldText(printed) === foldText(value) && letters(printed) !== letters(value);
    case "identifier":
      return foldText(printed) === foldText(value);
    case "amount": {
      const [read, right] = [grounds.valueOf(printed, kind), grounds.valueOf(value, kind)];
      return read !== undefined && right !== undefined && shortest(read) === shortest(right);
    }
    case "date":
    case "currency":
      return grounds.valueOf(printed, kind) === grounds.valueOf(value, kind);
  }
}

function letters(text: string): string {
  return text.normalize("NFKC").replaceAll(/[^\p{L}\p{N}]+/gu, "");
}

/**
 * Whether a question is about the part of a document that has this place: the prompt holds that part's text. What stands in no page's text can be seen in a picture alone, and a
 * question about a crop of a page has no text with it.
 */
export function standsIn(
  request: { readonly prompt: string; readonly images: readonly unknown[] },
  place: Place | undefined,
  pages: readonly Page[],
): boolean {
  if (place === undefined || !request.prompt.includes(FENCE)) return request.images.length > 0;
  const page = pages.find(({ number }) => number === place.page);
  // A text of several lines may have others between them in a prompt; each line is there in one piece.
  const lines = (page?.lines ?? []).filter(({ box }) => isInside(box, place.box)).map(({ text }) => foldText(text));
  const [longest = foldText(place.text)] = lines.toSorted((one, other) => other.length - one.length);
  return foldText(request.prompt).includes(longest);
}

function isInside(inner: Box, outer: Box): boolean {
  const [x, y] = [inner.x + inner.width / 2, inner.y + inner.height / 2];
  return x >= outer.x && x <= outer.x + outer.width && y >= outer.y && y <= outer.y + outer.height;
}

/** How the fence around a page's text begins (`fenced` in text-model.ts). */
const FENCE = "<<<TEXT-";
