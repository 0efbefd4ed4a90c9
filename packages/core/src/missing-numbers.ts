/** Whole numbers up to this are often written out ("three", "drei", "a dozen"): that they are no digits any more says nothing. */
const OFTEN_IN_WORDS = 12;

/** Digits with what groups them: 1,234.50; 1.234,50; 1 234,50; 1'234.50; 2024. */
const NUMBER = /\d{1,3}(?:[.,'’\u00A0\u202F ]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?/g;

/**
 * The numbers of `source`, as written there and each once, that `translation` does not show in digits. Another way to group digits or to write
 * the decimal point is no difference, nor are the digits of another script.
 */
export function missingNumbers(source: string, translation: string): string[] {
  const there = asciiDigits(translation);
  const groups = new Set(there.match(/\d+/g));
  const whole = new Set(Array.from(there.matchAll(NUMBER), ([number]) => digitsOf(number)));
  const missing = Array.from(asciiDigits(source).matchAll(NUMBER), ([number]) => number).filter((number) => {
    if (/^\d+$/.test(number) && Number(number) <= OFTEN_IN_WORDS) return false;
    const known = whole.has(digitsOf(number)) || number.match(/\d+/g)?.every((group) => groups.has(group)) === true;
    return !known;
  });
  return [...new Set(missing)];
}

function digitsOf(number: string): string {
  return number.replaceAll(/\D/g, "");
}

/** Decimal digits of every script as 0 to 9. */
function asciiDigits(text: string): string {
  return text.replaceAll(/(?![0-9])\p{Nd}/gu, (digit) => {
    // Unicode keeps the ten digits of a script together, in order.
    let above = 0;
    const code = digit.codePointAt(0) ?? 0;
    while (/^\p{Nd}$/u.test(String.fromCodePoint(code - above - 1))) above++;
    return String(above % 10);
  });
}
