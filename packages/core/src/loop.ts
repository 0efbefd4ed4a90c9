/**
 * Finds a text that repeats itself over and over, the way language models do when they get stuck. The idea is olmOCR's n-gram repeat
 * detector; unlike it this one judges what is repeated, because receipts, tables and lists repeat lines for good reason.
 */

/** Longest unit looked for, in words: a paragraph of a few sentences. */
const LONGEST_UNIT = 80;

/** Repetitions in a row from which on a unit counts as a loop. */
const LIMITS = {
  /** Whole sentences: nothing printed says the same sentence six times in a row. */
  sentence: 6,
  /** Lines of a list, table or receipt: 24 times the same article is a purchase, 60 times is a loop. */
  line: 60,
  /** A few words within a line. */
  phrase: 8,
  /** One word within a line: "no no no no" is printed on signs. */
  word: 20,
  /** Numbers and rules of a table: a row of zeros, dotted leaders. */
  noLetters: 200,
} as const;

/** In a word of this length (no spaces: Chinese, Japanese, runaway letters) characters are looked at. */
const LONG_WORD = 200;

interface Word {
  readonly text: string;
  readonly startsLine: boolean;
}

/** True when some stretch of the text repeats more often in a row than print ever does. */
export function hasLoop(text: string): boolean {
  const words = wordsOf(text);
  return (
    repeats(words, LONGEST_UNIT, isLoop) ||
    words.some((word) => word.text.length >= LONG_WORD && repeats(charactersOf(word.text), LONGEST_UNIT, isCharacterLoop))
  );
}

function wordsOf(text: string): Word[] {
  return text.split("\n").flatMap((line) =>
    line
      .split(/\s+/)
      .filter((word) => word !== "")
      .map((word, at) => ({ text: word, startsLine: at === 0 })),
  );
}

function charactersOf(word: string): Word[] {
  return Array.from(word, (character) => ({ text: character, startsLine: false }));
}

/** Walks all stretches that repeat with a period of 1 to `longest`; true as soon as `judge` calls one a loop. */
function repeats(words: readonly Word[], longest: number, judge: (unit: readonly Word[], times: number) => boolean): boolean {
  for (let period = 1; period <= Math.min(longest, words.length / 2); period++) {
    let run = 0;
    for (let at = period; at <= words.length; at++) {
      if (at < words.length && words[at]?.text === words[at - period]?.text) {
        run++;
        continue;
      }
      if (run >= period && judge(words.slice(at - period, at), Math.floor(run / period) + 1)) return true;
      run = 0;
    }
  }
  return false;
}

function isLoop(unit: readonly Word[], times: number): boolean {
  const text = unit.map((word) => word.text).join(" ");
  if (!/\p{L}/u.test(text)) return times * unit.length >= LIMITS.noLetters;
  if (isSentence(unit)) return times >= LIMITS.sentence;
  if (unit.some((word) => word.startsLine)) return times >= LIMITS.line;
  return times >= (unit.length === 1 ? LIMITS.word : LIMITS.phrase);
}

/** Six words or more, mostly of letters, with the end of a sentence among them. A repeated unit may begin in mid-sentence. */
function isSentence(unit: readonly Word[]): boolean {
  const wordy = unit.filter((word) => /^\P{N}*\p{L}{2,}\P{N}*$/u.test(word.text)).length;
  return unit.length >= 6 && wordy >= unit.length * 0.8 && unit.some((word) => /\p{Ll}[.!?。]["'”’)]*$/u.test(word.text));
}

function isCharacterLoop(unit: readonly Word[], times: number): boolean {
  return unit.some((character) => /[\p{L}\p{N}]/u.test(character.text))
    ? times * unit.length >= LONG_WORD
    : times * unit.length >= LONG_WORD * 10;
}
