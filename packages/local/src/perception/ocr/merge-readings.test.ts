import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeReadings } from "./merge-readings.ts";

describe("mergeReadings", () => {
  test.each([
    ["Konigstrafe 12, 97070 Wurzburg", "Königstraße 12, 97070 Würzburg", "Königstraße 12, 97070 Würzburg"],
    ["Mit freundlichen GruBen", "Mit freundlichen Grüßen", "Mit freundlichen Grüßen"],
    ["Druckerpapier weil3, 80 g/m2", "Druckerpapier weiß, 80 g/m?", "Druckerpapier weiß, 80 g/m²"],
    ["Olfilter", "Ölfilter", "Ölfilter"],
    ["32883 Osnabruick", "32883 Osnabrück", "32883 Osnabrück"],
  ])("takes the letters of the language: %s", (english, print, wanted) => {
    expect(mergeReadings(english, print)).toBe(wanted);
  });

  test.each([
    ["36,69", "36,09 €", "36,69 €"],
    ["1.234,56", "1.234,56€", "1.234,56€"],
    ["1 790,39", "1790,39 €", "1 790,39 €"],
    ["IBAN DE72 9043 0202 2230 1199 33", "IBAN DE72 9043 0202 2230 119933", "IBAN DE72 9043 0202 2230 1199 33"],
    ["BIC CAIXESBBXXX", "BIC CAIXESEBXXX", "BIC CAIXESBBXXX"],
    ["2.227,09", "2.27,09 €", "2.227,09 €"],
    ["TVA 20 %", "TVA 20 %", "TVA 20 %"],
  ])("takes digits, codes and their spaces from the English reader: %s", (english, print, wanted) => {
    expect(mergeReadings(english, print)).toBe(wanted);
  });

  test.each([
    ["Gemal S 19 UStG", "Gemäß 8 19 UStG", "Gemäß § 19 UStG"],
    ["Gemal 19 UStG wird", "Gemäß 8 19 UStG wird", "Gemäß § 19 UStG wird"],
    ['La mention "Tres fragile"', "La mention “Très fragile”", 'La mention "Très fragile"'],
    ["2.820, 90", "2.820,90 €", "2.820,90 €"],
    ["KoIn, 07.02.2029", "Köln, 07.02.2029", "Köln, 07.02.2029"],
    ["1'emballage doit", "l'emballage doit", "l'emballage doit"],
  ])("knows where each goes wrong: %s", (english, print, wanted) => {
    expect(mergeReadings(english, print)).toBe(wanted);
  });

  test("keeps the English reading where the other saw something else", () => {
    expect(mergeReadings("TOTAL 12.50", "Ä~~ ¥")).toBe("TOTAL 12.50");
  });

  const line = fc
    .array(fc.stringMatching(/^[A-Za-z0-9äöüßéèêçñ€.,:()/-]{1,9}$/), { minLength: 1, maxLength: 6 })
    .map((words) => words.join(" "));

  test("two equal readings are the line", () => {
    fc.assert(
      fc.property(line, (text) => {
        expect(mergeReadings(text, text)).toBe(text);
      }),
    );
  });

  test("a sign that one reader takes for a digit is a sign, a digit that the other one drops is a digit", () => {
    expect(mergeReadings("45,006", "45,00 €")).toBe("45,00 €");
    expect(mergeReadings("45,00 6", "45,00 €")).toBe("45,00 €");
    expect(mergeReadings("1.350,20", "1.350,2 €")).toBe("1.350,20 €");
    expect(mergeReadings("1.350,20", "1.050,02 €")).toBe("1.350,20 €");
  });

  test("amounts never change, whatever the other reader makes of them", () => {
    const amount = fc.stringMatching(/^[1-9][0-9]{0,2}\.[0-9]{3},[0-9]{2}$/);
    fc.assert(
      fc.property(amount, amount, (english, print) => {
        // A doubled digit that one reader joined is given back: the one change there is.
        fc.pre(print.replace(/(\d)\1+/g, "$1") !== english.replace(/(\d)\1+/g, "$1"));
        expect(mergeReadings(english, `${print} €`).replace(" €", "")).toBe(english);
      }),
      { numRuns: 1000 },
    );
  });
});
