import { describe, expect, it } from "vitest";
import { bestPages, bestRows } from "./best-rows.ts";
import type { Page } from "./page.ts";

const page = (number: number, ...rows: readonly (readonly string[])[]): Page => ({
  number,
  width: 1000,
  height: 1000,
  source: "text-layer",
  lines: rows.flatMap((row, y) =>
    row.map((text, x) => ({ text, box: { x: 50 + x * 400, y: 50 + y * 40, width: text.length * 10, height: 20 }, confidence: 1 })),
  ),
});

const lease = page(1, ["Lease agreement"], ["Notice period:", "three months"], ["The rent is due on the first of the month"]);
const annex = page(2, ["Annex: furniture"], ["Table, chairs, one lamp"], ["Kündigungsfrist für Möbel: keine"]);

describe("bestRows", () => {
  it("shows whole rows, the one that shares the rarest words first", () => {
    const [best] = bestRows([lease, annex], "How long is the notice period?", 3);
    expect(best).toMatchObject({ page: 0, text: "Notice period:  three months", box: { x: 50, y: 90 } });
  });

  it("knows a word by its beginning, and without its accents", () => {
    expect(bestRows([lease, annex], "Welche Kundigungsfristen gibt es?", 1)[0]?.text).toContain("Kündigungsfrist");
    expect(bestRows([annex], "How many lamps?", 1)[0]?.text).toContain("lamp");
  });

  it("finds words in scripts without spaces", () => {
    expect(bestRows([page(1, ["发票号码 12345678"], ["合计金额 100.00"])], "合计是多少", 1)[0]?.text).toContain("合计");
  });

  it("shows nothing where no word of the question stands, nor for the words that every question has", () => {
    expect(bestRows([lease, annex], "What is the colour?", 3)).toEqual([]);
    expect(bestRows([lease], "???", 3)).toEqual([]);
  });
});

describe("bestPages", () => {
  it("puts the page that matches first and keeps the order of the others", () => {
    expect(bestPages([page(1, ["x"]), page(2, ["y"]), lease], "notice period")).toEqual([2, 0, 1]);
  });
});
