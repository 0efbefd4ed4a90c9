import { expect, test } from "vitest";
import { textAsProgress } from "./text-progress.ts";

test("tells the last words whenever enough new ones have come, and begins anew with another try", () => {
  const told: string[] = [];
  const show = textAsProgress((message) => void told.push(message));
  const words = "A red bus stops at a corner in the rain while four people wait under an awning. ".repeat(2);
  for (let length = 1; length <= words.length; length++) show(words.slice(0, length));
  show("Short");
  show(words.slice(0, 70));
  expect(told).toEqual([
    "A red bus stops at a corner in the rain while four people wa",
    "… corner in the rain while four people wait under an awning. A red bus stops at a corner in the rain",
    "A red bus stops at a corner in the rain while four people wait under a",
  ]);
});
