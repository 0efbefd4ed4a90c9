import { LINE_HEIGHT, type LineImage } from "./line-image.ts";

/** A line of print with its ink told from its paper. */
export interface InkedLine {
  /** Rec. 601 luma, `LINE_HEIGHT` rows. */
  readonly gray: Uint8Array;
  /** What is as dark as this is ink; paper where the line is light on dark. */
  readonly threshold: number;
  /** Most of the line is dark, so the print on it is what is light. */
  readonly isLightOnDark: boolean;
}

export function findInk({ data, width }: LineImage): InkedLine {
  const gray = new Uint8Array(width * LINE_HEIGHT);
  for (let i = 0, from = 0; i < gray.length; i += 1, from += 3)
    gray[i] = 0.299 * data[from]! + 0.587 * data[from + 1]! + 0.114 * data[from + 2]!;
  const threshold = otsuThreshold(gray);
  let dark = 0;
  for (const value of gray) if (value <= threshold) dark += 1;
  return { gray, threshold, isLightOnDark: dark > gray.length / 2 };
}

/** Ink in each column of a line, in pixels. */
export function inkOf(line: LineImage): Uint8Array {
  const { gray, threshold, isLightOnDark } = findInk(line);
  const ink = new Uint8Array(line.width);
  for (let i = 0; i < gray.length; i += 1) if (gray[i]! <= threshold !== isLightOnDark) ink[i % line.width]! += 1;
  return ink;
}

/** The gray value that parts the picture into two classes of largest between-class variance (Otsu 1979); the darker class is up to and with it. */
function otsuThreshold(gray: Uint8Array): number {
  const histogram = new Float64Array(256);
  for (const value of gray) histogram[value]! += 1;
  let total = 0;
  histogram.forEach((count, value) => (total += count * value));
  let threshold = 0;
  let largest = -1;
  let count = 0;
  let sum = 0;
  for (let value = 0; value < 256; value += 1) {
    count += histogram[value]!;
    sum += histogram[value]! * value;
    if (count === 0 || count === gray.length) continue;
    const apart = sum / count - (total - sum) / (gray.length - count);
    const variance = count * (gray.length - count) * apart * apart;
    if (variance > largest) [largest, threshold] = [variance, value];
  }
  return threshold;
}
