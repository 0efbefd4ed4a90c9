import { unionBox } from "./page.ts";
import type { Box, Page } from "./page.ts";
import { toRows } from "./reading-order.ts";

/** A row of a page that shares words with a question. */
export interface BestRow {
  /** Index of its page among those given. */
  readonly page: number;
  /** As printed, its columns set apart by two spaces. */
  readonly text: string;
  readonly box: Box;
  /** Above 0: the more and the rarer the words it shares, the higher. */
  readonly score: number;
}

/** Words that questions are made of, in the languages that are read here: they say nothing about what is asked for. */
const QUESTION_WORDS: ReadonlySet<string> = new Set(
  (
    "what which who whom whose where when why how much many is are was were does did can could has have had this that these those there the and for with from about " +
    "was wer wie wann wo warum welche welcher welches wieviel viel viele ist sind war hat haben der die das den dem des ein eine einen einer und fur mit von auf " +
    "que quel quelle quels quelles qui quand comment combien est sont les des une dans pour avec sur cual cuanto cuanta cuando quien como donde son los las una para con por " +
    "che quale quali quanto quanta quando chi come dove sono gli del della per con wat welke wanneer hoeveel het een van voor met quais quem onde uma com"
  ).split(" "),
);

/** Words in which two languages or two numbers of one word differ share their beginning, this many letters at least. */
const SHARED_START = 4;

/** The rows that share most with a question, the best first, `most` of them at most; none where no word of it stands on the pages. */
export function bestRows(pages: readonly Page[], question: string, most: number): BestRow[] {
  const rows = pages.flatMap((page, index) =>
    toRows(page.lines).map((row) => {
      const text = row.map((line) => line.text.trim()).join("  ");
      return { page: index, text, words: wordsOf(text), box: unionBox(row.map((line) => line.box)) };
    }),
  );
  const asked = wordsOf(question).filter((word) => !QUESTION_WORDS.has(word));
  const weights = asked.map((word) => {
    const holding = rows.filter(({ words }) => words.some((each) => isSameWord(each, word))).length;
    return holding === 0 ? 0 : Math.log(1 + rows.length / holding);
  });
  return rows
    .flatMap(({ page, text, words, box }) => {
      const score = asked.reduce((sum, word, index) => sum + (words.some((each) => isSameWord(each, word)) ? (weights[index] ?? 0) : 0), 0);
      return box === undefined || score === 0 ? [] : [{ page, text, box, score }];
    })
    .toSorted((a, b) => b.score - a.score)
    .slice(0, most);
}

/** The pages' indexes, those that share most with a question first, then the others in their order. */
export function bestPages(pages: readonly Page[], question: string): number[] {
  const scores = new Map<number, number>();
  for (const { page, score } of bestRows(pages, question, Infinity)) scores.set(page, Math.max(scores.get(page) ?? 0, score));
  return pages.map((_, index) => index).toSorted((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0));
}

/** Folded words and numbers, each once; of Chinese and its like each pair of characters. */
function wordsOf(text: string): string[] {
  const folded = text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const words = (folded.match(/[\p{L}\p{N}]+/gu) ?? []).flatMap((word) => {
    if (!/\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u.test(word)) return word.length < 2 ? [] : [word];
    const characters = [...word];
    return characters.length === 1 ? characters : characters.slice(1).map((character, index) => `${characters[index]}${character}`);
  });
  return [...new Set(words)];
}

function isSameWord(a: string, b: string): boolean {
  if (a === b) return true;
  return Math.min(a.length, b.length) >= SHARED_START && !/\d/.test(a + b) && (a.startsWith(b) || b.startsWith(a));
}
