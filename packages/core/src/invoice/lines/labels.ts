import { fold, foldText } from "./fold.ts";
import { groupBy } from "./layout.ts";
import type { Segment } from "./layout.ts";
import { LANGUAGES } from "./words/index.ts";
import type { ColumnKind, FieldKind, Language } from "./words/words.ts";

/** A known word or phrase in a segment. */
export interface Label<Kind extends string = FieldKind> {
  readonly kind: Kind;
  /** All that the same word can mean; `kind` is the first. */
  readonly kinds: readonly Kind[];
  readonly languages: readonly Language[];
  /** Characters of the segment's text. */
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

interface Entry<Kind extends string> {
  readonly folded: string;
  readonly meanings: { readonly kind: Kind; readonly language: Language }[];
}

/** Folded labels by their first character, the longest first. */
type Index<Kind extends string> = ReadonlyMap<string, readonly Entry<Kind>[]>;

function buildIndex<Kind extends string>(
  of: (words: (typeof LANGUAGES)[number]) => Readonly<Partial<Record<Kind, readonly string[]>>>,
): Index<Kind> {
  const entries = new Map<string, Entry<Kind>>();
  for (const words of LANGUAGES) {
    for (const [kind, phrases] of Object.entries(of(words)) as [Kind, readonly string[]][]) {
      for (const phrase of phrases) {
        const folded = fold(phrase);
        if (folded === "") continue;
        const entry = entries.get(folded) ?? { folded, meanings: [] };
        entry.meanings.push({ kind, language: words.language });
        entries.set(folded, entry);
      }
    }
  }
  const byFirst = groupBy(entries.values(), ({ folded }) => folded.slice(0, 1));
  for (const list of byFirst.values()) list.sort((a, b) => b.folded.length - a.folded.length);
  return byFirst;
}

const FIELDS: Index<FieldKind> = buildIndex((words) => words.fields);
const COLUMNS: Index<ColumnKind> = buildIndex((words) => words.columns);

/** What is asked of the labels in a text. */
interface LabelOptions {
  /** Only labels of these languages. Default: all. */
  readonly languages?: ReadonlySet<Language>;
  /** Recognised text: a word of totals may have one wrong character, "lotal" or "Tota1". */
  readonly ocr?: boolean;
}

/** Labels by themselves with a "*" in the place of one character. */
type Misread<Kind extends string> = ReadonlyMap<string, Entry<Kind>>;

/** Kinds of which a receipt has few, so that none may be missed. */
const PRECIOUS: ReadonlySet<FieldKind> = new Set<FieldKind>(["subtotal", "gross", "total", "due", "rounding", "cash", "change"]);
/** Letters: shorter words have too many neighbours. */
const SHORTEST_MISREAD = 5;

function buildMisread(index: Index<FieldKind>): Misread<FieldKind> {
  const misread = new Map<string, Entry<FieldKind>>();
  for (const entry of [...index.values()].flat()) {
    if (entry.folded.length < SHORTEST_MISREAD || !entry.meanings.some(({ kind }) => PRECIOUS.has(kind))) continue;
    for (let at = 0; at < entry.folded.length; at += 1) misread.set(blank(entry.folded, at), entry);
  }
  return misread;
}

const blank = (word: string, at: number): string => `${word.slice(0, at)}*${word.slice(at + 1)}`;

const MISREAD = buildMisread(FIELDS);

/** Digits that a recogniser takes letters for. */
const LETTER_OF: Readonly<Record<string, string>> = { "0": "o", "1": "l", "5": "s", "8": "b" };

function misreadAt<Kind extends string>(
  folded: string,
  start: number,
  starts: ReadonlySet<number>,
  misread: Misread<Kind>,
  languages: ReadonlySet<Language> | undefined,
): Entry<Kind> | undefined {
  let end = start + 1;
  while (end < folded.length && !starts.has(end)) end += 1;
  const word = folded.slice(start, end);
  if (word.length < SHORTEST_MISREAD || !/^\p{L}/u.test(word) || /\d{2}/.test(word)) return undefined;
  const letters = word.replaceAll(/[0158]/g, (digit) => LETTER_OF[digit] ?? digit);
  for (let at = 0; at < letters.length; at += 1) {
    const entry = misread.get(blank(letters, at));
    if (entry?.meanings.some(({ language }) => languages?.has(language) ?? true) === true) return entry;
  }
  return undefined;
}

/** Labels of fields in a text, left to right, the longest at each place. */
export function fieldLabels(text: string, { languages, ocr = false }: LabelOptions = {}): Label[] {
  return match(text, FIELDS, languages, ocr ? MISREAD : undefined);
}

/** Headings of columns in a text. */
export function columnLabels(text: string, { languages }: Pick<LabelOptions, "languages"> = {}): Label<ColumnKind>[] {
  return match(text, COLUMNS, languages, undefined);
}

function match<Kind extends string>(
  text: string,
  index: Index<Kind>,
  languages: ReadonlySet<Language> | undefined,
  misread: Misread<Kind> | undefined,
): Label<Kind>[] {
  const { folded, at, starts } = foldText(text);
  const found: Label<Kind>[] = [];
  for (let start = 0; start < folded.length;) {
    const exact = starts.has(start) ? longestAt(folded, start, starts, index, languages) : undefined;
    const entry = exact ?? (misread !== undefined && starts.has(start) ? misreadAt(folded, start, starts, misread, languages) : undefined);
    if (entry === undefined) {
      start += 1;
      continue;
    }
    const meanings = languages === undefined ? entry.meanings : entry.meanings.filter(({ language }) => languages.has(language));
    const last = at[start + entry.folded.length - 1] ?? 0;
    const kinds = [...new Set(meanings.map(({ kind }) => kind))];
    found.push({
      kind: kinds[0] as Kind,
      kinds,
      languages: [...new Set(meanings.map(({ language }) => language))],
      from: at[start] ?? 0,
      to: last + 1,
      length: entry.folded.length,
    });
    start += entry.folded.length;
  }
  return found;
}

function longestAt<Kind extends string>(
  folded: string,
  start: number,
  starts: ReadonlySet<number>,
  index: Index<Kind>,
  languages: ReadonlySet<Language> | undefined,
): Entry<Kind> | undefined {
  for (const entry of index.get(folded.charAt(start)) ?? []) {
    if (!folded.startsWith(entry.folded, start)) continue;
    if (languages !== undefined && !entry.meanings.some(({ language }) => languages.has(language))) continue;
    const end = start + entry.folded.length;
    const next = folded.charAt(end);
    const last = folded.charAt(end - 1);
    // A label ends with a word, or where letters meet digits ("Nr471102").
    if (next === "" || starts.has(end) || (/\p{L}/u.test(last) && /\d/.test(next) && entry.folded.length > 2)) return entry;
  }
  return undefined;
}

/** Shares of the languages whose words a document uses, by the letters of the labels that only few languages share. The first is the document's own; English goes with every other. */
export function languagesOf(segments: readonly Segment[]): Language[] {
  const weights = new Map<Language, number>();
  for (const { text } of segments) {
    for (const label of [...fieldLabels(text), ...columnLabels(text)]) {
      if (label.length < 3) continue;
      for (const language of label.languages)
        weights.set(language, (weights.get(language) ?? 0) + label.length / label.languages.length ** 2);
    }
  }
  const ranked = [...weights].sort(([, a], [, b]) => b - a);
  const best = ranked[0]?.[1] ?? 0;
  // Two languages side by side, as on forms that print both, are both the document's.
  return ranked.filter(([, weight], index) => index === 0 || weight > 0.45 * best).map(([language]) => language);
}
