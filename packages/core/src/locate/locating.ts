import type { AskContext } from "../ask.ts";
import type { ImagesContext } from "../model-images.ts";
import type { Box, Line } from "../page.ts";
import type { InputFile, ObjectDetector, PictureReader, TextRecognizer } from "../ports.ts";
import type { SeenObject, SeenPicture, VisualQuery } from "../query/index.ts";

/** What the ways of locating share. */

/** Who drew the box: the detector, OCR, the model in its family's own numbers, or the model by naming a mark or a cell of ours. */
export type Method = "detector" | "text" | "model boxes" | "marks" | "grid";

export const METHODS = ["detector", "text", "model boxes", "marks", "grid"] as const satisfies readonly Method[];

export interface Located {
  readonly label: string;
  readonly box: Box;
  /** 0 to 1; absent where nobody measured it. */
  readonly confidence?: number;
  readonly method: Method;
}

export interface Answer {
  /** Surest first. */
  readonly objects: readonly Located[];
  readonly warnings: readonly string[];
}

/** What this machine's own eyes see of it. */
export interface Sight extends SeenPicture {
  readonly objects: readonly SeenObject[];
  /** Read only where the query asks for text. */
  readonly lines?: readonly Line[];
}

export interface Task {
  readonly file: InputFile;
  readonly query: VisualQuery;
  /** The most that are wanted. */
  readonly max: number;
  readonly sight: Sight;
}

export interface LocateContext extends AskContext, ImagesContext {
  readonly signal: AbortSignal;
  readonly detector: ObjectDetector;
  readonly text: TextRecognizer;
  readonly pictures: PictureReader;
}

/** What to call a thing: in the question's own word, else as the detector does. */
export function labelFor({ subject }: VisualQuery, detected?: string): string {
  return subject ?? detected ?? "match";
}
