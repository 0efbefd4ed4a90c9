import type { InputFile, Spent } from "../bridge/core.ts";

/** A file of an item, not read yet or read already. */
export interface ItemFile {
  /** What stands for it in the task's input. */
  readonly reference: string;
  /** What a person calls it. */
  readonly name: string;
  /** Set where it is an address: a server with its own guarded download takes that as it is. */
  readonly url?: string;
  /** Its bytes. InputError when there is nothing to be had. */
  bytes(): Promise<Uint8Array>;
  /** What it is, with its bytes. InputError as `bytes`, and when it is of no kind that is known. */
  load(): Promise<InputFile>;
}

export interface Call {
  readonly task: string;
  /** The task's input, a file's reference in each place of a file. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly files: readonly ItemFile[];
  readonly signal: AbortSignal;
}

/** A picture that was made for an answer. */
export interface AnswerPicture {
  /** The binary field that is to hold it; the answer names it so too. */
  readonly field: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface Answer {
  readonly output: Readonly<Record<string, unknown>>;
  readonly pictures?: readonly AnswerPicture[];
  /** What its questions to models took; absent where a server does not say. */
  readonly usage?: Spent | undefined;
}

/** One of the two ways to see. */
export interface Way {
  /** Items at a time where the user does not say. */
  readonly concurrency: number;
  /** One of the four errors when the task cannot be done; it says what its questions to models took, where that is known. */
  run(call: Call): Promise<Answer>;
}
