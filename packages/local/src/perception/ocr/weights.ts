import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { SetupError } from "@sightline/core";
import { WEIGHTS } from "../eyes.ts";
import { loadModel, type OnnxModel } from "../onnx.ts";
import type { Recognizer } from "./line-reader.ts";

/** Path of a file that scripts/weights/ocr.ts made. */
export const weightPath = (name: string): string => fileURLToPath(new URL(`ocr/${name}`, WEIGHTS));

/** Runs `load`; a weight that is not there is the operator's to mend. */
export async function fromWeights<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new SetupError(`The weights of text recognition cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: "Install @sightline/local again, or run `pnpm build` in a checkout.",
      cause,
    });
  }
}

export const loadDetector = (): Promise<OnnxModel> => fromWeights(() => loadModel(weightPath("detector.onnx")));

/** `cores`: see `loadModel`. */
export const loadRecognizer = (cores?: number): Promise<Recognizer> =>
  fromWeights(async () => ({
    model: await loadModel(weightPath("english.onnx"), cores),
    alphabet: JSON.parse(await readFile(weightPath("english.json"), "utf8")) as string[],
  }));
