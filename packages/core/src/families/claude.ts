import { jsonQuestion } from "./box-convention.ts";
import type { ModelFamily } from "./model-family.ts";

/** Claude: a long edge over 1568 pixels is shrunk by the server; width x height / 750 tokens (docs.claude.com, "Vision"). */
export const claude: ModelFamily = {
  name: "Claude",
  longSide: 1568,
  maxImages: 20,
  imageTokens: ({ width, height }) => Math.ceil((width * height) / 750),
  // Pixels of the picture as it was resized; 0 to 1000 is what it does badly (platform.claude.com, "Coordinates and bounding boxes").
  boxes: {
    scale: "pixels",
    // 1568 tokens.
    maxPixels: 1568 * 750,
    order: "xyxy",
    ask: (what, { width, height }) =>
      jsonQuestion(
        what,
        "box",
        "x1, y1, x2, y2",
        `top left and bottom right corner in pixel coordinates of this picture of ${width} x ${height} pixels`,
      ),
  },
  matches: (modelId) => /(?:^|\/)claude/i.test(modelId),
};
