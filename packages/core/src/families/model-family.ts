import type { BoxConvention } from "./box-convention.ts";

/** Pixels of an upright picture. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** What is true of a model on every server that runs it. */
export interface ModelFamily {
  readonly name: string;
  /** Longest side in pixels worth sending. */
  readonly longSide: number;
  /** Longest side worth sending of a picture of this shape, where that is more than `longSide`: a panorama. */
  longSideOf?(size: PictureSize): number;
  /** Pictures one request may carry unless the operator says otherwise. */
  readonly maxImages: number;
  /** True when the model answers about pictures in English alone; a text model then translates. */
  readonly englishOnly?: true;
  /** Longest answer the model gives, in tokens. */
  maxOutputTokens?(modelId: string): number | undefined;
  /** What a picture of this size takes of the context, in tokens; an estimate. */
  imageTokens(size: PictureSize): number;
  /** How it says where something is; absent where its boxes are not to be trusted or it has none. */
  readonly boxes?: BoxConvention;
  matches(modelId: string): boolean;
}
