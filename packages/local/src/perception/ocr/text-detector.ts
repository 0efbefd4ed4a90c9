import sharp from "sharp";
import type { OnnxModel } from "../onnx.ts";
import type { RgbImage } from "./line-crop.ts";
import { findTextRegions, REGION_OPTIONS, type RegionOptions, type TextRegion } from "./text-regions.ts";

/** The network halves its input five times. */
const STRIDE = 32;
/** ImageNet's mean and standard deviation, per channel, which PP-OCR's detector was trained with. */
const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;

/** Pixels the network sees of a page. */
const AREA = 1_000_000;
/** Small pictures are enlarged at most this much. */
const MAX_ENLARGEMENT = 1.5;

/** Where lines of text stand, in pixels of `image`. */
export async function detectText(model: OnnxModel, image: RgbImage, options: RegionOptions = REGION_OPTIONS): Promise<TextRegion[]> {
  const scale = Math.min(MAX_ENLARGEMENT, Math.sqrt(AREA / (image.width * image.height)));
  const width = Math.max(STRIDE, Math.round((image.width * scale) / STRIDE) * STRIDE);
  const height = Math.max(STRIDE, Math.round((image.height * scale) / STRIDE) * STRIDE);
  const pixels = await sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 }, limitInputPixels: false })
    .resize(width, height, { fit: "fill", kernel: "cubic" })
    .raw()
    .toBuffer();
  const size = width * height;
  const input = new Float32Array(3 * size);
  for (let channel = 0; channel < 3; channel += 1) {
    const factor = 1 / (255 * DEVIATION[channel]!);
    const shift = MEAN[channel]! / DEVIATION[channel]!;
    for (let i = 0, at = channel; i < size; i += 1, at += 3) input[channel * size + i] = pixels[at]! * factor - shift;
  }
  const outputs = await model.run({ [model.inputNames[0]!]: { data: input, dims: [1, 3, height, width] } });
  const map = outputs[model.outputNames[0]!]!;
  const scaleX = image.width / width;
  const scaleY = image.height / height;
  return findTextRegions({ data: map.data, width, height }, options).map(({ rect, score }) => ({
    score,
    rect: {
      ...rect,
      centerX: rect.centerX * scaleX,
      centerY: rect.centerY * scaleY,
      width: rect.width * scaleX,
      height: rect.height * scaleY,
    },
  }));
}
