import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyLines, line, row } from "./lines.test-samples.ts";
import { toMarkdown } from "./markdown.ts";

describe("a page as Markdown", () => {
  test("marks headings by their size, paragraphs and lists, and keeps printed line breaks", () => {
    const lines = [
      line("Invoice", 0, 0, 44),
      line("Dear customer,", 0, 80),
      line("thank you.", 0, 104),
      line("• one", 0, 170),
      line("• two", 0, 194),
      line("What next", 0, 260, 32),
      line("Nothing", 0, 320),
    ];
    expect(toMarkdown(lines)).toBe("# Invoice\n\nDear customer,  \nthank you.\n\n- one\n- two\n\n## What next\n\nNothing");
  });

  test("nests lists by their indent, and keeps wrapped lines in their item", () => {
    const lines = [line("• one", 0, 0), line("wrapped", 20, 24), line("• inner", 30, 48), line("• two", 0, 72)];
    expect(toMarkdown(lines)).toBe("- one  \n  wrapped\n  - inner\n- two");
  });

  test("takes numbers that count up for a list, one alone for text", () => {
    expect(toMarkdown([line("1. Open the lid", 0, 0), line("2. Close it", 0, 24)])).toBe("1. Open the lid\n2. Close it");
    expect(toMarkdown([line("1. not a list", 0, 0)])).toBe("1\\. not a list");
    expect(toMarkdown([line("- 5 degrees", 0, 0)])).toBe("\\- 5 degrees");
    expect(toMarkdown([line("- five", 0, 0), line("- six", 0, 24)])).toBe("- five\n- six");
  });

  test("keeps tables as tables, between the text around them", () => {
    const lines = [
      line("We bought:", 0, 0),
      ...row(40, ["Item", 0], ["Kind", 200], ["Price", 500, "ends"]),
      ...row(70, ["Bread|rye", 0], ["x", 200], ["8,40", 500, "ends"]),
      ...row(100, ["Honey", 0], ["y", 200], ["21,00", 500, "ends"]),
      line("Thank you.", 0, 200),
    ];
    expect(toMarkdown(lines)).toBe(
      "We bought:\n\n| Item | Kind | Price |\n| --- | --- | --- |\n| Bread\\|rye | x | 8,40 |\n| Honey | y | 21,00 |\n\nThank you.",
    );
  });

  test("escapes what Markdown would take for marks", () => {
    expect(toMarkdown([line("# 5 * 3 = <b>", 0, 0)])).toBe("\\# 5 \\* 3 = \\<b\\>");
    expect(toMarkdown([line("---", 0, 0)])).toBe("\\---");
  });

  test("loses no character, whatever the layout", () => {
    const bare = (text: string) =>
      [
        ...text
          .replaceAll("<br>", "")
          .replace(/^\|[ |-]+\|$/gm, "")
          .replace(/[\s\\|#•—.-]/gu, ""),
      ]
        .sort()
        .join("");
    fc.assert(
      fc.property(anyLines, (lines) => {
        expect(bare(toMarkdown(lines))).toBe(bare(lines.map(({ text }) => text).join("")));
      }),
    );
  });
});
