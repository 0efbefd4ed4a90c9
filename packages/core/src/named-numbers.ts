import { AnswerError } from "./errors.ts";

/** Says that it is none of them. */
const NONE =
  /^\W*(?:none|nothing|neither)\b|^\W*no\W*$|\bnone of (?:them|these|those|the)\b|\[\s*\]|\b(?:is|are|does|do)(?:n['’]t| not)\b|\bno (?:box|mark|number|frame|match|such)/iu;
/** Turns what stands around it, or the whole answer: which of its numbers are meant is then anybody's guess. */
const NEGATED = /\b(?:not|none|no|nor|neither|nothing|cannot|without|except|sorry|apologi[sz]e|unable)\b|n['’]t\b/iu;
/** "2", "[1, 3]", "#4." */
const NUMBERS_ALONE = /^[\s[\](),;.#"'*`]*\d+(?:[\s[\](),;#"'*`]+\d+)*[\s[\](),;.#"'*`]*$/u;
const LIST = String.raw`#?\d+(?:\s*(?:,\s*and|,|and|or|&|-|–|to|through)\s*#?\d+)*`;

/**
 * The numbers of things called `noun` that an answer in words names: small models answer so although JSON was asked for. Empty where it says that it is none.
 * AnswerError where it does not say plainly: "4 people", "not box 1".
 */
export function namedNumbers(text: string, noun: string): number[] {
  if (NUMBERS_ALONE.test(text)) return numbersOf(text);
  if (/^\W*(?:none|nothing|neither)\b/iu.test(text)) return [];
  const lists = [
    ...text.matchAll(
      new RegExp(String.raw`\b(?:${noun}|numbers?|no\.)(?:\s+(?:number|no\.))?(?:\s+(?:is|are))?\s*:?\s*(${LIST})|(#\d+)`, "giu"),
    ),
  ];
  const numbers = lists.flatMap(([, list, marked]) => numbersOf(list ?? marked ?? ""));
  const isNegated = NEGATED.test(text);
  if (numbers.length > 0 && !isNegated) return [...new Set(numbers)];
  if (numbers.length === 0 && NONE.test(text)) return [];
  throw new AnswerError("The answer does not say plainly which numbers are meant.", { raw: text });
}

/** "3, 5 to 7" is four numbers; a range longer than any list of ours is none. */
function numbersOf(list: string): number[] {
  return [...list.matchAll(/(\d+)(?:\s*(?:-|–|to|through)\s*#?(\d+))?/gu)].flatMap(([, first, last]) => {
    const [from, to] = [Number(first), Number(last ?? first)];
    return to >= from && to - from < 100 ? Array.from({ length: to - from + 1 }, (_, index) => from + index) : [from, to];
  });
}
