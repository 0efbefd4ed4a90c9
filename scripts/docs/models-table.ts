import type { CellResult, Layout } from "../../test/contract/cells.ts";

/** One test of the suite, as vitest's JSON report has it. */
export interface SuiteTest {
  readonly status: string;
  readonly title: string;
  readonly meta?: { readonly contract?: CellResult; readonly layout?: Layout };
}

const MARKS: Readonly<Record<CellResult["against"], string>> = {
  "real server": "✓ R",
  "published schema": "✓ P",
  "documented stand-in": "✓ D",
};

/** Strongest first: a cell that was run twice shows the better of the two. */
const STRENGTH = Object.keys(MARKS);

const LETTERS = "abcdefghij";

/**
 * The table backends x contract rows in Markdown, from the report alone: what is not in it as passed is not ✓. Throws when a cell that applies was not run.
 */
export function contractTable(tests: readonly SuiteTest[]): string {
  const layout = tests.find(({ meta }) => meta?.layout !== undefined)?.meta?.layout;
  if (layout === undefined) throw new Error("The report of the contract suite has no layout: did the suite run?");
  const reasons: string[] = [];

  function cell(backend: string, row: string, why: string | undefined): string {
    if (why !== undefined) {
      if (!reasons.includes(why)) reasons.push(why);
      return `– ${LETTERS[reasons.indexOf(why)]}`;
    }
    const runs = tests.filter(
      ({ meta, status }) => meta?.contract?.backend === backend && meta.contract.row === row && ["passed", "failed"].includes(status),
    );
    if (runs.length === 0) throw new Error(`The cell ${backend} x ${row} was not run.`);
    if (runs.some(({ status }) => status !== "passed")) return "✗";
    const [best] = runs
      .flatMap(({ meta }) => (meta?.contract === undefined ? [] : [meta.contract.against]))
      .sort((one, other) => STRENGTH.indexOf(one) - STRENGTH.indexOf(other));
    return best === undefined ? "✗" : MARKS[best];
  }

  const tables = layout.groups.map(({ title, rows }) =>
    aligned([
      [title, ...layout.backends],
      ...rows.map(({ name, not }) => [escaped(name), ...layout.backends.map((backend) => cell(backend, name, not[backend]))]),
    ]),
  );
  return [...tables, reasons.map((why, at) => `– ${LETTERS[at]}: ${why}`).join("; ")].join("\n\n");
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** A Markdown table that can be read as it is. */
function aligned([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => [...(row[column] ?? "")].length)));
  const line = (row: readonly string[]): string => `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...rows.map(line)].join("\n");
}

/** The table as it would stand after a run without a real server, without the published documents, or without both. */
export function weakened(table: string, run: { readonly real: boolean; readonly published: boolean }): string {
  const withoutReal = run.real ? table : table.replaceAll("✓ R", "✓ D");
  return run.published ? withoutReal : withoutReal.replaceAll("✓ P", "✓ D");
}
