/**
 * The arithmetic around the SSD network in `weights/detector.onnx`: its anchor boxes and its box code.
 * Both are those of the TensorFlow Object Detection API's `ssdlite_mobilenet_v2_coco` pipeline
 * (`ssd_anchor_generator`: scales 0.2 to 0.95 over six layers, `reduce_boxes_in_lowest_layer`;
 * `faster_rcnn_box_coder`: 10, 10, 5, 5).
 */

/** Height and width in pixels the network was trained on: its anchors have these sizes whatever the input's. */
export const TRAINED_SIDE = 300;

const MIN_SCALE = 0.2;
const MAX_SCALE = 0.95;
const LAYERS = 6;
const ASPECT_RATIOS = [1, 2, 1 / 2, 3, 1 / 3];
/** The lowest layer has three small anchors instead of six. */
const LOWEST_LAYER: readonly (readonly [scale: number, ratio: number])[] = [
  [0.1, 1],
  [MIN_SCALE, 2],
  [MIN_SCALE, 1 / 2],
];
/** The first layer's cell in pixels; each further layer halves the grid, rounding up. */
const FIRST_STRIDE = 16;
const CODE_SCALES = [10, 10, 5, 5] as const;

function anchorShapes(layer: number): readonly (readonly [scale: number, ratio: number])[] {
  if (layer === 0) return LOWEST_LAYER;
  const scaleOf = (index: number): number => (index < LAYERS ? MIN_SCALE + ((MAX_SCALE - MIN_SCALE) * index) / (LAYERS - 1) : 1);
  const scale = scaleOf(layer);
  return [...ASPECT_RATIOS.map((ratio) => [scale, ratio] as const), [Math.sqrt(scale * scaleOf(layer + 1)), 1] as const];
}

/**
 * The anchors for an input of `width` x `height` pixels in the network's order, four numbers each:
 * centre y, centre x, height, width, in pixels of the input.
 */
export function anchorBoxes(width: number, height: number): Float32Array {
  const anchors: number[] = [];
  let rows = Math.ceil(height / FIRST_STRIDE);
  let columns = Math.ceil(width / FIRST_STRIDE);
  for (let layer = 0; layer < LAYERS; layer++) {
    const shapes = anchorShapes(layer).map(([scale, ratio]) => {
      const root = Math.sqrt(ratio);
      return { height: (TRAINED_SIDE * scale) / root, width: TRAINED_SIDE * scale * root };
    });
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (const shape of shapes)
          anchors.push(((row + 0.5) * height) / rows, ((column + 0.5) * width) / columns, shape.height, shape.width);
    rows = Math.ceil(rows / 2);
    columns = Math.ceil(columns / 2);
  }
  return Float32Array.from(anchors);
}

/** The box at `index` of the network's codes, in pixels of its input; it may reach beyond the picture. */
export function decodeBox(
  codes: Float32Array,
  anchors: Float32Array,
  index: number,
): { left: number; top: number; right: number; bottom: number } {
  const at = index * 4;
  const [y = 0, x = 0, height = 0, width = 0] = anchors.subarray(at, at + 4);
  const [codeY = 0, codeX = 0, codeHeight = 0, codeWidth = 0] = codes.subarray(at, at + 4);
  const centreY = y + (codeY / CODE_SCALES[0]) * height;
  const centreX = x + (codeX / CODE_SCALES[1]) * width;
  const halfHeight = (height * Math.exp(codeHeight / CODE_SCALES[2])) / 2;
  const halfWidth = (width * Math.exp(codeWidth / CODE_SCALES[3])) / 2;
  return { left: centreX - halfWidth, top: centreY - halfHeight, right: centreX + halfWidth, bottom: centreY + halfHeight };
}
