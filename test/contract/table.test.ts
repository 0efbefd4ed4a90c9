import { expect, test } from "vitest";
import { contractTable, type SuiteTest, weakened } from "../../scripts/docs/models-table.ts";
import type { CellResult } from "./cells.ts";

/** What the table says is what was run, and no more. */

const layout: SuiteTest = {
  title: "layout",
  status: "passed",
  meta: { layout: { backends: ["one", "two"], groups: [{ title: "Rows", rows: [{ name: "text", not: { two: "no such error" } }] }] } },
};

const ran = (against: CellResult["against"], status = "passed"): SuiteTest => ({
  title: "text",
  status,
  meta: { contract: { backend: "one", row: "text", against } },
});

test("a cell says against what it was run, the strongest of several; one that does not apply says why", () => {
  expect(contractTable([layout, ran("documented stand-in"), ran("real server")])).toMatchInlineSnapshot(`
    "| Rows | one | two |
    |------|-----|-----|
    | text | ✓ R | – a |

    – a: no such error"
  `);
});

test("a failure shows, whatever passed beside it", () => {
  expect(contractTable([layout, ran("documented stand-in"), ran("real server", "failed")])).toContain("| text | ✗ ");
});

test("a cell that was not run, or skipped, is no cell", () => {
  expect(() => contractTable([layout])).toThrow("one x text was not run");
  expect(() => contractTable([layout, ran("real server", "skipped")])).toThrow("one x text was not run");
  expect(() => contractTable([ran("real server")])).toThrow("no layout");
});

test("without the real server or the documents the rest is still compared", () => {
  const [full, without] = (["real server", "documented stand-in"] as const).map((against) => contractTable([layout, ran(against)]));
  expect(weakened(full ?? "", { real: false, published: true })).toBe(without);
  expect(weakened(full ?? "", { real: true, published: false })).toBe(full);
});
