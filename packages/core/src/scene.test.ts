import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ALT_TEXT_CHARACTERS, altTextOf, clothingWords, cutWords, describeScene, place } from "./scene.ts";
import type { Line } from "./page.ts";
import type { Scene } from "./scene.ts";

const empty: Scene = { width: 900, height: 600, kind: "photo", colors: ["blue", "gray"], objects: [], people: [], lines: [] };
const left = { x: 10, y: 200, width: 80, height: 200 };

function line(text: string, { row = 0, column = 0, confidence = 1 } = {}): Line {
  return { text, confidence, box: { x: 10 + 100 * column, y: 10 + 30 * row, width: 80, height: 20 } };
}

describe("describeScene", () => {
  test("names people with their clothing and place, and things with theirs", () => {
    const scene: Scene = {
      ...empty,
      people: [
        {
          box: left,
          confidence: 0.97,
          clothing: { upper: { colors: ["black", "white"], pattern: "striped" }, lower: { colors: ["light blue"], pattern: "plain" } },
        },
        { box: { ...left, x: 700 }, confidence: 0.4, clothing: { upper: { colors: ["black"], pattern: "plain", sleeves: ["green"] } } },
      ],
      objects: [
        { label: "bus", box: { x: 200, y: 100, width: 500, height: 400 }, confidence: 0.93 },
        { label: "handbag", box: { x: 20, y: 520, width: 30, height: 30 }, confidence: 0.35 },
      ],
    };
    expect(describeScene(scene, "standard")).toBe(
      "A photo showing 2 people (1 of them uncertain), a bus and possibly a handbag. " +
        "A person on the left wearing a black and white striped top and light blue bottoms. " +
        "Possibly a person on the right wearing a black top with green sleeves. " +
        "A bus in the center and possibly a handbag at the bottom left. Main colors: blue and gray.",
    );
    expect(describeScene(scene, "brief")).toBe("A photo showing 2 people (1 of them uncertain), a bus and possibly a handbag.");
  });

  test("says that nothing was found rather than guess", () => {
    expect(describeScene({ ...empty, kind: "other" }, "brief")).toBe("A picture; no people, known objects or text were found in it.");
  });

  test("names a single color as one, and none of paper", () => {
    expect(describeScene({ ...empty, colors: ["red"] }, "standard")).toContain("Main color: red.");
    expect(describeScene({ ...empty, kind: "receipt", colors: ["white"] }, "standard")).not.toContain("white");
  });

  test("quotes short text whole and the beginning of long text", () => {
    const lines = [line("EXIT")];
    expect(describeScene({ ...empty, lines }, "brief")).toBe('A photo with 1 line of text. The text reads: "EXIT"');
    const long = Array.from({ length: 40 }, (_, row) => line(`item ${row} 1.00`, { row }));
    const words = describeScene({ ...empty, kind: "receipt", lines: long }, "standard");
    expect(words).toMatch(/^A receipt with 40 lines of text\. The text begins: "item 0 1\.00 item 1/);
    expect(words.length).toBeLessThan(160);
  });

  test("counts lines as a reader does: an article and its price stand on one", () => {
    const lines = [line("Bread"), line("4.20", { column: 1 }), line("Milk", { row: 1 }), line("0.50", { row: 1, column: 1 })];
    expect(describeScene({ ...empty, kind: "receipt", lines }, "brief")).toBe(
      'A receipt with 2 lines of text. The text reads: "Bread 4.20 Milk 0.50"',
    );
  });

  test("quotes nothing that was read without certainty, and says so", () => {
    const sure = line("Un minibus");
    const unsure = line("M1SL/SEU", { row: 1, confidence: 0.6 });
    expect(describeScene({ ...empty, lines: [sure, unsure] }, "brief")).toBe(
      'A photo with 2 lines of text. The legible text reads: "Un minibus"',
    );
    expect(describeScene({ ...empty, lines: [unsure] }, "brief")).toBe(
      "A photo with 1 line of text. None of the text could be read with certainty.",
    );
    expect(altTextOf({ ...empty, lines: [unsure] })).toBe("A photo with 1 line of text");
  });
});

test("alternative text is never longer than 125 characters", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 400 }),
      fc.array(fc.string({ maxLength: 40 }), { maxLength: 12 }),
      (text, labels) => {
        const objects = labels.map((label) => ({ label, box: left, confidence: 0.9 }));
        expect(altTextOf({ ...empty, lines: [line(text)], objects }).length).toBeLessThanOrEqual(ALT_TEXT_CHARACTERS);
      },
    ),
  );
});

test("the alternative text of a picture without anything known names its colors", () => {
  expect(altTextOf(empty)).toBe("A photo in blue and gray");
});

test("words are cut between words and say so", () => {
  expect(cutWords("one two three four", 12)).toBe("one two…");
  expect(cutWords("short", 12)).toBe("short");
});

test("a place is named by thirds", () => {
  const at = (x: number, y: number): string => place({ x, y, width: 2, height: 2 }, { width: 300, height: 300 });
  expect([at(10, 10), at(150, 10), at(150, 150), at(290, 150), at(290, 290)]).toEqual([
    "at the top left",
    "at the top",
    "in the center",
    "on the right",
    "at the bottom right",
  ]);
});

test("a thing over most of the picture has no side of it", () => {
  expect(place({ x: 0, y: 0, width: 290, height: 280 }, { width: 300, height: 300 })).toBe("across most of the picture");
});

test("no clothing seen means no words", () => {
  expect(clothingWords({})).toBe("");
});
