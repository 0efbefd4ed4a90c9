import type { OnnxModel } from "../onnx.ts";
import { findDoubtfulSigns, type DoubtfulText } from "./currency-signs.ts";
import { decodeCtc, type LineProbabilities } from "./ctc.ts";
import { withFaintMarks } from "./faint-marks.ts";
import { LINE_HEIGHT, STEP, type LineImage } from "./line-image.ts";
import { withWordSpaces } from "./word-spaces.ts";

/** A recogniser with its alphabet: class `i` (1 or more) is `alphabet[i - 1]`. */
export interface Recognizer {
  readonly model: OnnxModel;
  readonly alphabet: readonly string[];
}

/** A line as read. */
export interface Reading {
  /** With spaces and marks that the network saw but faintly. */
  readonly text: string;
  /** Without them: greedy decoding alone. */
  readonly plain: string;
  /** Mean over what is `plain`, 0 to 1. */
  readonly confidence: number;
  /** The text once more where currency signs may stand in it that the network cannot write. */
  readonly doubtful?: DoubtfulText;
}

/** Pixels of one batch, padding counted. Larger batches need more memory and are no faster (measured: 2400 columns 772 ms, 800 636 ms). */
const BATCH_PIXELS = LINE_HEIGHT * 1000;
/** Lines in one batch may be this much wider than its narrowest: the rest is padding that is paid for. */
const MAX_WIDENING = 1.1;

/** Reads every line, in the order given. Lines of like width share a run. */
export async function readLines({ model, alphabet }: Recognizer, lines: readonly LineImage[]): Promise<Reading[]> {
  const read: Reading[] = [];
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
      const line = lines[index]!;
      const own = Math.min(steps, Math.ceil(line.width / STEP) + 1);
      read[index] = toReading({ data, offset: i * steps * classes, steps: own, alphabet }, line);
    });
    start = end;
  }
  return read;
}

function toReading(line: LineProbabilities, image: LineImage): Reading {
  const characters = decodeCtc(line);
  const plain = characters.map(({ text }) => text).join("");
  const sum = characters.reduce((total, { confidence }) => total + confidence, 0);
  const printed = withFaintMarks(characters, line);
  const { characters: doubtful, signs } = findDoubtfulSigns(printed, image);
  return {
    text: withWordSpaces(printed, line, image),
    ...(signs.length > 0 && { doubtful: { text: withWordSpaces(doubtful, line, image), signs } }),
    plain: plain.replace(/ {2,}/g, " ").trim(),
    confidence: characters.length === 0 ? 0 : sum / characters.length,
  };
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
