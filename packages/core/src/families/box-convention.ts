import type { PictureSize } from "./model-family.ts";

/** How a family of models says where something is, when it is asked in its own words. */
export interface BoxConvention {
  /** The numbers' full side: 1000 means that 1000 is the picture's right or lower edge. "pixels": those of the picture as it was sent. */
  readonly scale: number | "pixels";
  /** Which number comes first. A point has two and no size. */
  readonly order: "xyxy" | "yxyx" | "point";
  /** True where numbers name bins and a coordinate is the middle of one. */
  readonly bins?: true;
  /** The question for `what`, in words the family was trained on. An answer without the thing is an empty list or plain words. */
  ask(what: string, sent: PictureSize): string;
}

/** For families that answer in JSON. */
export function jsonQuestion(what: string, key: string, order: string, scale: string): string {
  return (
    `Locate every instance of: ${what}\n` +
    `Output a JSON array, one element each: {"${key}": [${order}], "label": "…"}, ${scale}. Output [] when it is not in the picture.`
  );
}

export const NORMALIZED = "coordinates normalized to 0-1000";
