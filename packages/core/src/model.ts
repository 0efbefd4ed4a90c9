import type { CallOptions, EncodedImage } from "./ports.ts";

/** What a model and its server can do, as far as it is known. */
export interface ModelAbilities {
  readonly vision: boolean;
  /** Pictures one request may carry. */
  readonly maxImages: number;
  /** Longest side in pixels worth sending. */
  readonly longSide: number;
}

export interface ModelRequest {
  /** What to do, in words that come from us alone. */
  readonly prompt: string;
  readonly images: readonly EncodedImage[];
  /** JSON Schema of the answer; absent for plain text. */
  readonly schema?: { readonly name: string; readonly schema: Record<string, unknown> };
  readonly maxTokens: number;
  /** 0 to 2. */
  readonly temperature: number;
}

export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface ModelAnswer {
  readonly text: string;
  /** Why the model stopped: `length` means it was cut off by `maxTokens` or its context. */
  readonly finish: "stop" | "length" | "filtered" | "unknown";
  /** The model that answered, in the server's own words. */
  readonly model: string;
  readonly usage?: ModelUsage;
}

/**
 * A model behind a server: one request in, one answer out. ModelError when the server refuses or
 * fails; what the answer is worth is for `answer.ts` to judge.
 */
export interface VisionModel {
  readonly id: string;
  readonly backend: string;
  readonly abilities: ModelAbilities;
  ask(request: ModelRequest, options?: CallOptions & { readonly onText?: (soFar: string) => void }): Promise<ModelAnswer>;
}
