import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimalMark, numbersIn } from "./number.ts";

const values = (text: string, mark: "." | "," = ",", ocr = false): string[] => numbersIn(text, { mark, ocr }).map(({ value }) => value);

describe("printed numbers", () => {
  it.each([
    ["1.234,56 €", ["1234.56"]],
    ["1 234,56 €", ["1234.56"]],
    ["1'234.56 CHF", ["1234.56"]],
    ["€ 12,50", ["12.50"]],
    ["EUR -8,79", ["-8.79"]],
    ["(35,13 €)", ["-35.13"]],
    ["12,50-", ["-12.50"]],
    ["-0,00", ["0.00"]],
    ["19 % von 64,46", ["19", "64.46"]],
    ["3 x 0,025 €", ["3", "0.025"]],
    ["RM33.90", ["33.90"]],
    ["$8.20", ["8.20"]],
    [".51", ["0.51"]],
    ["5,- €", ["5"]],
  ])("reads %s", (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it.each(["RE-20140522/501", "R0005532486", "78.46.77.79", "2018-471331", "12A", "#57811", "10:35", "H87"])("finds none in %s", (text) => {
    expect(values(text)).toEqual([]);
  });

  it("lets the page decide what one mark before three digits is", () => {
    expect(values("1.234", ",")).toEqual(["1234"]);
    expect(values("1.234", ".")).toEqual(["1.234"]);
    expect(decimalMark(["4.55 €", "1,980.00 €", "32.76 €"])).toBe(".");
    expect(decimalMark(["4,55 €", "1.980,00 €"])).toBe(",");
  });

  it("mends what a recogniser takes for letters, and only where it was recognised", () => {
    expect(values("19O.0O", ".", true)).toEqual(["190.00"]);
    expect(values("l2.5O", ".", true)).toEqual(["12.50"]);
    expect(values("19O.0O", ".", false)).toEqual([]);
  });

  it("says the printed decimals, the percent sign and the currency", () => {
    expect(numbersIn("19 % 41,1765 €", { mark: ",", ocr: false })).toMatchObject([
      { value: "19", percent: true, decimals: 0 },
      { value: "41.1765", percent: false, decimals: 4, currency: "€" },
    ]);
  });

  it("reads every amount that is written as one of these locales writes it", () => {
    const groups: readonly (readonly [group: string, mark: "." | ","])[] = [
      [".", ","],
      [",", "."],
      [" ", ","],
      ["\u202f", ","],
      ["'", "."],
      ["", ","],
      ["", "."],
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99_999_999 }),
        fc.integer({ min: 0, max: 99 }),
        fc.boolean(),
        fc.constantFrom(...groups),
        (whole, cents, negative, [group, mark]) => {
          const fraction = String(cents).padStart(2, "0");
          const printed = `${negative ? "-" : ""}${String(whole).replace(/\B(?=(\d{3})+$)/g, group)}${mark}${fraction}`;
          const sign = negative && (whole > 0 || cents > 0) ? "-" : "";
          expect(values(`Total ${printed} EUR`, mark)).toEqual([`${sign}${whole}.${fraction}`]);
        },
      ),
    );
  });

  it("stays inside the text and in order, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789.,-+ €%$()RMO l/:#x'") }), fc.boolean(), (text, ocr) => {
        let end = 0;
        for (const { from, to } of numbersIn(text, { mark: ".", ocr })) {
          expect(from).toBeGreaterThanOrEqual(end);
          expect(to).toBeGreaterThan(from);
          end = to;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
