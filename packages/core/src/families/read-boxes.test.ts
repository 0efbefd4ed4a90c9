import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Box } from "../page.ts";
import { countedSize, familyOf } from "./index.ts";
import type { PictureSize } from "./model-family.ts";
import { readBoxes } from "./read-boxes.ts";

function read(modelId: string, text: string, original: PictureSize, sent: PictureSize = original) {
  const { boxes } = familyOf(modelId);
  if (boxes === undefined) throw new Error(`${modelId} has no convention`);
  return readBoxes(text, boxes, sent, original);
}

const SQUARE = { width: 1000, height: 1000 };

/** Answers as their sources print them, and the pixels they mean. To the nearest whole pixel. */
test.each<[string, string, PictureSize, PictureSize, Box]>([
  // RefCOCO sample 0 through Ollama: truth 468,0 to 640,117 of 640 x 428.
  [
    "qwen3-vl:8b",
    '```json\n{"bbox_2d": [731, 2, 1000, 273]}\n```',
    { width: 640, height: 428 },
    { width: 640, height: 428 },
    { x: 468, y: 1, width: 172, height: 116 },
  ],
  [
    "qwen2-vl:7b",
    '[{"bbox_2d": [731, 2, 1000, 273], "label": "man"}]',
    { width: 640, height: 428 },
    { width: 640, height: 428 },
    { x: 468, y: 1, width: 172, height: 116 },
  ],
  // QwenLM/Qwen3-VL, GROUNDING_DATA_FORMAT.md: pixels of the resized picture; the original here is twice as large.
  [
    "qwen2.5vl:7b",
    '{"bbox_2d": [135, 114, 1016, 672], "label": "house"}',
    { width: 2800, height: 1680 },
    { width: 1400, height: 840 },
    { x: 270, y: 228, width: 1762, height: 1116 },
  ],
  // y first.
  [
    "gemini-2.5-flash",
    '[{"box_2d": [182, 110, 808, 882], "label": "headphones"}]',
    { width: 500, height: 1000 },
    SQUARE,
    { x: 55, y: 182, width: 386, height: 626 },
  ],
  ["gemma4:12b", '{"action": "pick apple", "box_2d": [393, 278, 461, 354]}', SQUARE, SQUARE, { x: 278, y: 393, width: 76, height: 68 }],
  // README of zai-org/GLM-V.
  [
    "zai-org/GLM-4.6V",
    "The coordinates of the second bottle of beer from the right on the table are <|begin_of_box|>[[94,598,177,991]]<|end_of_box|>.",
    SQUARE,
    SQUARE,
    { x: 94, y: 598, width: 83, height: 393 },
  ],
  [
    "InternVL3-8B",
    "a tall red <ref>bus</ref><box>[[290, 202, 835, 851]]</box>",
    { width: 2000, height: 1000 },
    SQUARE,
    { x: 580, y: 202, width: 1090, height: 649 },
  ],
  // An output of DeepSeek-OCR, which writes the same tags; 999 is the edge.
  [
    "deepseek-vl2",
    "<|ref|>text<|/ref|><|det|>[[120, 68, 270, 82]]<|/det|>",
    { width: 999, height: 999 },
    SQUARE,
    { x: 120, y: 68, width: 150, height: 14 },
  ],
  // ms-swift, test of paligemma-3b-mix-224: "detect cat".
  [
    "paligemma-3b-mix-224",
    "<loc0000><loc0000><loc1022><loc1022> cat",
    { width: 1024, height: 512 },
    SQUARE,
    { x: 0, y: 0, width: 1022, height: 511 },
  ],
  [
    "paligemma2",
    "<loc0256><loc0512><loc0768><loc1023> cloud",
    { width: 1024, height: 1024 },
    SQUARE,
    { x: 512, y: 256, width: 511, height: 512 },
  ],
  // The green car of the model card, 640 x 480: [34.24, 160.08, 597.44, 371.76], the middles of bins.
  [
    "Florence-2-large",
    "car<loc_53><loc_333><loc_933><loc_774>",
    { width: 640, height: 480 },
    SQUARE,
    { x: 34, y: 160, width: 563, height: 212 },
  ],
  [
    "moondream",
    '{"objects": [{"x_min": 0.2, "y_min": 0.3, "x_max": 0.6, "y_max": 0.8}]}',
    SQUARE,
    SQUARE,
    { x: 200, y: 300, width: 400, height: 500 },
  ],
  // A 3000 x 2000 photograph is sent as 1568 x 1045.
  [
    "claude-sonnet-5",
    '[{"box": [100, 200, 400, 600], "label": "table"}]',
    { width: 3000, height: 2000 },
    { width: 1568, height: 1045 },
    { x: 191, y: 383, width: 574, height: 765 },
  ],
])("%s: %s", (modelId, text, original, sent, box) => {
  expect(read(modelId, text, original, sent)).toEqual({ boxes: [box], points: [], refused: 0 });
});

