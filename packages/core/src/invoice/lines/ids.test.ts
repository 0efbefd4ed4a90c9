import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bicAt, ibansIn, vatIdsIn } from "./ids.ts";
import { IBAN_LENGTHS } from "./iban-lengths.ts";

const vatIds = (text: string, ocr = false): string[] => vatIdsIn(text, { ocr }).map(({ value }) => value);
const ibans = (text: string): string[] => ibansIn(text).map(({ value }) => value);

describe("VAT ids", () => {
  it.each([
    ["USt-IdNr.: DE136695976", ["DE136695976"]],
    ["VAT No GB 999 9999 73", ["GB999999973"]],
    ["TVA : FR 40 303 265 045 - SIRET", ["FR40303265045"]],
    ["NIF ESB12345674", ["ESB12345674"]],
    ["BTW NL123456782B90", ["NL123456782B90"]],
    ["CHE-123.456.788 MWST", ["CHE123456788MWST"]],
  ])("are found in %s", (text, expected) => {
    expect(vatIds(text)).toEqual(expected);
  });

  it.each(["DE 80333 München", "IBAN DE89 3704 0044 0532 0130 00", "DE123", "RE-20140522/501", "NOTE 12345678"])(
    "are not found in %s",
    (text) => {
      expect(vatIds(text)).toEqual([]);
    },
  );

  it("have letters for digits mended only where they were recognised", () => {
    expect(vatIds("DEl2345678O", true)).toEqual(["DE123456780"]);
    expect(vatIds("DEl2345678O")).toEqual([]);
  });
});

describe("IBANs", () => {
  it.each([
    ["IBAN: DE89 3704 0044 0532 0130 00 BIC", ["DE89370400440532013000"]],
    ["NL91ABNA0417164300", ["NL91ABNA0417164300"]],
    ["IBAN: DE54 5004 **** **** **** 00", []],
    ["Invoice#OR18031002160274", []],
  ])("in %s", (text, expected) => {
    expect(ibans(text)).toEqual(expected);
  });

  it("are as long as their country's, printed in fours or at one stretch", () => {
    fc.assert(
      fc.property(fc.constantFrom(...IBAN_LENGTHS), fc.integer({ min: 10, max: 99 }), fc.boolean(), ([country, length], check, spaced) => {
        const iban = `${country}${check}${"1234567890".repeat(4)}`.slice(0, length);
        const printed = spaced ? iban.replace(/.{4}(?=.)/g, "$& ") : iban;
        expect(ibans(`IBAN: ${printed}, please`)).toEqual([iban]);
      }),
    );
  });
});

describe("BICs", () => {
  it("stand at the start, whole", () => {
    expect(bicAt(": COBADEFFXXX")?.value).toBe("COBADEFFXXX");
    expect(bicAt(": BYLADEM1001")?.value).toBe("BYLADEM1001");
    expect(bicAt(": Commerzbank")).toBeUndefined();
  });
});
