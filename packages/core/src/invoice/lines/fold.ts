/** A text without what does not matter when words are compared, and where each of its characters stood. */
export interface FoldedText {
  /** Lower case letters, digits, "%" and "#"; no accents, spaces or punctuation. */
  readonly folded: string;
  /** Index into the original text of each folded character. */
  readonly at: readonly number[];
  /** Indices into `folded` where a word of the original begins. */
  readonly starts: ReadonlySet<number>;
}

/**
 * Text layers break words ("Br uttosumme"), recognisers lose spaces and accents ("RechnungsdatumOS"): so neither counts. "°" and "º" of "N°" are "o".
 */
export function foldText(text: string): FoldedText {
  let folded = "";
  const at: number[] = [];
  const starts = new Set<number>();
  let atStart = true;
  for (let index = 0; index < text.length;) {
    const char = String.fromCodePoint(text.codePointAt(index) ?? 0);
    const plain = foldCharacter(char);
    if (plain === "") {
      // A full stop inside an abbreviation ends a word as well: "USt.-Id" begins again at "Id".
      if (!/\p{M}/u.test(char)) atStart = true;
    } else {
      if (atStart || UNSPACED.test(char)) starts.add(folded.length);
      atStart = false;
      for (let unit = 0; unit < plain.length; unit += 1) at.push(index);
      folded += plain;
    }
    index += char.length;
  }
  return { folded, at, starts };
}

/** The folded text alone. */
export function fold(text: string): string {
  return foldText(text).folded;
}

/** Chinese is written without spaces: a word may begin at any character. */
const UNSPACED = /\p{Script=Han}/u;

const LIGATURES: Readonly<Record<string, string>> = { ß: "ss", ẞ: "ss", æ: "ae", œ: "oe", ø: "o", "№": "no", "°": "o", º: "o" };

function foldCharacter(char: string): string {
  const lower = char.toLowerCase();
  const ligature = LIGATURES[lower];
  if (ligature !== undefined) return ligature;
  return lower.normalize("NFKD").replaceAll(/[^\p{L}\p{N}%#]+/gu, "");
}
