import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toRows } from "../reading-order.ts";
import { anyLines, line, row } from "./lines.test-samples.ts";
import { findTables } from "./tables.ts";

const tables = (...rows: readonly (readonly ReturnType<typeof line>[])[]) =>
  findTables(toRows(rows.flat())).map(({ cells, header }) => ({ cells, header }));

describe("a table", () => {
  test("is cells under each other; a first row without figures names its columns", () => {
    expect(
      tables(
        row(0, ["Pos", 0], ["Item", 60], ["Qty", 400, "ends"], ["Price", 520, "ends"]),
        row(30, ["1", 0], ["Bread", 60], ["2", 400, "ends"], ["8,40", 520, "ends"]),
        row(60, ["2", 0], ["Honey", 60], ["12", 400, "ends"], ["121,00", 520, "ends"]),
      ),
    ).toEqual([
      {
        header: true,
        cells: [
          ["Pos", "Item", "Qty", "Price"],
          ["1", "Bread", "2", "8,40"],
          ["2", "Honey", "12", "121,00"],
        ],
      },
    ]);
  });

  test("keeps empty cells empty, and takes wrapped lines into their cell", () => {
    expect(
      tables(
        row(0, ["1", 0], ["Bread of", 60], ["4", 400, "ends"], ["8,40", 520, "ends"]),
        row(22, ["whole grain", 60]),
        row(60, ["2", 0], ["Honey", 60], ["121,00", 520, "ends"]),
        row(90, ["3", 0], ["Salt", 60], ["1", 400, "ends"], ["0,90", 520, "ends"]),
      ),
    ).toEqual([
      {
        header: false,
        cells: [
          ["1", "Bread of\nwhole grain", "4", "8,40"],
          ["2", "Honey", "", "121,00"],
          ["3", "Salt", "1", "0,90"],
        ],
      },
    ]);
  });

  test("takes a headline apart that was read as one", () => {
    expect(
      tables(
        row(0, ["Pos Item", 0], ["Price", 520, "ends"]),
        row(30, ["1", 0], ["Bread", 50], ["8,40", 520, "ends"]),
        row(60, ["2", 0], ["Honey", 50], ["121,00", 520, "ends"]),
      )[0]?.cells[0],
    ).toEqual(["Pos", "Item", "Price"]);
  });

  test("of two columns holds figures in the second", () => {
    const items = ["Coffee", "Tea", "Cake"];
    const priced = items.map((text, index) => row(index * 30, [text, 0], [`${index},50`, 400, "ends"]));
    expect(tables(...priced)).toEqual([
      {
        header: false,
        cells: [
          ["Coffee", "0,50"],
          ["Tea", "1,50"],
          ["Cake", "2,50"],
        ],
      },
    ]);
    const named = items.map((text, index) => row(index * 30, [text, 0], [["black", "green", "sweet"][index] ?? "", 300]));
    expect(tables(...named)).toEqual([]);
    const labelled = items.map((text, index) => row(index * 30, [`${text}:`, 0], [`${index},50`, 400, "ends"]));
    expect(tables(...labelled)).toEqual([]);
  });

  test("ends where the page goes on otherwise", () => {
    const prose = line("That is all we had, and it was good.", 0, 200);
    const cells = (y: number) => row(y, ["a", 0], ["b", 200], ["3", 400]);
    const [found] = findTables(toRows([...cells(0), ...cells(30), ...cells(60), prose]));
    expect(found).toMatchObject({ from: 0, to: 3 });
  });
});

test("tables lie one behind the other inside the page, and hold each word of their rows once", () => {
  fc.assert(
    fc.property(anyLines, (lines) => {
      const rows = toRows(lines);
      let end = 0;
      for (const { from, to, cells } of findTables(rows)) {
        expect(from).toBeGreaterThanOrEqual(end);
        expect(to).toBeGreaterThan(from);
        end = to;
        const words = (texts: readonly string[]) =>
          texts
            .flatMap((text) => text.split(/\s+/))
            .filter((word) => word !== "")
            .sort();
        expect(words(cells.flat())).toEqual(words(rows.slice(from, to).flatMap((each) => each.map(({ text }) => text))));
      }
      expect(end).toBeLessThanOrEqual(rows.length);
    }),
    { numRuns: 300 },
  );
});
