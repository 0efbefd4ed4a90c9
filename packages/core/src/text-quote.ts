/** Where a quote stands in a text, in UTF-16 units as JavaScript's `slice` counts them; `end` is the first after it. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Scripts that write words without a space between them: any two characters of theirs may be a word's end. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * Looks quotes up in one text. Case, white space, punctuation and the way a character is composed are ignored, as in `page.ts`; a word is not found inside
 * another word, nor an amount inside another one: "5.00" and "234.50" are no evidence for "15.00" and "1,234.50". The first place is taken.
 */
export function quoteFinder(text: string): (quote: string) => TextRange | undefined {
  const { folded, starts, ends } = fold(text);
  return (quote) => {
    const wanted = fold(quote).folded;
    if (wanted === "") return undefined;
    for (let at = folded.indexOf(wanted); at !== -1; at = folded.indexOf(wanted, at + 1)) {
      const last = at + wanted.length - 1;
      const start = starts[at] ?? 0;
      const end = ends[last] ?? 0;
      // A character may fold to several ("ﬁ"): a match begins and ends with whole ones.
      const whole = starts[at - 1] !== start && ends[last + 1] !== end;
      if (whole && isEdge(text, ends[at - 1], start) && isEdge(text, end, starts[last + 1])) return { start, end };
    }
    return undefined;
  };
}

/** Whether a word may begin or end between two characters that count, the one before ending at `left`, the one after beginning at `right`. */
function isEdge(text: string, left: number | undefined, right: number | undefined): boolean {
  if (left === undefined || right === undefined) return true;
  const before = characterBefore(text, left);
  const after = String.fromCodePoint(text.codePointAt(right) ?? 0);
  const digits = isDigit(before) && isDigit(after);
  if (left !== right) return !(digits && /^[.,:'’]$/.test(text.slice(left, right)));
  return isDigit(before) !== isDigit(after) || UNSPACED.test(before) || UNSPACED.test(after);
}

function characterBefore(text: string, at: number): string {
  const one = text.slice(at - 1, at);
  return /[\uDC00-\uDFFF]/.test(one) ? text.slice(at - 2, at) : one;
}

function isDigit(character: string): boolean {
  return /\p{N}/u.test(character);
}

/** Letters and digits alone, folded, and where in the text each unit of the result begins and ends. */
function fold(text: string): { folded: string; starts: Uint32Array; ends: Uint32Array } {
  const pieces: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  // A base character with its marks, so that "é" is the same however it is written.
  for (const { 0: cluster, index } of text.matchAll(/[\p{L}\p{N}]\p{M}*/gu)) {
    const piece = cluster
      .normalize("NFKC")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, "");
    pieces.push(piece);
    for (let unit = 0; unit < piece.length; unit++) {
      starts.push(index);
      ends.push(index + cluster.length);
    }
  }
  return { folded: pieces.join(""), starts: Uint32Array.from(starts), ends: Uint32Array.from(ends) };
}
