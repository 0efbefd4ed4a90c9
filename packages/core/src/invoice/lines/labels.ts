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

/** Labels of fields in a text, left to right, the longest at each place; only those of `languages`, when given. */
export function fieldLabels(text: string, languages?: ReadonlySet<Language>): Label[] {
  return match(text, FIELDS, languages);
}

/** Headings of columns in a text. */
export function columnLabels(text: string, languages?: ReadonlySet<Language>): Label<ColumnKind>[] {
  return match(text, COLUMNS, languages);
}

function match<Kind extends string>(text: string, index: Index<Kind>, languages: ReadonlySet<Language> | undefined): Label<Kind>[] {
  const { folded, at, starts } = foldText(text);
  const found: Label<Kind>[] = [];
  for (let start = 0; start < folded.length;) {
    const entry = starts.has(start) ? longestAt(folded, start, starts, index, languages) : undefined;
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
