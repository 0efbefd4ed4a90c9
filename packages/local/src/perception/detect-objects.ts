import { fileURLToPath } from "node:url";
import type { DetectedObject, DetectedObjects } from "@sightline/core";
import { clampBox } from "@sightline/core/page";
import type { Pixels } from "../media/decode.ts";
import { sharp } from "../media/libvips.ts";
import { COCO_LABELS } from "./coco-labels.ts";
import { closerView, detectorViews, type View } from "./detector-views.ts";
import { WEIGHTS } from "./eyes.ts";
import { doubtful, joinViews, settle, type Detection, type Seen } from "./fuse-detections.ts";
import { loadModel, type OnnxModel } from "./onnx.ts";
import { isDrawn, pictureFeatures } from "./picture-features.ts";
import { anchorBoxes, decodeBox, TRAINED_SIDE } from "./ssd.ts";

/** Made by scripts/weights/detector.ts. */
const NETWORK = fileURLToPath(new URL("detector.onnx", WEIGHTS));

const SIDE = TRAINED_SIDE;
const ANCHORS = anchorBoxes(SIDE, SIDE);
/** The network's class columns: 0 is the background, the others are COCO's category numbers. */
const CLASSES = 91;
/** A single view's scores below this say nothing; what counts is decided when all views are joined. */
const NOTICED = 0.05;
/** The network's grey: 0 on its scale from -1 to 1. */
const GREY = 127.5;

/** Flat rectangles. One that fills the picture is the page or the screen that is shown, no thing in it. */
const RECTANGLES: ReadonlySet<string> = new Set(["tv", "laptop", "cell phone", "book", "refrigerator", "microwave"]);
const FILLS = 0.85;

/**
 * Finds people and the other 79 kinds of COCO. Boxes in full-resolution pixels, inside the picture, highest confidence first.
 * The network knows photographs: of what it finds in what a machine has drawn (charts, screens, diagrams) next to nothing is there. A person cut out
 * before a plain ground looks drawn as well: what it is sure of at the first glance counts.
 */
export async function detectObjects(pixels: Pixels): Promise<DetectedObjects> {
  const drawn = isDrawn(pictureFeatures(pixels));
  const model = await loadModel(NETWORK);
  const seen: Seen[] = [];
  const look = async (view: View): Promise<void> => void seen.push({ view, detections: await detectIn(view, pixels, model) });
  for (const view of detectorViews(pixels.width, pixels.height, SIDE)) {
    await look(view);
    if (drawn && !seen.some(({ detections }) => detections.some(isSure))) return { ...pixels.original, objects: [] };
  }
  for (const doubt of doubtful(joinViews(seen, pixels.width, pixels.height), pixels.width))
    await look(closerView(doubt, pixels.width, pixels.height, SIDE));
  const settled = settle(joinViews(seen, pixels.width, pixels.height), pixels.width).filter((thing) => !drawn || isSure(thing));

  const { width, height } = pixels.original;
  const [scaleX, scaleY] = [width / pixels.width, height / pixels.height];
  const objects: DetectedObject[] = [];
  for (const { label, confidence, left, top, right, bottom } of settled.filter((thing) => !fillsAsRectangle(thing, pixels))) {
    const found = { x: left * scaleX, y: top * scaleY, width: (right - left) * scaleX, height: (bottom - top) * scaleY };
    const box = clampBox(found, width, height);
    if (box !== undefined) objects.push({ label, confidence: Math.round(confidence * 1000) / 1000, box });
  }
  return { width, height, objects };
}

/** Sure enough to be no drawing: a pie was taken for an airplane with 0.92, and nothing drawn for a person with more than 0.5. */
function isSure({ label, confidence }: Detection): boolean {
  return label === "person" && confidence >= 0.7;
}

function fillsAsRectangle({ label, left, top, right, bottom }: Detection, { width, height }: Pixels): boolean {
  return RECTANGLES.has(label) && (right - left) * (bottom - top) > FILLS * width * height;
}

async function detectIn(view: View, pixels: Pixels, model: OnnxModel): Promise<Detection[]> {
  const { box_codes: codes, scores } = await model.run({ image: { data: await networkInput(view, pixels), dims: [1, 3, SIDE, SIDE] } });
  if (codes?.data.length !== ANCHORS.length || scores === undefined)
    throw new TypeError(`${NETWORK} is not the detector this code was written for.`);
  const scaleX = (view.right - view.left) / view.width;
  const scaleY = (view.bottom - view.top) / view.height;
  const detections: Detection[] = [];
  for (let anchor = 0; anchor < ANCHORS.length / 4; anchor++) {
    for (const [category, label] of COCO_LABELS) {
      const confidence = scores.data[anchor * CLASSES + category] ?? 0;
      if (confidence < NOTICED) continue;
      const { left, top, right, bottom } = decodeBox(codes.data, ANCHORS, anchor);
      const [x0, x1] = view.mirrored ? [view.width - right, view.width - left] : [left, right];
      detections.push({
        label,
        confidence,
        left: view.left + x0 * scaleX,
        top: view.top + top * scaleY,
        right: view.left + x1 * scaleX,
        bottom: view.top + bottom * scaleY,
      });
    }
  }
  return detections;
}

/** The view's pixels, channels first, from -1 to 1; grey where the view does not fill the input. */
async function networkInput(view: View, { data, width, height }: Pixels): Promise<Float32Array> {
  const { left, top } = view;
  const part = sharp(data, { raw: { width, height, channels: 3 } })
    .extract({ left, top, width: view.right - left, height: view.bottom - top })
    .resize({ width: view.width, height: view.height, fit: "fill", kernel: "linear" })
    .flop(view.mirrored);
  const drawn = await part.raw().toBuffer();
  const input = new Float32Array(3 * SIDE * SIDE);
  for (let y = 0, from = 0; y < view.height; y++) {
    for (let x = 0; x < view.width; x++) {
      for (let channel = 0; channel < 3; channel++) input[(channel * SIDE + y) * SIDE + x] = (drawn[from++] ?? 0) / GREY - 1;
    }
  }
  return input;
}
