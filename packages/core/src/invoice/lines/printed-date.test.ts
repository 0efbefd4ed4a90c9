import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { datesIn, provenOrder } from "./printed-date.ts";
import { LANGUAGES } from "./words/index.ts";

const values = (text: string, order: "day-first" | "month-first" = "day-first", ocr = false): string[] =>
  datesIn(text, { order, ocr }).map(({ value }) => value);

describe("printed dates", () => {
  it.each([
    ["05.03.2018", "2018-03-05"],
    ["5. 3. 18", "2018-03-05"],
    ["2020-11-21", "2020-11-21"],
    ["2018/03/09", "2018-03-09"],
    ["10-MAR-2018", "2018-03-10"],
    ["10 Mar 2018 18:24", "2018-03-10"],
    ["March 10th, 2018", "2018-03-10"],
    ["11. März 2014", "2014-03-11"],
    ["5 novembre 2017", "2017-11-05"],
    ["1er août 2021", "2021-08-01"],
    ["3 de mayo de 2026", "2026-05-03"],
    ["3 maggio 2026", "2026-05-03"],
    ["3 mei 2026", "2026-05-03"],
    ["3 de maio de 2026", "2026-05-03"],
    ["2026年5月3日", "2026-05-03"],
  ])("reads %s", (text, expected) => {
    expect(values(text)).toEqual([expected]);
  });

  it.each(["31.02.2018", "00/01/2018", "78.46.77.79", "00.123.456.7-2018-1", "12.50 13.50", "2018-471331"])("finds none in %s", (text) => {
    expect(values(text)).toEqual([]);
  });

  it("takes the month first only where told so, and never with full stops", () => {
    expect(values("11/03/2017", "month-first")).toEqual(["2017-11-03"]);
    expect(values("11/03/2017")).toEqual(["2017-03-11"]);
    expect(values("11.03.2017", "month-first")).toEqual(["2017-03-11"]);
    expect(values("11/17/2017")).toEqual(["2017-11-17"]);
  });

  it("finds the order that the dates prove", () => {
    expect(provenOrder(["11/03/2017", "11/17/2017"])).toBe("month-first");
    expect(provenOrder(["11/03/2017", "17/11/2017"])).toBe("day-first");
    expect(provenOrder(["11/03/2017"])).toBeUndefined();
  });

  it("splits a date from the time that a recogniser glued to it", () => {
    expect(values("25/01/20181:22:56PM", "day-first", true)).toEqual(["2018-01-25"]);
    expect(values("12-01-1921:13", "day-first", true)).toEqual(["2019-01-12"]);
    expect(values("Date:2018-03-1813:18:48", "day-first", true)).toEqual(["2018-03-18"]);
    expect(values("000105/01/201813:30", "day-first", true)).toEqual(["2018-01-05"]);
  });

  it.each(["15/04/2018-11:58", "15 Apr 201818:24", "15104/2018", "15/0412018", "15:04:2018", "1504/2018", "l5/O4/2O18", "15 /04 /2018"])(
    "reads %s as a recogniser left it",
    (text) => {
      expect(values(text, "day-first", true)).toEqual(["2018-04-15"]);
    },
  );

  it("reads every day of every language's months", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...LANGUAGES.filter(({ months }) => months.length === 12)),
        fc.integer({ min: 0, max: 11 }),
        fc.integer({ min: 1, max: 28 }),
        fc.integer({ min: 2000, max: 2099 }),
        fc.nat(),
        ({ months }, month, day, year, pick) => {
          const names = months[month] ?? [];
          const expected = `${year}-${String(month + 1).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
          expect(values(`${day} ${names[pick % names.length]} ${year}`)).toEqual([expected]);
        },
      ),
    );
  });
});
