import type { PictureSize } from "./model-family.ts";

/** How a family of models says where something is, when it is asked in its own words. */
export interface BoxConvention {
  /** The numbers' full side: 1000 means that 1000 is the picture's right or lower edge. "pixels": those of the picture as it was sent. */
  readonly scale: number | "pixels";
  /** For "pixels": the model rounds each side to a multiple of this, and counts in what comes out. */
  readonly step?: number;
  /** For "pixels": a picture of more of them is shrunk by the server, and the numbers with it. */
  readonly maxPixels?: number;
  /** Which number comes first. A point has two and no size. */
  readonly order: "xyxy" | "yxyx" | "point";
  /** True where numbers name bins and a coordinate is the middle of one. */
  readonly bins?: true;
  /** The question for `what`, in words the family was trained on. An answer without the thing is an empty list or plain words. */
  ask(what: string, counted: PictureSize): string;
}

/** The picture whose pixels the model counts in, by the one it was sent. */
export function countedSize({ step = 1 }: Pick<BoxConvention, "step">, { width, height }: PictureSize): PictureSize {
  const side = (length: number): number => Math.max(step, Math.round(length / step) * step);
  return { width: side(width), height: side(height) };
}

/** For families that answer in JSON. */
export function jsonQuestion(what: string, key: string, order: string, scale: string): string {
  return (
    `Locate every instance of: ${what}\n` +
    `Output a JSON array, one element each: {"${key}": [${order}], "label": "…"}, ${scale}. Output [] when it is not in the picture.`
  );
}

export const NORMALIZED = "coordinates normalized to 0-1000";
