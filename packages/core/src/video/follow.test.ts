import { expect, test } from "vitest";
import type { VideoSample } from "../ports.ts";
import { follow } from "./follow.ts";

const [WIDTH, HEIGHT] = [48, 27];
/** The picture that boxes belong to is ten times as large. */
const PICTURE = { width: 10 * WIDTH, height: 10 * HEIGHT };
const SCENE = 200;

interface Thing {
  readonly x: number;
  readonly width: number;
  readonly level: number;
}

function frame(time: number, ...things: readonly Thing[]): VideoSample {
  const data = new Uint8Array(WIDTH * HEIGHT).fill(SCENE);
  for (const { x, width, level } of things)
    for (let row = 5; row < 25; row++)
      for (let column = Math.max(0, x); column < Math.min(WIDTH, x + width); column++) data[row * WIDTH + column] = level;
  return { time, thumbnail: { data, width: WIDTH, height: HEIGHT } };
}

const background = frame(0).thumbnail;
const box = { x: 200, y: 50, width: 80, height: 200 };
/** Someone of eight pixels who comes in from the left, two pixels a tenth of a second, and is detected at 20. */
const walk = Array.from({ length: 17 }, (_, step) => frame(step / 10, { x: 2 * step - 12, width: 8, level: 40 }));

test("someone who walks in is seen from the first frame they are in", () => {
  expect(follow(walk, box, PICTURE, background)).toBe(0.3);
});

test("a faint shadow that runs ahead is not the person", () => {
  const shadowed = walk.map(({ time }, step) =>
    frame(time, { x: 2 * step - 2, width: 10, level: 165 }, { x: 2 * step - 12, width: 8, level: 40 }),
  );
  expect(follow(shadowed, box, PICTURE, background)).toBe(0.3);
});

test("what is elsewhere in the picture is not followed", () => {
  const another = walk.map(({ time }, step) => frame(time, { x: 40, width: 6, level: 40 }, { x: 2 * step - 12, width: 8, level: 40 }));
  expect(follow(another, box, PICTURE, background)).toBe(0.3);
});

test("who passes in front of something of their own colour is followed on, and who has left is not", () => {
  const hidden = walk.map(({ time }, step) =>
    step === 11 || step === 12 ? frame(time) : frame(time, { x: 2 * step - 12, width: 8, level: 40 }),
  );
  expect(follow(hidden, box, PICTURE, background)).toBe(0.3);
  const another = walk.map((each, step) =>
    step < 3 ? frame(each.time, { x: 0, width: 8, level: 40 }) : step < 6 ? frame(each.time) : each,
  );
  expect(follow(another, box, PICTURE, background)).toBe(0.6);
});

test("nothing is said where it cannot be told from the scene, or the camera moved", () => {
  const pale = walk.map(({ time }, step) => frame(time, { x: 2 * step - 12, width: 8, level: SCENE - 10 }));
  expect(follow(pale, box, PICTURE, background)).toBeUndefined();
  const panned = walk.map(({ time }) => frame(time, { x: 0, width: WIDTH, level: 60 }));
  expect(follow(panned, box, PICTURE, { ...background, data: background.data.map((_, at) => (at % 7) * 30) })).toBeUndefined();
  expect(follow([], box, PICTURE, background)).toBeUndefined();
});
