import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalAmount,
  compareAmounts,
  decimalsOf,
  divide,
  formatAmount,
  isWithin,
  multiply,
  negate,
  round,
  shortest,
  subtract,
  sum,
} from "./amount.ts";
import { amountShape } from "./schema.ts";

const amount = fc
  .record({ units: fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), decimals: fc.integer({ min: 0, max: 6 }) })
  .map(({ units, decimals }) => {
    const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0");
    const whole = digits.slice(0, digits.length - decimals);
    const sign = units < 0n ? "-" : "";
    return `${sign}${whole}${decimals === 0 ? "" : `.${digits.slice(-decimals)}`}`;
  });

describe("canonicalAmount", () => {
  it.each([
    ["12.50", "12.50"],
    [" +012.50\n", "12.50"],
    [".5", "0.5"],
    ["5.", "5"],
    ["-0.00", "0.00"],
    ["-7", "-7"],
  ])("reads %j", (text, expected) => expect(canonicalAmount(text)).toBe(expected));

  it.each(["", ".", "-", "1,50", "1.234,50", "1 234", "1e5", "0x10", "NaN", "12.50 EUR", "--1", "9".repeat(41)])("refuses %j", (text) =>
    expect(canonicalAmount(text)).toBeUndefined(),
  );

  it("leaves what is canonical as it is, and makes nothing that is not", () => {
    fc.assert(fc.property(amount, (text) => canonicalAmount(text) === text));
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("0", "1", "9", ".", "-", "+", " ", ",", "e") }), (text) => {
        const read = canonicalAmount(text);
        expect(read === undefined || amountShape.safeParse(read).success).toBe(true);
        expect(read === undefined || canonicalAmount(read) === read).toBe(true);
      }),
    );
  });
});

describe("arithmetic", () => {
  it("is exact where floats are not", () => {
    expect(sum(["0.1", "0.2"])).toBe("0.3");
    expect(subtract("1.00", "0.9")).toBe("0.10");
    expect(multiply("1.10", "3")).toBe("3.30");
    expect(sum([])).toBe("0");
    expect(divide("1", "0")).toBeUndefined();
  });

  it("keeps the decimals of what it is given, and never writes an exponent or a negative zero", () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(decimalsOf(sum([a, b]))).toBe(Math.max(decimalsOf(a), decimalsOf(b)));
        expect(sum([a, b])).toBe(sum([b, a]));
        expect(compareAmounts(subtract(sum([a, b]), b), a)).toBe(0);
        expect(sum([a, negate(a)])).toMatch(/^0(?:\.0+)?$/);
        expect(compareAmounts(multiply(a, b), multiply(b, a))).toBe(0);
        for (const result of [sum([a, b]), subtract(a, b), multiply(a, b), shortest(a), round(a, 2)])
          expect(result).toMatch(/^-?\d+(?:\.\d+)?$/);
        expect(sum([a, b])).not.toMatch(/^-0(?:\.0*)?$/);
      }),
    );
  });

  it("rounds half away from zero", () => {
    expect([round("0.005", 2), round("-0.005", 2), round("1.0049", 2), round("12", 2)]).toEqual(["0.01", "-0.01", "1.00", "12.00"]);
    fc.assert(fc.property(amount, (a) => isWithin(a, round(a, 2), "0.005")));
  });

  it("shows at least two decimals and hides none", () => {
    expect([formatAmount("12"), formatAmount("12.5"), formatAmount("0.125")]).toEqual(["12.00", "12.50", "0.125"]);
  });
});
