import { LINE_HEIGHT, type LineImage } from "./line-image.ts";

/** Ink in each column of a line, in pixels. What is darker than Otsu's threshold is ink, or lighter where most of the line is dark. */
export function inkOf({ data, width }: LineImage): Uint8Array {
  const gray = new Uint8Array(width * LINE_HEIGHT);
  // Rec. 601 luma.
  for (let i = 0, from = 0; i < gray.length; i += 1, from += 3)
    gray[i] = 0.299 * data[from]! + 0.587 * data[from + 1]! + 0.114 * data[from + 2]!;
  const threshold = otsuThreshold(gray);
  let dark = 0;
  for (const value of gray) if (value <= threshold) dark += 1;
  const isInkDark = dark <= gray.length / 2;
  const ink = new Uint8Array(width);
  for (let i = 0; i < gray.length; i += 1) if (gray[i]! <= threshold === isInkDark) ink[i % width]! += 1;
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
