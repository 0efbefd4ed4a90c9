import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { View } from "./detector-views.ts";
import { doubtful, joinViews, leastConfidence, settle, type Detection, type Seen } from "./fuse-detections.ts";

const WHOLE: View = { left: 0, top: 0, right: 600, bottom: 400, width: 300, height: 300, mirrored: false };
const LEFT: View = { ...WHOLE, right: 400 };

function fuse(views: readonly Seen[], width: number, height: number): Detection[] {
  return settle(joinViews(views, width, height), width);
}

function seen(label: string, confidence: number, [left, top, right, bottom]: readonly [number, number, number, number]): Detection {
  return { label, confidence, left, top, right, bottom };
}

describe("the vote of the views", () => {
  const person = [100, 50, 180, 300] as const;

  test("joins what both see, with the mean confidence", () => {
    const found = fuse(
      [
        { view: WHOLE, detections: [seen("person", 0.9, person)] },
        { view: WHOLE, detections: [seen("person", 0.5, [104, 50, 184, 300])] },
      ],
      600,
      400,
    );
    expect(found).toHaveLength(1);
    expect(found[0]?.confidence).toBeCloseTo(0.7);
    expect(found[0]?.left).toBeCloseTo((0.9 * 100 + 0.5 * 104) / 1.4);
  });

  test("a view that had it before it and does not see it votes against", () => {
    const found = fuse(
      [
        { view: WHOLE, detections: [seen("person", 0.9, person)] },
        { view: WHOLE, detections: [] },
      ],
      600,
      400,
    );
    expect(found[0]?.confidence).toBeCloseTo(0.45);
  });

  test("a view that did not have it before it has no vote", () => {
    const right = [450, 50, 530, 300] as const;
    const found = fuse(
      [
        { view: WHOLE, detections: [seen("person", 0.9, right)] },
        { view: LEFT, detections: [] },
      ],
      600,
      400,
    );
    expect(found[0]?.confidence).toBeCloseTo(0.9);
  });

  test("half a thing at a view's cut edge is not a second thing", () => {
    const found = fuse(
      [
        { view: WHOLE, detections: [seen("bus", 0.9, [200, 100, 580, 300])] },
        { view: LEFT, detections: [seen("bus", 0.9, [200, 100, 399, 300])] },
      ],
      600,
      400,
    );
    expect(found).toHaveLength(1);
    expect(found[0]?.right).toBeCloseTo(580);
  });

  test("the picture's own edge cuts nothing off", () => {
    const found = fuse([{ view: LEFT, detections: [seen("person", 0.6, [0, 100, 60, 300])] }], 600, 400);
    expect(found).toHaveLength(1);
  });
});

describe("each thing once", () => {
  const once = (...detections: readonly Detection[]): string[] =>
    fuse([{ view: WHOLE, detections }], 600, 400).map(({ label, confidence }) => `${label} ${confidence}`);

  test("two names for one place: the surer one", () => {
    expect(once(seen("sheep", 0.6, [100, 100, 300, 300]), seen("horse", 0.8, [105, 100, 300, 305]))).toEqual(["horse 0.8"]);
  });

  test("a rider and a horse are two", () => {
    expect(once(seen("person", 0.9, [160, 40, 240, 200]), seen("horse", 0.8, [100, 100, 300, 350]))).toEqual(["person 0.9", "horse 0.8"]);
  });

  test("an unsure box inside a sure one of its kind is a part of it", () => {
    expect(once(seen("person", 0.9, [100, 50, 200, 350]), seen("person", 0.4, [110, 60, 190, 160]))).toEqual(["person 0.9"]);
  });

  test("a sure one inside another is a child before its mother", () => {
    expect(once(seen("person", 0.9, [100, 50, 200, 350]), seen("person", 0.7, [120, 200, 170, 345]))).toHaveLength(2);
  });

  test("a frame around two people is a group, not a third", () => {
    const two = [seen("person", 0.9, [100, 50, 180, 350]), seen("person", 0.8, [190, 50, 270, 350])];
    expect(once(...two, seen("person", 0.6, [95, 45, 275, 355]))).toEqual(["person 0.9", "person 0.8"]);
  });
});

describe("a closer look", () => {
  test("is not taken at what is clear", () => {
    expect(doubtful([seen("person", 0.9, [100, 50, 180, 300])], 600)).toEqual([]);
  });

  test("is taken at what is not, and at one of two rival names in a place", () => {
    const joined = [
      seen("horse", 0.8, [100, 100, 300, 300]),
      seen("sheep", 0.6, [105, 100, 300, 305]),
      seen("person", 0.3, [400, 50, 480, 300]),
    ];
    expect(doubtful(joined, 600).map(({ label }) => label)).toEqual(["horse", "person"]);
  });

  test("is not taken at what will never count", () => {
    expect(doubtful([seen("kite", 0.1, [10, 10, 60, 60])], 600)).toEqual([]);
  });

  test("is taken six times at most", () => {
    expect(
      doubtful(
        Array.from({ length: 30 }, (_, index) => seen("person", 0.4, [index * 20, 50, index * 20 + 15, 90])),
        600,
      ),
    ).toHaveLength(6);
  });
});

test("people count from a lower confidence than things, from the lowest where the picture's side cuts them off", () => {
  const [inside, atSide] = [
    { left: 100, right: 180 },
    { left: 0, right: 60 },
  ];
  expect(leastConfidence({ label: "person", ...inside }, 600)).toBeLessThan(leastConfidence({ label: "kite", ...inside }, 600));
  expect(leastConfidence({ label: "person", ...atSide }, 600)).toBeLessThan(leastConfidence({ label: "person", ...inside }, 600));
});

test("whatever the views show: boxes inside the picture, surest first, nothing twice in one place", () => {
  const detection = fc
    .record({
      label: fc.constantFrom("person", "dog"),
      confidence: fc.double({ min: 0.05, max: 1, noNaN: true }),
      left: fc.integer({ min: -50, max: 550 }),
      top: fc.integer({ min: -50, max: 350 }),
      width: fc.integer({ min: 5, max: 400 }),
      height: fc.integer({ min: 5, max: 300 }),
    })
    .map(({ width, height, ...box }) => ({ ...box, right: box.left + width, bottom: box.top + height }));
  fc.assert(
    fc.property(fc.array(detection, { maxLength: 12 }), fc.array(detection, { maxLength: 12 }), (first, second) => {
      const found = fuse(
        [
          { view: WHOLE, detections: first },
          { view: LEFT, detections: second },
        ],
        600,
        400,
      );
      found.forEach((each, index) => {
        expect(each.left).toBeGreaterThanOrEqual(0);
        expect(each.bottom).toBeLessThanOrEqual(400);
        expect(each.confidence).toBeLessThanOrEqual(1);
        expect(each.confidence).toBeGreaterThanOrEqual(leastConfidence(each, 600));
        for (const later of found.slice(index + 1)) {
          expect(later.confidence).toBeLessThanOrEqual(each.confidence);
          if (later.label === each.label) expect(overlap(each, later)).toBeLessThanOrEqual(0.5);
        }
      });
    }),
  );
});

function overlap(a: Detection, b: Detection): number {
  const shared =
    Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  const area = (box: Detection): number => (box.right - box.left) * (box.bottom - box.top);
  return shared === 0 ? 0 : shared / (area(a) + area(b) - shared);
}
