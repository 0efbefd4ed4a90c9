import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groundsOf } from "./grounding.ts";
import type { Page } from "./page.ts";

/** A page with one line a row, 40 pixels apart. */
function pageOf(texts: readonly string[], source: Page["source"] = "text-layer", number = 1): Page {
  return {
    number,
    width: 1000,
    height: 1000,
    source,
    lines: texts.map((text, index) => ({ text, box: { x: 50, y: 50 + 40 * index, width: 400, height: 20 }, confidence: 1 })),
  };
}

describe("a quote", () => {
  it.each([
    ["amount", "1234.50", "Total 1.234,50 €", "1.234,50 €"],
    ["amount", "1,234.50", "Total 1 234,50", "1 234,50"],
    ["amount", "-3,00", "Discount -3.00", "-3.00"],
    ["date", "2026-03-12", "Datum: 12.03.2026", "12.03.2026"],
    ["date", "12 March 2026", "of 12/03/2026, paid", "12/03/2026"],
    ["currency", "EUR", "848,23 €", "€"],
    ["identifier", "DE136695976", "USt-IdNr. DE 136 695 976", "DE 136 695 976"],
    ["text", "mill house ltd", "between Mill House, Ltd. and", "Mill House, Ltd"],
  ] as const)("of kind %s is found in another way of writing it: %s in %s", (kind, quote, line, printed) => {
    expect(groundsOf([pageOf(["nothing here", line])]).find(quote, kind)).toEqual({
      page: 1,
      box: { x: 50, y: 90, width: 400, height: 20 },
      text: printed,
    });
  });

  it.each([
    ["amount", "34.50", "Total 1,234.50"],
    ["amount", "1243.50", "Total 1,234.50"],
    ["amount", "12", "12.03.2026"],
    ["date", "2026-03-13", "12.03.2026"],
    ["currency", "USD", "$ 12.00"],
    ["text", "House", "Greenhouse"],
    ["identifier", "DE136695976", "DE136695977"],
  ] as const)("of kind %s is not found where another one stands: %s in %s", (kind, quote, line) => {
    for (const source of ["text-layer", "ocr"] as const) expect(groundsOf([pageOf([line], source)]).find(quote, kind)).toBeUndefined();
  });

  it("is found through what recognition confuses, on recognised pages alone", () => {
    const misread = ["KaItetechnik GroBner GmbH", "Total 8OO,5O"];
    const read = groundsOf([pageOf(misread, "ocr")]);
    expect(read.find("Kältetechnik Größner GmbH", "text")?.text).toBe("KaItetechnik GroBner GmbH");
    expect(read.find("800,50", "amount")?.text).toContain("8OO,5O");
    expect(groundsOf([pageOf(misread)]).find("Kältetechnik Größner GmbH", "text")).toBeUndefined();
  });

  it("of two parts is found where they stand below one another, with another column between", () => {
    const grounds = groundsOf([pageOf(["12 Mill Lane", "Invoice 17", "Leeds LS1 4AB"])]);
    expect(grounds.find("12 Mill Lane, Leeds LS1 4AB", "text")?.box).toEqual({ x: 50, y: 50, width: 400, height: 100 });
    const apart = groundsOf([pageOf(["12 Mill Lane", ...Array.from({ length: 8 }, () => "Lamp"), "Leeds LS1 4AB"])]);
    expect(apart.find("12 Mill Lane, Leeds LS1 4AB", "text")).toBeUndefined();
  });

  it("of several places is at the one that is wanted, and never at one that is taken", () => {
    const grounds = groundsOf([pageOf(["Lamp 5.00", "Chair 5.00", "Sum 5.00"])]);
    const first = grounds.find("5.00", "amount");
    expect(first?.box.y).toBe(50);
    expect(grounds.find("5.00", "amount", { last: true })?.box.y).toBe(130);
    expect(grounds.find("5.00", "amount", { near: { page: 1, box: { x: 0, y: 88, width: 10, height: 20 } } })?.box.y).toBe(90);
    expect(grounds.find("5.00", "amount", { taken: first === undefined ? [] : [first] })?.box.y).toBe(90);
  });

  it("of two numbers is none of either", () => {
    expect(groundsOf([pageOf(["5.00 6.00"])]).valueOf("5.00 6.00", "amount")).toBeUndefined();
  });
});

/** An amount of cents as people of several countries print it. */
const ways: readonly ((whole: string, cents: string) => string)[] = [
  (whole, cents) => `${grouped(whole, ",")}.${cents}`,
  (whole, cents) => `${grouped(whole, ".")},${cents}`,
  (whole, cents) => `${grouped(whole, "'")}.${cents}`,
  (whole, cents) => `${grouped(whole, " ")},${cents}`,
  (whole, cents) => `${whole}.${cents}`,
  (whole, cents) => `€ ${whole},${cents}`,
];
const grouped = (whole: string, mark: string): string => whole.replaceAll(/\B(?=(\d{3})+$)/g, mark);
const written = (amount: number, way: number): string =>
  (ways[way] ?? ways[0])?.(String(Math.floor(amount / 100)), String(amount % 100).padStart(2, "0")) ?? "";

describe("any amount", () => {
  const amount = fc.integer({ min: 1, max: 99_999_999 });
  const way = fc.integer({ min: 0, max: ways.length - 1 });

  it("is found however it and its quote are written, and no other amount is", () => {
    fc.assert(
      fc.property(amount, way, way, amount, (printed, one, other, another) => {
        const grounds = groundsOf([pageOf([`Total ${written(printed, one)}`])]);
        expect(grounds.find(written(printed, other), "amount")).toBeDefined();
        if (another !== printed) expect(grounds.find(written(another, other), "amount")).toBeUndefined();
      }),
    );
  });
});
