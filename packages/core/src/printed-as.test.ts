import { describe, expect, it } from "vitest";
import { groundsOf } from "./grounding.ts";
import type { Page } from "./page.ts";
import { printedAs, standsIn } from "./printed-as.ts";

const page = (...texts: readonly string[]): Page => ({
  number: 1,
  width: 1000,
  height: 1400,
  source: "ocr",
  lines: texts.map((text, index) => ({ text, box: { x: 100, y: 100 + 40 * index, width: 400, height: 30 }, confidence: 0.9 })),
});

const grounds = groundsOf([
  page("HARBOUR BAKERY", "Invoice date: 19.11.2026", "Anfahrt Nürnberg — Fürth", "Total 1.234,50 €", "IBAN DE89 3704 0044", "Order l234"),
]);

describe("printedAs", () => {
  it.each([
    ["an amount in the page's own grouping", "1234.5", "amount", "1.234,50"],
    ["a date in the page's own order", "2026-11-19", "date", "19.11.2026"],
    ["a code by its sign", "EUR", "currency", "€"],
    ["an identifier with its spaces", "DE8937040044", "identifier", "DE89 3704 0044"],
    ["a text in capitals", "Harbour Bakery", "text", "HARBOUR BAKERY"],
    [
      "a text with the dash that a person gave, not the one that recognition saw",
      "Anfahrt Nürnberg – Fürth",
      "text",
      "Anfahrt Nürnberg – Fürth",
    ],
    ["what recognition misread as it should be", "1234", "text", "1234"],
    ["what stands nowhere as it is", "77.77", "amount", "77.77"],
  ] as const)("gives %s", (_, value, kind, text) => {
    expect(printedAs(value, kind, grounds).text).toContain(text);
    expect(printedAs(value, kind, grounds).text.length).toBeLessThanOrEqual(text.length + 2);
  });
});

describe("standsIn", () => {
  const pages = [page("Total 66.00", "Taxi", "Berlin"), { ...page("Subtotal 12.00"), number: 2 }];
  const [total, taxi] = [groundsOf(pages).find("66.00", "amount"), groundsOf(pages).find("Taxi Berlin", "text")];
  const about = (text: string, images = 1) => ({
    prompt: `Read.\n<<<TEXT-abc\n${text}\nTEXT-abc>>>`,
    images: Array.from({ length: images }),
  });

  it("tells whether a question holds the part that a place is of", () => {
    expect(standsIn(about("Page 1:\nTotal  66.00"), total, pages)).toBe(true);
    expect(standsIn(about("Page 2:\nSubtotal 12.00"), total, pages)).toBe(false);
  });

  it("finds a text of two lines with others between them", () => {
    expect(standsIn(about("Page 1:\nTaxi  1  23.36\nBerlin"), taxi, pages)).toBe(true);
  });

  it("takes what is in no text for what can be seen alone; a crop has none", () => {
    expect(standsIn(about("Page 1:"), undefined, pages)).toBe(true);
    expect(standsIn(about("Page 1:", 0), undefined, pages)).toBe(false);
    expect(standsIn({ prompt: "Read the crop.", images: [1] }, total, pages)).toBe(true);
  });
});
