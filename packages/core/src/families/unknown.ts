import type { ModelFamily } from "./model-family.ts";

/** A model we know nothing about: sizes that current vision models take without harm. */
export const unknownFamily: ModelFamily = {
  name: "unknown",
  longSide: 1536,
  maxImages: 8,
  // Anthropic's rule of thumb, near the middle of what the others take (docs.claude.com, "Vision").
  imageTokens: ({ width, height }) => Math.ceil((width * height) / 750),
  matches: () => true,
};
