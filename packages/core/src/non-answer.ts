import { BARE_REFUSALS, PLEASANTRY, REFUSALS } from "./refusal-phrases.ts";

/**
 * Tells an answer that is none ("I can't view images") from a description in which such words occur. What gives a non-answer away is that
 * it speaks of the answerer, about pictures as such, at the start, and outside quotation marks.
 */

/** How many sentences from the start are looked at. */
const SENTENCES = 3;

/** In characters. */
const LONGEST_BARE_REFUSAL = 120;

/** True when the text says that its author cannot or will not look at the picture, in place of an answer. */
export function isNonAnswer(text: string): boolean {
  const words = withoutQuotations(
    text
      .replaceAll(/[’‘ʼ]/g, "'")
      .replaceAll(/[*_#>`]+/g, " ")
      .replaceAll(/\s+/g, " ")
      .trim(),
  );
  if (words.length < LONGEST_BARE_REFUSAL && BARE_REFUSALS.some((refusal) => refusal.test(words))) return true;
  for (const sentence of words.split(/(?<=[.!?])\s+|(?<=[。！？])/).slice(0, SENTENCES)) {
    const part = sentence.trim();
    if (part === "") continue;
    const refused = REFUSALS.some((refusal) => {
      const found = refusal.exec(part);
      // "The note on the fridge reads I cannot see pictures": someone else speaks. Only politeness may come first.
      return found !== null && (found.index === 0 || PLEASANTRY.test(part));
    });
    if (refused) return true;
    if (!PLEASANTRY.test(part)) return false;
  }
  return false;
}

/** What stands in quotation marks is read from the picture. Single quotes count only where they cannot be apostrophes. */
function withoutQuotations(text: string): string {
  return text.replaceAll(/"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|「[^」]*」|(?<=^|[\s(:])'[^']*(?:'\w[^']*)*'(?=$|[\s).,!?;:])/g, " … ");
}
