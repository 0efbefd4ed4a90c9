import type { Box } from "./json.ts";

/** An answer as people look at it, whichever tool gave it. A part that an answer does not have is empty or absent. */
export interface View {
  /** What is read first. */
  readonly words?: string;
  /** Long text, kept as it is: spaces and line breaks count. */
  readonly text?: string;
  /** One line about where it comes from: "by this machine's own eyes", "by qwen3-vl:8b". */
  readonly origin?: string;
  readonly marks: readonly Mark[];
  readonly documents: readonly DocumentFields[];
  readonly hits?: Hits;
  /** Why a person should look, in the server's words. */
  readonly review: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * How sure a mark or a value is: "right" when a check confirms it, "doubtful" when a warning or only a model speaks for it, "wrong" when a check fails. Said in words wherever
 * it is shown in colour.
 */
export type Tone = "plain" | "right" | "doubtful" | "wrong";

/** Something that stands somewhere. */
export interface Mark {
  readonly id: string;
  /** Of the files in the call, from 0. */
  readonly file: number;
  /** From 1; 1 of a picture. */
  readonly page: number;
  readonly box: Box;
  readonly label: string;
  /** "88 %", "by OCR"; may be empty. */
  readonly detail: string;
  readonly tone: Tone;
  /** True where the label tells what the eye does not read there itself: it is shown on the picture all along. */
  readonly named?: true;
}

/** What was read from one document. */
export interface DocumentFields {
  readonly title: string;
  readonly groups: readonly FieldGroup[];
  readonly checks: readonly CheckResult[];
}

export interface FieldGroup {
  readonly title: string;
  readonly fields: readonly Field[];
}

export interface Field {
  /** Where the value stands in the answer: what a correction changes. */
  readonly at: readonly (string | number)[];
  readonly label: string;
  readonly value: string;
  /** The mark that shows it. */
  readonly mark?: string;
  /** The source's own characters, where they are not the value's. */
  readonly quote?: string;
  readonly tone: Tone;
  /** Why it is doubtful or wrong, in words. */
  readonly notes: readonly string[];
}

export interface CheckResult {
  readonly rule: string;
  readonly tone: "right" | "doubtful" | "wrong";
  readonly message: string;
  /** Marks of what was held together. */
  readonly marks: readonly string[];
}

export interface Hits {
  /** Of the video, seconds. */
  readonly duration: number;
  readonly spans: readonly Span[];
}

export interface Span {
  /** Seconds from the video's beginning. */
  readonly start: number;
  readonly end: number;
  /** Where it shows best. */
  readonly best: number;
  readonly label: string;
  readonly detail: string;
  /** The saved frame, as the server names it. */
  readonly frame?: string;
}

export const TONE_WORDS: Readonly<Record<Tone, string>> = {
  plain: "not checked",
  right: "checked and right",
  doubtful: "doubtful",
  wrong: "wrong",
};
