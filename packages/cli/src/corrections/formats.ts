import type { Pupil } from "@sightline/core";
import { torchtune } from "./torchtune.ts";

/** One question and its right reply, as a format writes it. */
export interface Sample {
  readonly prompt: string;
  readonly reply: string;
  /** Its picture, relative to the set, with `/`. */
  readonly image: string;
}

/** What a trainer loads. */
export interface TrainingFormat {
  /** The model that its recipes train, and what it takes at a time. */
  readonly pupil: Pupil;
  /** The set's files beside its pictures, by name; `folder` is where they will lie. A side without samples has no file. */
  files(sides: Readonly<Record<"train" | "validation", readonly Sample[]>>, folder: string): Readonly<Record<string, string>>;
}

export const FORMATS = ["torchtune"] as const;
export type FormatName = (typeof FORMATS)[number];

export const formats: Readonly<Record<FormatName, TrainingFormat>> = { torchtune };
