import type { OnnxModel } from "../onnx.ts";
import { decodeCtc, type ReadCharacter } from "./ctc.ts";

/** The height every PP-OCR recogniser reads lines at. */
export const LINE_HEIGHT = 48;
/** Pixels a time step covers. */
export const STEP = 8;

/** A recogniser with its alphabet: class `i` (1 or more) is `alphabet[i - 1]`. */
export interface Recognizer {
  readonly model: OnnxModel;
  readonly alphabet: readonly string[];
}

/** A line cut out of the picture: RGB, `LINE_HEIGHT` high. */
export interface LineImage {
  readonly data: Uint8Array;
  readonly width: number;
}

/** Pixels of one batch, padding counted. Larger batches need more memory and are no faster (measured: 2400 columns 772 ms, 800 636 ms). */
const BATCH_PIXELS = LINE_HEIGHT * 1000;
/** Lines in one batch may be this much wider than its narrowest: the rest is padding that is paid for. */
const MAX_WIDENING = 1.1;

/** Reads every line, in the order given. Lines of like width share a run. */
export async function readLines({ model, alphabet }: Recognizer, lines: readonly LineImage[]): Promise<ReadCharacter[][]> {
  const read: ReadCharacter[][] = lines.map(() => []);
  const order = lines.map((_, index) => index).sort((a, b) => lines[a]!.width - lines[b]!.width);
  for (let start = 0; start < order.length;) {
    let end = start;
    let width = 0;
    const narrowest = lines[order[start]!]!.width + STEP;
    while (end < order.length) {
      const next = Math.ceil(lines[order[end]!]!.width / STEP) * STEP;
      if (end > start && (next * LINE_HEIGHT * (end - start + 1) > BATCH_PIXELS || next > narrowest * MAX_WIDENING)) break;
      width = Math.max(width, next);
      end += 1;
    }
    const batch = order.slice(start, end);
    const plane = LINE_HEIGHT * width;
    // Zeros are mid-grey, which is how PP-OCR pads.
    const input = new Float32Array(batch.length * 3 * plane);
    batch.forEach((index, i) => fill(input, i * 3 * plane, width, lines[index]!));
    const outputs = await model.run({ [model.inputNames[0]!]: { data: input, dims: [batch.length, 3, LINE_HEIGHT, width] } });
    const { data, dims } = outputs[model.outputNames[0]!]!;
    const [, steps = 0, classes = 0] = dims;
    if (classes !== alphabet.length + 1) throw new Error(`The recogniser knows ${classes} classes, its alphabet ${alphabet.length + 1}.`);
    batch.forEach((index, i) => {
      const own = Math.min(steps, Math.ceil(lines[index]!.width / STEP) + 1);
      read[index] = decodeCtc(data, i * steps * classes, own, alphabet);
    });
    start = end;
  }
  return read;
}

function fill(input: Float32Array, offset: number, width: number, line: LineImage): void {
  const plane = LINE_HEIGHT * width;
  for (let y = 0; y < LINE_HEIGHT; y += 1) {
    let at = y * line.width * 3;
    let to = offset + y * width;
    for (let x = 0; x < line.width; x += 1, at += 3, to += 1) {
      // Blue first: PP-OCR was trained on OpenCV's order.
      input[to] = line.data[at + 2]! / 127.5 - 1;
      input[to + plane] = line.data[at + 1]! / 127.5 - 1;
      input[to + 2 * plane] = line.data[at]! / 127.5 - 1;
    }
  }
}
