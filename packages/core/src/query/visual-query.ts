import type { PatternWord, Side, Unjudgeable, WornPart } from "./vocabulary.ts";

/** One colour that is asked for. */
export interface WantedColor {
  /** As written: "light blue", "navy". */
  readonly words: string;
  /** Names of the colour reader, any of which is meant; empty for "dark" and "light" alone. */
  readonly names: readonly string[];
  readonly shade?: "light" | "dark";
}

/** A garment that is asked for. */
export interface WantedGarment {
  /** As written: "black and white striped top". */
  readonly words: string;
  readonly part: WornPart;
  /** All of them are asked for, or any where `anyColor` is true. */
  readonly colors: readonly WantedColor[];
  readonly anyColor: boolean;
  readonly pattern?: PatternWord;
  /** Colours of sleeves that are asked for by themselves. */
  readonly sleeves: readonly WantedColor[];
}

/** Where in the picture. */
export type WantedPlace =
  | { readonly kind: "side"; readonly words: string; readonly side: Side }
  /** One of several: the `nth` from that end, or the largest. */
  | { readonly kind: "rank"; readonly words: string; readonly by: RankBy; readonly nth: number };

export type RankBy = "left" | "right" | "top" | "bottom" | "largest" | "smallest";

/** A thing that is asked for beside the subject: "with a dog". */
export interface Companion {
  readonly words: string;
  readonly labels: readonly string[];
}

/** Words that the machine's own eyes cannot judge. */
export interface Unjudged {
  /** As written. */
  readonly words: string;
  readonly asks: Unjudgeable;
}

/**
 * What a question for a thing in a picture asks, word by word: whatever the machine's own eyes can judge, and what they cannot. Every word of the
 * question is in one of the fields or is grammar.
 */
export interface VisualQuery {
  /** The question, white space trimmed. */
  readonly text: string;
  /** What to call the thing, in the question's own word: "woman". Undefined where the question names nothing these eyes know. */
  readonly subject?: string;
  /** COCO classes, any of which is meant. Empty where the subject is of none. */
  readonly labels: readonly string[];
  /** How many are asked for, where a number is said. */
  readonly count?: number;
  /** Colours of the thing itself: "a red car"; all of them are asked for, or any where `anyColor` is true. */
  readonly colors: readonly WantedColor[];
  readonly anyColor: boolean;
  readonly garments: readonly WantedGarment[];
  readonly places: readonly WantedPlace[];
  readonly companions: readonly Companion[];
  /** Text that is to stand on it. */
  readonly says?: string;
  readonly unjudged: readonly Unjudged[];
}

/** True when the machine's own eyes can look for it at all: it is of a known kind, or has text on it. */
export function isLookable(query: VisualQuery): boolean {
  return query.labels.length > 0 || query.says !== undefined;
}

/** What was not judged, in a sentence or two; undefined when all was. */
export function unjudgedSentence({ unjudged }: VisualQuery): string | undefined {
  const byAsks = new Map<Unjudgeable, string[]>();
  for (const { words, asks } of unjudged) byAsks.set(asks, [...(byAsks.get(asks) ?? []), `"${words}"`]);
  const others = byAsks.get("another thing");
  byAsks.delete("another thing");
  const parts = [...byAsks].map(([asks, words]) => (asks === "other" ? words.join(", ") : `${asks} (${words.join(", ")})`));
  const sentences = [
    ...(parts.length === 0 ? [] : [`Not judged, as that needs a vision model: ${parts.join("; ")}.`]),
    ...(others === undefined ? [] : [`One thing is looked for at a time: ask for ${others.join(", ")} by itself.`]),
  ];
  return sentences.length === 0 ? undefined : sentences.join(" ");
}

/** The thing that is asked for, without the asking: "Where is the dog in the picture?" -> "the dog". */
export function thingAskedFor({ text }: VisualQuery): string {
  const thing = text
    .replace(/^(?:please\s+)?(?:where(?:'s|\s+is|\s+are)|(?:can you\s+)?(?:find|locate|show me|point (?:at|to|out)))\s+/iu, "")
    .replace(/[\s?.!]+$/u, "")
    .replace(/\s+(?:in|on)\s+(?:the|this)\s+(?:picture|image|photo|photograph)$/iu, "")
    .trim();
  return thing === "" ? text : thing;
}
