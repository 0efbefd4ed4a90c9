/** What is known of a page's text layer when it is judged. */
export interface LayerFacts {
  /** Its characters, spaces left out or not. */
  readonly text: string;
  /** Characters of it for which the document does not say what they mean. */
  readonly unmapped: number;
  /** What part of the page is covered by pictures, 0 to 1. */
  readonly pictureShare: number;
}

/** A tenth of a page's characters may be symbols of a font's own: bullets, logos, check marks. */
const MOST_UNREADABLE = 0.1;

/** A page covered by pictures to this part, with fewer characters than this, is a scan with a footer or a stamp; a letter on printed paper has more. */
const SCAN_SHARE = 0.6;
const SCAN_CHARACTERS = 150;

/**
 * Words in Latin letters have 35 to 45 % vowels, lists of codes fewer. Fonts that number their glyphs in an order of their own turn words into others without: this tells them
 * from enough letters on.
 */
const FEWEST_VOWELS = 0.15;
const ENOUGH_LETTERS = 80;

/** False when a text layer is empty, garbage, or that of a scan with hardly any text beside the picture: the page has to be looked at. */
export function isLegible({ text, unmapped, pictureShare }: LayerFacts): boolean {
  const characters = [...text].filter((character) => !/\s/u.test(character));
  if (characters.length === 0) return false;
  const unreadable = characters.filter((character) => /[\ufffd\p{Co}\p{Cc}\p{Cn}\p{Cs}]/u.test(character)).length;
  if (Math.max(unreadable, Math.min(unmapped, characters.length)) > MOST_UNREADABLE * characters.length) return false;
  if (pictureShare >= SCAN_SHARE && characters.length < SCAN_CHARACTERS) return false;
  const letters = characters.filter((character) => /\p{Script=Latin}/u.test(character));
  if (letters.length < ENOUGH_LETTERS) return true;
  const vowels = letters.filter((letter) => /^[aeiouyæøœı]/iu.test(letter.normalize("NFKD"))).length;
  return vowels >= FEWEST_VOWELS * letters.length;
}
