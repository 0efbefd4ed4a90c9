import type { Grounds, Place, ValueKind, WhereWanted } from "./grounding.ts";
import { shortest } from "./invoice/amount.ts";
import { foldText } from "./page.ts";

export interface Printed {
  /** The page's own characters for the value; the value itself where the page has none that say just that, as where recognition misread it. */
  readonly text: string;
  readonly place: Place | undefined;
}

/** How a value that is known to be right is printed. */
export function printedAs(value: string, kind: ValueKind, grounds: Grounds, where: WhereWanted = {}): Printed {
  const place = grounds.find(value, kind, where);
  const said = (text: string): string | undefined => {
    if (kind === "text" || kind === "identifier") return foldText(text);
    const read = grounds.valueOf(text, kind);
    return read !== undefined && kind === "amount" ? shortest(read) : read;
  };
  const saysJustThat = place !== undefined && said(place.text) === said(value);
  return { text: saysJustThat ? place.text : value, place };
}

/**
 * Whether a question is about the part of a document that has this place: the prompt holds that part's text. What stands in no page's text can be seen in a picture alone, and a
 * question about a crop of a page has no text with it.
 */
export function standsIn(request: { readonly prompt: string; readonly images: readonly unknown[] }, place: Place | undefined): boolean {
  if (place === undefined || !request.prompt.includes(FENCE)) return request.images.length > 0;
  return foldText(request.prompt).includes(foldText(place.text));
}

/** How the fence around a page's text begins (`fenced` in text-model.ts). */
const FENCE = "<<<TEXT-";
