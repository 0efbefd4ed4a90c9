import type { ModelFamily } from "./families/model-family.ts";
import type { CallOptions, EncodedImage } from "./ports.ts";

/** What one request to a model and its server may carry, as far as it is known. */
export interface ModelAbilities {
  readonly vision: boolean;
  /** Pictures one request may carry. */
  readonly maxImages: number;
  /** Longest side in pixels worth sending. */
  readonly longSide: number;
  /** Most bytes of one encoded picture that the server takes in the request itself. */
  readonly maxImageBytes?: number;
  /** Tokens that question, pictures and answer share, where it is known before the call. */
  readonly contextTokens?: number;
}

/** How a model is asked, in the words of every server's documentation. What is left out, the task decides. */
export interface RequestParameters {
  /** Longest answer, in tokens. */
  readonly maxTokens?: number | undefined;
  /** 0 to 2. */
  readonly temperature?: number | undefined;
  /** Above 0, to 1: only the likeliest words that together have this probability. */
  readonly topP?: number | undefined;
  /** False: the answer is asked for in one piece. Default true: a slow answer then cannot run into a wait for its first byte. */
  readonly stream?: boolean | undefined;
}

export interface ModelRequest extends RequestParameters {
  /** What to do, in words that come from us alone. */
  readonly prompt: string;
  readonly images: readonly EncodedImage[];
  /** JSON Schema of the answer; absent for plain text. */
  readonly schema?: { readonly name: string; readonly schema: Record<string, unknown> };
  readonly maxTokens: number;
  readonly temperature: number;
}

export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface ModelAnswer {
  /** Without the model's thinking. */
  readonly text: string;
  /** Why the model stopped: `length` means it was cut off by `maxTokens` or its context. */
  readonly finish: "stop" | "length" | "filtered" | "unknown";
  /** The model that answered, in the server's own words. */
  readonly model: string;
  readonly usage?: ModelUsage;
}

export interface AskOptions extends CallOptions {
  /** The answer as far as it has come. */
  readonly onText?: ((soFar: string) => void) | undefined;
  /** Why nothing has come yet, in words a person can read: a model that loads, a server that asks to wait. */
  readonly onWait?: ((message: string) => void) | undefined;
}

/**
 * A model behind a server: one request in, one answer out. SetupError, ModelError when the server refuses or
 * fails; InputError when the request carries more than the model takes. What the answer is worth is for `answer.ts` to judge.
 */
export interface VisionModel {
  readonly id: string;
  /** The preset's name: "ollama", "vllm", … */
  readonly backend: string;
  /** Where it is asked: the base URL. */
  readonly server: string;
  readonly family: ModelFamily;
  readonly abilities: ModelAbilities;
  /** What the operator set in place of the tasks' own values. */
  readonly parameters: RequestParameters;
  ask(request: ModelRequest, options?: AskOptions): Promise<ModelAnswer>;
}
