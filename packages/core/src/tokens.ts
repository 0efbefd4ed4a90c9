/**
 * How many tokens a text is, at least roughly: four characters each where letters are Latin, one where each character is a word of its own. Meant
 * to find what cannot fit; whoever needs the count asks the server.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(tokenWeight(text) / WEIGHT_OF_TOKEN);
}

/** Twentieths of a token: whole numbers, so that the weight of a text is exactly that of its parts. */
export const WEIGHT_OF_TOKEN = 20;

/** The estimate before it is rounded up, in `WEIGHT_OF_TOKEN`. */
export function tokenWeight(text: string): number {
  const wide = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu)?.length ?? 0;
  return wide * 16 + (text.length - wide) * 5;
}
