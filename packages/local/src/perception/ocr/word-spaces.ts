import type { LineProbabilities, ReadCharacter } from "./ctc.ts";
import { DOUBTFUL } from "./currency-signs.ts";
import { inkOf } from "./line-ink.ts";
import { STEP, type LineImage } from "./line-image.ts";

/**
 * Where words part. PP-OCR's English recogniser drops a third of the spaces on receipts: where a step shows one, "nothing here" is likelier.
 * That faint evidence and the white paper between two characters, against the gaps that are usual on the line, are weighed together.
 *
 * The log-odds of a space; weights by logistic regression on 13,980 gaps of forty receipts, 1,646 of them spaces
 * (docs/decisions/0002-ocr-engines.md has what they do on others).
 */
const LOG_PROBABILITY = 1.42;
/** For each pixel of white between the two characters, at the recogniser's height. */
const GAP = 0.29;
/** For each pixel of the line's median gap. */
const USUAL_GAP = -0.23;
const BIAS = 1.42;
/** Pairs that belong together more often than the rest: figures of a number, what a closing mark ends, small letters of a word. */
const TOGETHER: readonly { readonly pair: RegExp; readonly weight: number }[] = [
  { pair: /\d\d/, weight: -1.86 },
  { pair: /.[.,:;)!]/, weight: -1.49 },
  { pair: /\p{Ll}\p{Ll}/u, weight: -3.07 },
];
/** A space that is not there breaks a name or a number, one that is missing can be read over: more must speak for it than against it. */
const NEEDED = 1;
/** From this probability on the network is believed whatever the paper looks like. */
const SURE = 0.5;
/** Keeps the logarithm finite; below it the network says nothing. */
const FLOOR = 1e-4;

/** The text of `characters` (which hold no spaces) with a space wherever enough speaks for one. */
export function withWordSpaces(characters: readonly ReadCharacter[], line: LineProbabilities, image: LineImage): string {
  const gaps = whiteGaps(characters, image);
  const usual = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  return characters
    .map((character, index) => {
      const before = characters[index - 1];
      if (before === undefined) return character.text;
      // A currency sign looks like a space to the network: that space is not one after it.
      const seen = spaceProbability(line, before.text === DOUBTFUL ? before.to + 1 : before.from, character.to);
      if (seen >= SURE) return ` ${character.text}`;
      const pair = before.text + character.text;
      const together = TOGETHER.reduce((sum, each) => (each.pair.test(pair) ? sum + each.weight : sum), 0);
      const logOdds = LOG_PROBABILITY * Math.log(seen + FLOOR) + GAP * gaps[index - 1]! + USUAL_GAP * usual + together + BIAS;
      return logOdds > NEEDED ? ` ${character.text}` : character.text;
    })
    .join("");
}

/** The highest probability of a space at any of the steps. */
function spaceProbability({ data, offset, alphabet }: LineProbabilities, from: number, to: number): number {
  const space = offset + alphabet.lastIndexOf(" ") + 1;
  let highest = 0;
  for (let step = from; step <= to; step += 1) highest = Math.max(highest, data[space + step * (alphabet.length + 1)]!);
  return highest;
}

/** Pixels of ink in a column that is white all the same. */
const SPECK = 1;

/** Between each character and the next, the longest run of white columns, in pixels. */
function whiteGaps(characters: readonly ReadCharacter[], image: LineImage): number[] {
  const ink = inkOf(image);
  // Where the network saw a character is somewhere near its middle.
  const middle = ({ from, to }: ReadCharacter): number => ((from + to + 1) / 2) * STEP;
  return characters.slice(1).map((character, index) => {
    const start = Math.max(0, Math.round(middle(characters[index]!)) - STEP / 2);
    const end = Math.min(image.width, Math.round(middle(character)) + STEP / 2);
    let run = 0;
    let longest = 0;
    for (let x = start; x < end; x += 1) {
      run = ink[x]! <= SPECK ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  });
}
