import { IBAN_LENGTHS } from "./iban-lengths.ts";

/** VAT identification numbers by their country's form (Council Directive 2006/112/EC, annexed forms in VIES; GB, CH and NO by their own offices). */
const FORMS: Readonly<Record<string, string>> = {
  AT: String.raw`U\d{8}`,
  BE: String.raw`[01]?\d{9}`,
  BG: String.raw`\d{9,10}`,
  CY: String.raw`\d{8}[A-Z]`,
  CZ: String.raw`\d{8,10}`,
  DE: String.raw`\d{9}`,
  DK: String.raw`\d{8}`,
  EE: String.raw`\d{9}`,
  EL: String.raw`\d{9}`,
  ES: String.raw`[A-Z0-9]\d{7}[A-Z0-9]`,
  FI: String.raw`\d{8}`,
  FR: String.raw`[A-Z0-9]{2}\d{9}`,
  GB: String.raw`\d{9}(?:\d{3})?|(?:GD|HA)\d{3}`,
  HR: String.raw`\d{11}`,
  HU: String.raw`\d{8}`,
  IE: String.raw`\d[A-Z0-9+*]\d{5}[A-Z]{1,2}`,
  IT: String.raw`\d{11}`,
  LT: String.raw`\d{9}(?:\d{3})?`,
  LU: String.raw`\d{8}`,
  LV: String.raw`\d{11}`,
  MT: String.raw`\d{8}`,
  NL: String.raw`\d{9}B\d{2}`,
  NO: String.raw`\d{9}(?:MVA)?`,
  PL: String.raw`\d{10}`,
  PT: String.raw`\d{9}`,
  RO: String.raw`\d{2,10}`,
  SE: String.raw`\d{12}`,
  SI: String.raw`\d{8}`,
  SK: String.raw`\d{10}`,
  XI: String.raw`\d{9}(?:\d{3})?`,
  CHE: String.raw`\d{9}(?:MWST|TVA|IVA)?`,
};

const WHOLE = new RegExp(
  String.raw`^(?:${Object.entries(FORMS)
    .map(([country, form]) => `${country}(?:${form})`)
    .join("|")})$`,
);

/** An id with the place where it stands. */
export interface PrintedId {
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

/** What may be an id: a country, then letters and digits with spaces, dots or hyphens among them. */
const CANDIDATE = /(?<![\p{L}\p{N}])(?:CHE|[A-Z]{2})[ .-]?(?=[A-Za-z0-9 .-]*\d)[A-Za-z0-9+*](?:[ .-]?[A-Za-z0-9+*]){5,14}/gu;

/** VAT ids in a text, with or without spaces, dots and hyphens in them; only where the country's form fits as a whole. */
export function vatIdsIn(text: string, { ocr = false }: { readonly ocr?: boolean } = {}): PrintedId[] {
  const found: PrintedId[] = [];
  const pattern = new RegExp(CANDIDATE);
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const id = longest(match[0], ocr);
    // "NIF ESB12345674": a word of two capitals and more is no country, and the id begins further on.
    pattern.lastIndex = match.index + (id?.length ?? 1);
    if (id !== undefined) found.push({ value: id.value, from: match.index, to: match.index + id.length });
  }
  return found;
}

/** The longest beginning of `printed` that is an id and ends with a word. */
function longest(printed: string, ocr: boolean): { value: string; length: number } | undefined {
  for (let length = printed.length; length >= 8; length -= 1) {
    const next = printed.charAt(length);
    if (next !== "" && /[A-Za-z0-9]/.test(next) && /[A-Za-z0-9]/.test(printed.charAt(length - 1))) continue;
    const plain = printed.slice(0, length).replaceAll(/[ .-]/g, "");
    const value = ocr
      ? plain.slice(0, 2) +
        plain.slice(2).replaceAll(/[OoIlSB](?=\d|$)/g, (char) => ({ O: "0", o: "0", I: "1", l: "1", S: "5", B: "8" })[char] ?? char)
      : plain;
    if (WHOLE.test(plain)) return { value: plain, length };
    if (WHOLE.test(value)) return { value, length };
  }
  return undefined;
}

/** IBANs in a text: a country that has them, two check digits and 11 to 30 letters and digits, in fours or at one stretch. Masked ones ("****") are none. */
export function ibansIn(text: string): PrintedId[] {
  const found: PrintedId[] = [];
  for (const match of text.matchAll(/(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?(?![\p{L}\p{N}*])/gu)) {
    const printed = trimmed(match[0]);
    const value = printed.replaceAll(" ", "");
    if (IBAN_LENGTHS.has(value.slice(0, 2)) && value.length >= 15 && value.length <= 34)
      found.push({ value, from: match.index, to: match.index + printed.length });
  }
  return found;
}

function trimmed(printed: string): string {
  const wanted = IBAN_LENGTHS.get(printed.slice(0, 2));
  if (wanted === undefined) return printed;
  let count = 0;
  for (let index = 0; index < printed.length; index += 1) {
    if (printed[index] !== " ") count += 1;
    if (count === wanted && !/[A-Z0-9]/.test(printed.charAt(index + 1))) return printed.slice(0, index + 1);
  }
  return printed;
}

/** A BIC at the start of a text: bank, country, place and perhaps branch (ISO 9362). */
export function bicAt(text: string): PrintedId | undefined {
  const match = /^[\s:：.-]*((?:[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?))(?![\p{L}\p{N}])/u.exec(text);
  const value = match?.[1];
  if (match === null || value === undefined) return undefined;
  return { value, from: match[0].length - value.length, to: match[0].length };
}
