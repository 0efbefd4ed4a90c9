import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Where the build puts the weights, for sources and for the built package alike. */
const WEIGHTS = new URL("../../weights/", import.meta.url);

/** What this machine sees by itself, and the files without which it does not. Names are for people. */
const EYES: readonly { readonly ability: string; readonly by: string; readonly weights: readonly string[] }[] = [
  { ability: "text recognition", by: "PP-OCR", weights: [] },
  { ability: "object detection", by: "SSDLite MobileNet v2, 80 kinds of objects (COCO)", weights: ["detector.onnx"] },
  { ability: "colours, clothing and kind of picture", by: "pixels", weights: [] },
];

export interface Eye {
  readonly ability: string;
  readonly by: string;
  readonly ready: boolean;
}

/** Looks whether the weights are there; loads none of them. */
export function embeddedEyes(): Promise<Eye[]> {
  return Promise.all(
    EYES.map(async ({ ability, by, weights }) => {
      const found = await Promise.all(
        weights.map((name) =>
          stat(fileURLToPath(new URL(name, WEIGHTS))).then(
            (file) => file.size > 0,
            () => false,
          ),
        ),
      );
      return { ability, by, ready: found.every(Boolean) };
    }),
  );
}
