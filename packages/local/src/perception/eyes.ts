import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Where the build puts the weights, for sources and for the built package alike. */
export const WEIGHTS = new URL("../../weights/", import.meta.url);

/** What this machine sees by itself, and the weights without which it does not. Names are for people. */
export const EYES: readonly { readonly ability: string; readonly by: string; readonly weights?: readonly string[] }[] = [
  {
    ability: "text recognition",
    by: "PP-OCR, with Tesseract for the letters of European print",
    weights: [
      ...["detector.onnx", "english.onnx", "english.json", "tesseract.cjs", "tesseract.wasm"].map((name) => `ocr/${name}`),
      ...["deu", "fra", "ita", "nld", "por", "spa"].map((language) => `ocr/${language}.traineddata`),
    ],
  },
  { ability: "object detection", by: "SSDLite MobileNet v2, 80 kinds of objects (COCO)", weights: ["detector.onnx"] },
  { ability: "colors, clothing and kind of picture", by: "pixels" },
];

export interface Eye {
  readonly ability: string;
  readonly by: string;
  readonly ready: boolean;
}

/** Looks whether the weights are there; loads none of them. */
export function embeddedEyes(): Promise<Eye[]> {
  const isThere = (name: string): Promise<boolean> =>
    stat(fileURLToPath(new URL(name, WEIGHTS))).then(
      (file) => file.size > 0,
      () => false,
    );
  return Promise.all(
    EYES.map(async ({ ability, by, weights }) => {
      const found = await Promise.all((weights ?? []).map(isThere));
      return { ability, by, ready: weights === undefined || (found.length > 0 && found.every(Boolean)) };
    }),
  );
}
