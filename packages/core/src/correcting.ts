import type { ModelFamily } from "./families/index.ts";
import type { ValueKind } from "./grounding.ts";
import type { ModelRequest } from "./model.ts";
import type { Page } from "./page.ts";

/** A question that a task put to a model, and what it had read by then. */
export interface AskedOnce {
  readonly request: Pick<ModelRequest, "prompt" | "images" | "schema">;
  /** Of the model that was asked. */
  readonly family: ModelFamily;
  /** Questions that were asked before it about the same input. */
  readonly turn: number;
  /** The pages that were recognised so far, in their order. */
  readonly pages: readonly Page[];
}

/** What makes a task's answers correctable: how they are compared with what a person says is right, and how a model is taught that. */
export interface Correcting<Input, Output> {
  /** What of an answer is compared: its values, without evidence, warnings and who gave it. */
  values(output: Output): Readonly<Record<string, unknown>>;
  /** How the value at a path of them ("invoices[0].totals.gross") is compared. Default: as text; numbers by value. */
  kindOf?(path: string, input: Input): ValueKind;
  /** The task's own words to a model about such an input, without what stands on the pages. */
  prompt(input: Input): string;
  /** The input with which the model is asked for all of the answer. Default: as it is. */
  teaching?(input: Input): Input;
  /** What the model should have replied, given the right answer. InputError where that cannot be said. */
  reply(asked: AskedOnce, correct: Output, input: Input): string;
}