test("Qwen2.5-VL counts in a picture whose sides are multiples of 28", () => {
  // 1540 x 1027 becomes 1540 x 1036: its lower edge is 1036.
  expect(countedSize({ step: 28 }, { width: 1540, height: 1027 })).toEqual({ width: 1540, height: 1036 });
  expect(read("qwen2.5vl:7b", "[0, 518, 1540, 1036]", { width: 3000, height: 2000 }, { width: 1540, height: 1027 })?.boxes).toEqual([
    { x: 0, y: 1000, width: 3000, height: 1000 },
  ]);
});

test("Molmo points in percent of each side", () => {
  const answer = '<point x="43.0" y="58.0" alt="robot gripper">robot gripper</point>';
  expect(read("molmo-7b", answer, { width: 2000, height: 500 })).toEqual({ boxes: [], points: [{ x: 860, y: 290 }], refused: 0 });
  expect(read("molmo-7b", '<points x1="10" y1="20" x2="30.5" y2="40" alt="dogs">dogs</points>', SQUARE)?.points).toEqual([
    { x: 100, y: 200 },
    { x: 305, y: 400 },
  ]);
});

test("Llama 3.2 Vision and unknown models are never asked for boxes", () => {
  expect([familyOf("llama3.2-vision").boxes, familyOf("something").boxes, familyOf("gemma3").boxes]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

describe("what models write around and beside their convention", () => {
  test.each([
    ["an answer that was cut off", '[{"bbox_2d": [10, 20, 30, 40], "label": "a"}, {"bbox_2d": [50, 60', 1],
    ["the same box twice", "[[10, 20, 30, 40], [10, 20, 30, 40]]", 1],
    ["shares in a family that counts to 1000", "[0.1, 0.2, 0.3, 0.4]", 1],
    ["two boxes", "[[10,20,30,40],[500,20,700,40]]", 2],
    ["nothing there", "[]", 0],
    ["nothing there, in words", "There is no dog in this picture.", 0],
  ])("%s", (_name, text, count) => {
    expect(read("qwen3-vl", text, SQUARE)).toMatchObject({ boxes: { length: count }, refused: 0 });
  });

  test("more than 1000 means pixels of the picture that was sent", () => {
    expect(read("qwen3-vl", "[100, 100, 1200, 700]", { width: 3000, height: 1600 }, { width: 1500, height: 800 })?.boxes).toEqual([
      { x: 200, y: 200, width: 2200, height: 1200 },
    ]);
  });

  test.each([
    ["corners exchanged", "[300, 20, 30, 40]"],
    ["no size", "[30, 20, 30, 40]"],
    ["outside", "[100, 100, 5000, 700]"],
    ["left of the picture", "[-500, 10, 20, 30]"],
  ])("%s is refused, never mended", (_name, text) => {
    expect(read("qwen3-vl", text, SQUARE)).toEqual({ boxes: [], points: [], refused: 1 });
  });

  test("prose without a box or a no is no answer", () => {
    expect(read("qwen3-vl", "It is a lovely street scene.", SQUARE)).toBeUndefined();
  });
});

test("what is written in a family's convention comes back within a pixel or the scale's own step", () => {
  const side = fc.integer({ min: 50, max: 4000 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.constantFrom("qwen3-vl", "qwen2.5vl", "gemini", "deepseek-vl2", "paligemma", "claude"),
      side,
      side,
      share,
      share,
      share,
      share,
      (id, width, height, a, b, c, d) => {
        const convention = familyOf(id).boxes;
        if (convention === undefined) return;
        const sent = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
        const [left, right] = [Math.min(a, b), Math.max(a, b)];
        const [top, bottom] = [Math.min(c, d), Math.max(c, d)];
        const scale = convention.scale === "pixels" ? countedSize(convention, sent) : { width: convention.scale, height: convention.scale };
        const [x1, x2] = [left, right].map((each) => Math.round(each * scale.width)) as [number, number];
        const [y1, y2] = [top, bottom].map((each) => Math.round(each * scale.height)) as [number, number];
        if (x1 >= x2 || y1 >= y2 || x2 <= 1) return;
        const [box] =
          readBoxes(JSON.stringify(convention.order === "yxyx" ? [y1, x1, y2, x2] : [x1, y1, x2, y2]), convention, sent, { width, height })
            ?.boxes ?? [];
        const step = { x: 2 + width / scale.width, y: 2 + height / scale.height };
        expect(Math.abs((box?.x ?? NaN) - left * width)).toBeLessThanOrEqual(step.x);
        expect(Math.abs((box?.y ?? NaN) - top * height)).toBeLessThanOrEqual(step.y);
        expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
        expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(height);
      },
    ),
  );
});
