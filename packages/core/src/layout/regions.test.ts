import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyLines, line } from "./lines.test-samples.ts";
import { toRegions } from "./regions.ts";

const LEFT = [
  "The committee met on Monday",
  "and heard three reports on",
  "the state of the harbour, of",
  "which the last was the most",
  "discouraging of them all.",
];
const RIGHT = [
  "Its members agreed that the",
  "western quay needs a new",
  "foundation, and that nobody",
  "knows who should pay for it",
  "before the winter comes.",
];
const column = (texts: readonly string[], x: number, y: number) => texts.map((text, index) => line(text, x, y + index * 26));
const textsOf = (regions: readonly (readonly { readonly text: string }[])[]) => regions.map((region) => region.map(({ text }) => text));

describe("columns of text", () => {
  test("are read one after the other, what stands over both first, what stands under both last", () => {
    const head = line("A report that is printed across both of the columns below it", 0, 0, 30);
    const foot = line("This note at the foot of the page runs across both columns too", 0, 400);
    const lines = [foot, ...column(RIGHT, 400, 60), ...column(LEFT, 0, 60), head];
    expect(textsOf(toRegions(lines))).toEqual([[head.text], LEFT, RIGHT, [foot.text]]);
  });

  test("may be three", () => {
    const lines = [...column(LEFT, 0, 0), ...column(RIGHT, 320, 0), ...column(LEFT, 640, 0)];
    expect(textsOf(toRegions(lines))).toEqual([LEFT, RIGHT, LEFT]);
  });

  test("may have lines at other heights: a margin of short notes beside a text", () => {
    const notes = ["Harbour", "1912", "Quays", "Money"].map((text, index) => line(text, 0, 10 + index * 37));
    expect(textsOf(toRegions([...notes, ...column(RIGHT, 200, 0)]))).toEqual([["Harbour", "1912", "Quays", "Money"], RIGHT]);
  });

  test("may be set to one width, with words far apart", () => {
    const apart = (texts: readonly string[], x: number, y: number) =>
      texts.flatMap((text, index) => {
        const [first = "", ...rest] = text.split(" ");
        return [line(first, x, y + index * 26), line(rest.join(" "), x + first.length * 10 + 12 + 3 * index, y + index * 26)];
      });
    expect(textsOf(toRegions([...apart(RIGHT, 400, 0), ...apart(LEFT, 0, 0)]))).toEqual([LEFT, RIGHT]);
  });

  test("are not the columns of a table", () => {
    const items = ["Bread, baked this morning", "Butter from the valley", "Honey of last summer", "Cheese, half a year old", "Apples"];
    const lines = items.flatMap((text, index) => [line(text, 0, index * 26), line(`${index + 2},50`, 500, index * 26)]);
    expect(toRegions(lines)).toHaveLength(1);
  });
});

test("text that runs up the page comes last", () => {
  const turned = { text: "Form 17-B, revised", box: { x: 0, y: 0, width: 20, height: 300 }, confidence: 1 };
  expect(textsOf(toRegions([turned, line("Name", 100, 10), line("Street", 100, 40)]))).toEqual([["Name", "Street"], [turned.text]]);
});

test("no word is lost or doubled, whatever the layout", () => {
  const words = (lines: readonly { readonly text: string }[]) => lines.flatMap(({ text }) => text.split(/\s+/)).sort();
  fc.assert(
    fc.property(anyLines, (lines) => {
      expect(words(toRegions(lines).flat())).toEqual(words(lines));
    }),
  );
});
