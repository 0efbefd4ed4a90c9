import type { TaskContext } from "@sightline/core";
import type { ChatRequest } from "../../test/model/stand-in-rule.ts";

/** One of the questions the project started from, and how it is answered. */
export interface Prompt {
  /** Word for word. */
  readonly words: string;
  /** Of examples/samples, or a video made for the run. */
  readonly file: string;
  /** The answer in words, by the machine's own eyes alone where the context has no model. Throws when it is not the right one. */
  answer(file: string, words: string, context: TaskContext): Promise<string>;
  /** What the stand-in for a model says to a request: its rule, from what was drawn. */
  standIn(request: ChatRequest): string;
}
