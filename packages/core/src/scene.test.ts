import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ALT_TEXT_CHARACTERS, altTextOf, clothingWords, cutWords, describeScene, place } from "./scene.ts";
import type { Scene } from "./scene.ts";

const empty: Scene = { width: 900, height: 600, kind: "photo", colors: ["blue", "gray"], objects: [], people: [], lines: [], text: "" };
const left = { x: 10, y: 200, width: 80, height: 200 };

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
      "A photo showing 2 people, a bus and possibly a handbag. " +
        "A person on the left wearing a black and white striped top and light blue bottoms. " +
        "Possibly a person on the right wearing a black top with green sleeves. " +
        "A bus in the center and possibly a handbag at the bottom left. Main colors: blue and gray.",
    );
    expect(describeScene(scene, "brief")).toBe("A photo showing 2 people, a bus and possibly a handbag.");
  });

  test("says that nothing was found rather than guess", () => {
    expect(describeScene({ ...empty, kind: "other" }, "brief")).toBe("A picture; no people, known objects or text were found in it.");
  });

  test("quotes short text whole and says how much there is of long text", () => {
    const lines = [{ text: "EXIT", box: left, confidence: 1 }];
    expect(describeScene({ ...empty, lines, text: "EXIT" }, "brief")).toBe('A photo with 1 line of text. The text reads: "EXIT"');
    const long = Array.from({ length: 40 }, (_, index) => ({ text: `item ${index} 1.00`, box: left, confidence: 1 }));
    const words = describeScene({ ...empty, kind: "receipt", lines: long, text: long.map((each) => each.text).join("\n") }, "standard");
    expect(words).toContain("A receipt with 40 lines of text.");
    expect(words).toContain('The text (40 lines) begins: "item 0 1.00');
  });
});

test("alternative text is never longer than 125 characters", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 400 }),
      fc.array(fc.string({ maxLength: 40 }), { maxLength: 12 }),
      (text, labels) => {
        const objects = labels.map((label) => ({ label, box: left, confidence: 0.9 }));
        expect(altTextOf({ ...empty, text, objects }).length).toBeLessThanOrEqual(ALT_TEXT_CHARACTERS);
      },
    ),
  );
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

test("no clothing seen means no words", () => {
  expect(clothingWords({})).toBe("");
});
