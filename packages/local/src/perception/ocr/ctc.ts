/** What a recogniser says of one line: steps x classes from `offset` on; class `i` (1 or more) is `alphabet[i - 1]`. */
export interface LineProbabilities {
  readonly data: Float32Array;
  readonly offset: number;
  readonly steps: number;
  readonly alphabet: readonly string[];
}

/** One character as read, with where it stands along the line. */
export interface ReadCharacter {
  readonly text: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** First and last time step that showed it. */
  readonly from: number;
  readonly to: number;
}

/** The symbol "nothing here" of connectionist temporal classification. */
const BLANK = 0;

/** Greedy CTC decoding: the likeliest class at each time step, repeats joined, blanks dropped. */
export function decodeCtc({ data, offset, steps, alphabet }: LineProbabilities): ReadCharacter[] {
  const classes = alphabet.length + 1;
  const read: ReadCharacter[] = [];
  let last = BLANK;
  for (let step = 0; step < steps; step += 1) {
    const row = offset + step * classes;
    let best = BLANK;
    let confidence = data[row]!;
    for (let i = 1; i < classes; i += 1) {
      const p = data[row + i]!;
      if (p > confidence) {
        confidence = p;
        best = i;
      }
    }
    if (best !== BLANK) {
      const previous = read.at(-1);
      if (best === last && previous !== undefined) {
        read[read.length - 1] = { ...previous, to: step, confidence: Math.max(previous.confidence, confidence) };
      } else {
        read.push({ text: alphabet[best - 1]!, confidence, from: step, to: step });
      }
    }
    last = best;
  }
  return read;
}
