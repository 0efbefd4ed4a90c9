import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DOUBTFUL, signIn, withSigns } from "./currency-signs.ts";

describe("signIn", () => {
  test.each([
    ["£12.79", "1279", "£"],
    ["£ 6.95", "695", "£"],
    ["-€10.00", "1000", "€"],
    ["12.50 €", "1250", "€"],
    ["€1,250.00", "125000", "€"],
  ])("finds the sign of %s", (text, digits, sign) => {
    expect(signIn(text, digits)).toBe(sign);
  });

  test.each([
    ["£12.79", "1278"],
    ["e 3.20", "320"],
    ["<7,500", "7500"],
    ["Glen 1", "801"],
    ["a £5", "5"],
    ["", ""],
  ])("believes none in %j beside %j", (text, digits) => {
    expect(signIn(text, digits)).toBeUndefined();
  });
});

describe("withSigns", () => {
  const sign = (read: string) => ({ image: { data: new Uint8Array(), width: 0 }, digits: "1", read });

  test("puts signs where they were found, and what had been read elsewhere", () => {
    const doubtful = { text: `Fee ${DOUBTFUL}1.00 or ${DOUBTFUL} 2.00, ${DOUBTFUL}3.00`, signs: [sign(""), sign(""), sign("f")] };
    expect(withSigns(doubtful, ["£", undefined, undefined])).toBe("Fee £1.00 or 2.00, f3.00");
  });

  test("leaves nothing doubtful", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("£", "€", undefined)), (found) => {
        const text = found.map(() => `${DOUBTFUL}1`).join(" ");
        const signs = found.map(() => sign(""));
        expect(withSigns({ text, signs }, found)).toBe(found.map((each) => `${each ?? ""}1`).join(" "));
      }),
    );
  });
});
