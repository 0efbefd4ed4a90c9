import fc from "fast-check";
import { expect, test } from "vitest";
import { missingNumbers } from "./missing-numbers.ts";

test.each([
  ["grouped in another way", "Total 1,234.50 GBP", "Summe 1.234,50 GBP"],
  ["grouped where it was not", "Total 1234.50", "Summe 1 234,50"],
  ["with another decimal point", "It is 21.05 now", "Es sind 21,05"],
  ["a date turned round", "On 2026-11-24", "Am 24.11.2026"],
  ["a small number in words", "Three of 12 eggs", "Drei von zwölf Eiern"],
  ["in Arabic digits", "Room 4711", "غرفة ٤٧١١"],
  ["in Devanagari digits", "कमरा ४७११", "Room 4711"],
  ["from full-width digits", "２０２６年", "the year 2026"],
  ["none at all", "A cat", "Eine Katze"],
])("nothing is missing: %s", (_name, source, translation) => {
  expect(missingNumbers(source, translation)).toEqual([]);
});

test.each([
  ["one left out", "Pay 21.05 by 2026", "Zahle bis 2026", ["21.05"]],
  ["one changed", "Pay 21.05", "Zahle 121,05", ["21.05"]],
  ["one in words", "30,000 people", "dreißigtausend Menschen", ["30,000"]],
  ["said once", "500 and 500", "viele", ["500"]],
])("missing: %s", (_name, source, translation, numbers) => {
  expect(missingNumbers(source, translation)).toEqual(numbers);
});

test("a text misses none of its own numbers", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("1", "20", ".", ",", " ", "a", "٣", "\n") }), (text) => {
      expect(missingNumbers(text, text)).toEqual([]);
    }),
  );
});
