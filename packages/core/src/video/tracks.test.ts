import { expect, test } from "vitest";
import { buildTracks, type Look } from "./tracks.ts";

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
