import type { ModelFamily } from "./model-family.ts";

/** A model we know nothing about: sizes that current vision models take without harm. */
export const unknownFamily: ModelFamily = {
  name: "unknown",
  longSide: 1536,
  maxImages: 8,
  matches: () => true,
};
