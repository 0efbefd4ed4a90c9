import fc from "fast-check";
import { expect, test } from "vitest";
import { namedNumbers } from "./named-numbers.ts";

test.each<[string, number[]]>([
  ["2", [2]],
  ["Number 2.", [2]],
  ["[1, 3]", [1, 3]],
  ["#4", [4]],
  ["**3**", [3]],
  ["Box 2 shows the woman.", [2]],
  ["It is box number 3, on the right.", [3]],
  ["The boxes are 1 and 4.", [1, 4]],
  ["Boxes 2 to 4, and box 7", [2, 3, 4, 7]],
  ["There are 5 people; the woman is in box 2", [2]],
  ["None", []],
  ["None of the 4 boxes shows her.", []],
  ["No.", []],
  ["[]", []],
  ["She isn't there.", []],
])("%j names %j", (text, numbers) => {
  expect(namedNumbers(text, "box|boxes|mark|marks")).toEqual(numbers);
});

test.each([
  "",
  "4 people",
  "-1",
  "2.5",
  "Not box 1 but box 2",
  "I'm sorry, I can't identify people in image 1.",
  "I apologise. Unable to help with box 3.",
  "Certainly! Here is the answer.",
  "It might be any of 7 women or 3 men",
])("%j says nothing plainly", (text) => {
  expect(() => namedNumbers(text, "box|boxes|mark|marks")).toThrow(expect.objectContaining({ kind: "AnswerError" }));
});

test("no number comes out that is not written, whatever is written", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.nat(30).map(String), fc.constantFrom("box", "boxes", "not", "none", "and", "to", ",", "people", "#"))),
      (words) => {
        const text = words.join(" ");
        try {
          const written = [...text.matchAll(/\d+/g)].map(Number);
          for (const number of namedNumbers(text, "box|boxes")) {
            expect(number).toBeGreaterThanOrEqual(Math.min(...written));
            expect(number).toBeLessThanOrEqual(Math.max(...written));
          }
        } catch (error) {
          expect(error).toMatchObject({ kind: "AnswerError" });
        }
      },
    ),
  );
});
