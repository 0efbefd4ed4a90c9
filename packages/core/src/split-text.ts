import { tokenWeight, WEIGHT_OF_TOKEN } from "./tokens.ts";

/** Where a text may be cut, the best place first. */
const CUTS: readonly ((text: string) => string[])[] = [
  (text) => text.split(/(?<=\n[^\S\n]*\n)(?!\s)/),
  (text) => segments(text, "sentence"),
  (text) => segments(text, "word"),
  (text) => segments(text, "grapheme"),
  (text) => [...text],
];

/**
 * A text in parts of at most `maxTokens` (an estimate): cut between paragraphs; within one that is too long between sentences, then words, then
 * characters. The parts joined are the text.
 */
export function splitText(text: string, maxTokens: number): string[] {
  return split(text, maxTokens * WEIGHT_OF_TOKEN, 0);
}

function split(text: string, most: number, level: number): string[] {
  const cut = CUTS[level];
  if (cut === undefined || tokenWeight(text) <= most) return [text];
  const parts: string[] = [];
  let part = "";
  let weight = 0;
  const end = (): void => {
    if (part !== "") parts.push(part);
    part = "";
    weight = 0;
  };
  for (const piece of cut(text)) {
    const more = tokenWeight(piece);
    if (weight + more > most) end();
    if (more <= most) {
      part += piece;
      weight += more;
      continue;
    }
    // Its last piece may have room for what follows.
    const pieces = split(piece, most, level + 1);
    part = pieces.pop() ?? "";
    weight = tokenWeight(part);
    parts.push(...pieces);
  }
  end();
  return parts;
}

function segments(text: string, granularity: "sentence" | "word" | "grapheme"): string[] {
  return Array.from(new Intl.Segmenter(undefined, { granularity }).segment(text), ({ segment }) => segment);
}
