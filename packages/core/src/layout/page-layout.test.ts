import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyLines, line, row } from "./lines.test-samples.ts";
import { toLayout } from "./page-layout.ts";

describe("a page in its layout", () => {
  test("has what begins or ends under each other there begin or end so here", () => {
    const lines = [
      ...row(0, ["Item", 0], ["Price", 500, "ends"]),
      ...row(30, ["Bread", 0], ["8,40", 500, "ends"]),
      ...row(60, ["Total", 200], ["108,40", 500, "ends"]),
    ];
    expect(toLayout(lines)).toBe(
      [
        "Item                                         Price",
        "Bread                                         8,40",
        "                    Total                   108,40",
      ].join("\n"),
    );
  });

  test("shows gaps as empty rows", () => {
    expect(toLayout([line("one", 0, 0), line("two", 0, 30), line("three", 0, 75), line("four", 0, 400)])).toBe(
      "one\ntwo\n\nthree\n\n\nfour",
    );
  });

  test("lets small print beside large push what stands right of it on, in all rows alike", () => {
    const small = { text: "a long remark in very small print", box: { x: 0, y: 0, width: 100, height: 20 }, confidence: 1 };
    const text = toLayout([small, line("1,00", 160, 0), line("b", 0, 30), line("2,00", 160, 30), ...row(60, ["usual words here", 0])]);
    const [first = "", second = ""] = text.split("\n");
    expect(first).toBe("a long remark in very small print  1,00");
    expect(second.indexOf("2,00")).toBe(first.indexOf("1,00"));
  });

  test("loses no word, whatever the layout, and is no wider than a screen can show", () => {
    const words = (text: string) =>
      text
        .split(/\s+/)
        .filter((word) => word !== "")
        .sort();
    fc.assert(
      fc.property(anyLines, (lines) => {
        const text = toLayout(lines);
        expect(words(text)).toEqual(words(lines.map((each) => each.text).join(" ")));
        expect(Math.max(...text.split("\n").map((each) => each.length))).toBeLessThan(2000);
      }),
    );
  });
});
