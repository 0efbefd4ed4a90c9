import { GARMENTS, NOUNS, PRINTED, SAYING } from "./vocabulary.ts";

/** A word of a query, or a comma. Places are UTF-16 units of the query's text. */
export interface Token {
  /** Lower case. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** Letters and digits, and commas; hyphens part words: "black-and-white" is three. */
export function tokensOf(text: string): Token[] {
  return [...text.matchAll(/[\p{L}\p{N}\p{M}]+(?:['’]\p{L}+)?|,/gu)].map((match) => ({
    word: match[0].toLowerCase().replace("’", "'"),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

const QUOTED = /["“”„«»]([^"“”„«»]+)["“”„«»]|(?<=^|\s)['‘]([^'‘’]+)['’](?=$|[\s.,!?])/u;

/** Words that mean other things too: they begin a text only where it looks like print. */
const AMBIGUOUS = new Set(["reading", "marked", "named", "called", "reads"]);

/** "the EXIT sign", "the Submit button": the print before what carries it; a word that merely begins the sentence is none. */
const NAMED_CARRIER =
  /(?<=\s|^)((?:(?<=\S\s)[\p{Lu}\p{N}][\p{L}\p{N}]*|[\p{Lu}\p{N}]{2,})(?:\s+[\p{Lu}\p{N}][\p{L}\p{N}]*)*)\s+(signs?|buttons?|labels?|posters?|banners?|stickers?|logos?)\b/u;

/** "the exit sign", "EMERGENCY EXIT SIGN": what is printed on so many that everybody calls them so. */
const PRINTED_CARRIER = new RegExp(`(?<=^|\\s)(${PRINTED.join("|")})(?=\\s+(?:signs?|buttons?)\\b)`, "iu");

/** "the word Total", "number 42": the print after the word for it. */
const NAMED_PRINT =
  /\b(?:words?|text|letters|numbers?|phrase|title|heading|headline|caption)\s+((?:[\p{Lu}\p{N}][\p{L}\p{N}'’&.:/-]*)(?:\s+[\p{Lu}\p{N}][\p{L}\p{N}'’&.:/-]*)*)/u;

/** The rest of the sentence, as far as it is about the picture and no longer about the text. */
const TAIL = /(?:,|\s+(?:in|on|at)\s+(?:the|this)\s+(?:picture|image|photo|photograph|screenshot|left|right|top|bottom|middle)\b).*$/iu;

/** The text that is to stand on the thing, and the query with spaces in its place. */
export function takeSaying(text: string): { readonly says: string | undefined; readonly rest: string } {
  const quoted = QUOTED.exec(text);
  if (quoted !== null && isQuotedQuery(quoted, text)) return { says: undefined, rest: text };
  if (quoted !== null) {
    const says = (quoted[1] ?? quoted[2] ?? "").trim();
    if (/[\p{L}\p{N}]/u.test(says))
      return { says, rest: withoutSayingWord(blanked(text, quoted.index, quoted.index + quoted[0].length), quoted.index) };
  }
  for (const phrase of SAYING) {
    const found = new RegExp(`\\b${phrase.replaceAll(" ", "\\s+")}\\s+(?=\\S)`, "iu").exec(text);
    if (found === null) continue;
    const from = found.index + found[0].length;
    const after = text.slice(from);
    // EXIT, Platform 9: as print is written.
    const print = /^(?:[\p{Lu}\p{N}][\p{L}\p{N}'’&.:/-]*)(?:\s+[\p{Lu}\p{N}][\p{L}\p{N}'’&.:/-]*)*/u.exec(after)?.[0];
    if (print === undefined && AMBIGUOUS.has(phrase)) continue;
    const says = (print ?? after.replace(TAIL, "")).replace(/[\s?.!,]+$/u, "");
    if (!/[\p{L}\p{N}]/u.test(says)) continue;
    return { says, rest: blanked(text, found.index, from + says.length) };
  }
  const named = NAMED_CARRIER.exec(text);
  const name = named?.[1] ?? "";
  // A STOP sign is a thing the detector knows.
  if (named !== null && !NOUNS.has(`${name} ${named[2] ?? ""}`.toLowerCase()))
    return { says: name, rest: blanked(text, named.index, named.index + name.length) };
  const printed = PRINTED_CARRIER.exec(text) ?? NAMED_PRINT.exec(text);
  if (printed === null) return { says: undefined, rest: text };
  const at = printed.index + printed[0].length - (printed[1] ?? "").length;
  const says = (printed[1] ?? "").replace(/[\s.:/-]+$/u, "");
  return { says, rest: blanked(text, at, at + says.length) };
}

/** True where the marks are around the whole question, as programs put them, and what is in them is no print: "woman in red". */
function isQuotedQuery(quoted: RegExpExecArray, text: string): boolean {
  const inner = quoted[1] ?? quoted[2] ?? "";
  const isWhole = quoted[0].length === text.replace(/[\s?.!]+$/u, "").length;
  const words = tokensOf(inner).map(({ word }) => word);
  return isWhole && /^\p{Ll}/u.test(inner) && words.some((word) => NOUNS.has(word) || GARMENTS.has(word));
}

function blanked(text: string, from: number, to: number): string {
  return text.slice(0, from) + " ".repeat(to - from) + text.slice(to);
}

/** "that says" before a quote has done its work. */
function withoutSayingWord(text: string, before: number): string {
  const head = text.slice(0, before);
  const found = new RegExp(`\\b(?:${SAYING.map((phrase) => phrase.replaceAll(" ", "\\s+")).join("|")})\\s*:?\\s*$`, "iu").exec(head);
  return found === null ? text : blanked(text, found.index, before);
}
