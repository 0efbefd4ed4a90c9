import { expect, test } from "vitest";
import type { Moment } from "./choose-frames.ts";
import { buildTracks, type Look, partedWhereGone } from "./tracks.ts";

const look = (time: number, ...at: readonly (readonly [label: string, x: number])[]): Look => ({
  time,
  until: time,
  width: 1000,
  height: 500,
  objects: at.map(([label, x]) => ({ label, confidence: 0.9, box: { x, y: 100, width: 100, height: 300 } })),
});

const told = (looks: readonly Look[]) =>
  buildTracks(looks).map(({ label, sightings }) => [label, ...sightings.map(({ look: at }) => looks[at]!.time)]);

test("one thing that moves is one track; another kind in its place is another", () => {
  expect(told([look(0, ["person", 100]), look(1, ["person", 300], ["dog", 120]), look(2, ["person", 500], ["dog", 130])])).toEqual([
    ["person", 0, 1, 2],
    ["dog", 1, 2],
  ]);
});

test("two who stand apart stay two, each with the nearer one", () => {
  expect(told([look(0, ["person", 100], ["person", 800]), look(1, ["person", 780], ["person", 120])])).toEqual([
    ["person", 0, 1],
    ["person", 0, 1],
  ]);
});

test("a look that misses it does not end a track, a long absence does", () => {
  expect(told([look(0, ["person", 100]), look(1), look(2, ["person", 120])])).toEqual([["person", 0, 2]]);
  expect(told([look(0, ["person", 100]), look(1), look(30, ["person", 120])])).toEqual([
    ["person", 0],
    ["person", 30],
  ]);
});

/** A gray scene, with something white from `at` on, a third of its width, where it is told. */
const picture = (time: number, at?: number): Moment => {
  const data = new Uint8Array(60).fill(100);
  if (at !== undefined) data.fill(250, at, at + 20);
  return { time, until: time, thumbnail: { data, width: 60, height: 1 } };
};
const timesOfParts = (looks: readonly Look[], moments: readonly Moment[]) =>
  buildTracks(looks)
    .flatMap((track) => partedWhereGone(track, looks, moments))
    .map(({ sightings }) => sightings.map(({ look: at }) => looks[at]!.time));

test("a track is parted where the scene is empty, and nowhere else", () => {
  const looks = [look(0), look(1, ["person", 100]), look(2), look(3, ["person", 120])];
  expect(timesOfParts(looks, [picture(0), picture(1, 10), picture(2), picture(3, 10)])).toEqual([[1], [3]]);
  // The detector missed who stands there.
  expect(timesOfParts(looks, [picture(0), picture(1, 10), picture(2, 10), picture(3, 10)])).toEqual([[1, 3]]);
  // And who walked on.
  expect(timesOfParts(looks, [picture(0), picture(1, 10), picture(2, 35), picture(3, 10)])).toEqual([[1, 3]]);
  // Of a scene that was never seen empty nothing is known.
  const always = [look(1, ["person", 100]), look(2), look(3, ["person", 120])];
  expect(timesOfParts(always, [picture(1, 10), picture(2), picture(3, 10)])).toEqual([[1, 3]]);
});
