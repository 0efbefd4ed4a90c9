import type { LineProbabilities, ReadCharacter } from "./ctc.ts";

/**
 * A comma, a colon or a bracket is narrower than a time step, so that "nothing here" outweighs it where it stands. It counts from this probability on: nine in ten of
 * what is added are on the paper. Between 0.07 and 0.2 receipts are read alike.
 */
const FAINT = 0.1;
/** Specks and worn letters leave full stops, apostrophes, asterisks and rules: those are not believed when they are faint, nor is any letter or digit. */
const FAINT_MARK = /^[^\p{L}\p{N}\s.'`*=~^_]$/u;

/** The characters of a line with the faint marks before, between and after them; without spaces. */
export function withFaintMarks(characters: readonly ReadCharacter[], line: LineProbabilities): ReadCharacter[] {
  const printed = characters.filter(({ text }) => text !== " ");
  const all: ReadCharacter[] = [];
  for (let next = 0; next <= printed.length; next += 1) {
    const before = printed[next - 1];
    const after = printed[next];
    if (before !== undefined) all.push(before);
    const mark = likeliestMark(line, (before?.to ?? -1) + 1, after?.from ?? line.steps, [before?.text, after?.text]);
    if (mark !== undefined) all.push(mark);
  }
  return all;
}

/** Beside its double a mark is the edge of that. */
function likeliestMark(
  { data, offset, alphabet }: LineProbabilities,
  from: number,
  end: number,
  besides: readonly (string | undefined)[],
): ReadCharacter | undefined {
  let mark: ReadCharacter | undefined;
  for (let step = from; step < end; step += 1) {
    const row = offset + step * (alphabet.length + 1) + 1;
    for (const index of marksOf(alphabet)) {
      const confidence = data[row + index]!;
      const text = alphabet[index]!;
      if (confidence >= FAINT && confidence > (mark?.confidence ?? 0) && !besides.includes(text))
        mark = { text, confidence, from: step, to: step };
    }
  }
  return mark;
}

const known = new WeakMap<readonly string[], readonly number[]>();

/** Where the marks stand in an alphabet. */
function marksOf(alphabet: readonly string[]): readonly number[] {
  const marks = known.get(alphabet) ?? alphabet.flatMap((character, index) => (FAINT_MARK.test(character) ? [index] : []));
  known.set(alphabet, marks);
  return marks;
}
