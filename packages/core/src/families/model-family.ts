/** What is true of a model on every server that runs it. */
export interface ModelFamily {
  readonly name: string;
  /** Longest side in pixels worth sending. */
  readonly longSide: number;
  /** Pictures one request may carry unless the operator says otherwise. */
  readonly maxImages: number;
  matches(modelId: string): boolean;
}
