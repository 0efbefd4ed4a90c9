import type { ModelFamily } from "./model-family.ts";

/** Claude: a long edge over 1568 pixels is shrunk by the server; width x height / 750 tokens (docs.claude.com, "Vision"). */
export const claude: ModelFamily = {
  name: "Claude",
  longSide: 1568,
  maxImages: 20,
  imageTokens: ({ width, height }) => Math.ceil((width * height) / 750),
  matches: (modelId) => /(?:^|\/)claude/i.test(modelId),
};
