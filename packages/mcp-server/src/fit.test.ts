import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitText, fitValue } from "./fit.ts";

const LONE_SURROGATE = /\p{Surrogate}/u;

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const line = (index: number) => ({ text: `line ${index}`, box: { x: 1, y: index, width: 300, height: 20 }, confidence: 0.99 });

describe("fitValue", () => {
  it("leaves an answer that fits as it is", () => {
    const value = { text: "TOTAL 9.00", pages: [{ lines: [line(1)] }] };
    expect(fitValue(value, 1_000)).toEqual({ value, cuts: [] });
  });

  it("gives up evidence before text, as little as it must, and says so", () => {
    const text = "verbatim ".repeat(500);
    const lines = Array.from({ length: 2_000 }, (_, index) => line(index));
    const { value, cuts } = fitValue({ text, pages: [{ number: 1, lines }] }, 30_000);
    expect(value["text"]).toBe(text);
    const kept = (value["pages"] as { lines: unknown[] }[])[0]?.lines.length ?? 0;
    expect(cuts).toEqual([`pages.lines: ${kept} of 2000 entries`]);
    const oneMore = { text, pages: [{ number: 1, lines: lines.slice(0, kept + 1) }] };
    expect(bytes(value)).toBeLessThanOrEqual(30_000);
    expect(bytes(oneMore)).toBeGreaterThan(30_000);
  });

  it("shortens text when shorter lists are not enough", () => {
    const { value, cuts } = fitValue({ text: "é\n".repeat(50_000), warnings: ["kept"] }, 10_000);
    expect(bytes(value)).toBeLessThanOrEqual(10_000);
    expect(bytes(value)).toBeGreaterThan(9_990);
    expect(value["warnings"]).toEqual(["kept"]);
    expect(cuts).toEqual([`text: ${(value["text"] as string).length} of 100000 characters`]);
  });

  it("fits any answer of lists and texts, and changes none that fits", () => {
    const answers = fc.record({
      text: fc.string({ maxLength: 3_000, unit: "binary" }),
      pages: fc.array(
        fc.record({
          number: fc.nat(),
          lines: fc.array(fc.record({ text: fc.string({ unit: "binary" }), confidence: fc.double() }), { maxLength: 60 }),
        }),
        { maxLength: 12 },
      ),
    });
    fc.assert(
      fc.property(answers, fc.integer({ min: 5_000, max: 9_000 }), (answer, limit) => {
        const { value, cuts } = fitValue(answer, limit);
        expect(bytes(value)).toBeLessThanOrEqual(limit);
        expect(cuts.length === 0).toBe(bytes(answer) <= limit);
        // No half of a surrogate pair that was whole before.
        expect(!LONE_SURROGATE.test(answer.text) && LONE_SURROGATE.test(value["text"] as string)).toBe(false);
      }),
    );
  });
});

describe("fitText", () => {
  const note = (kept: number) => `[${kept} shown]`;

  it("cuts at the end of a line and says how much is shown", () => {
    expect(fitText("one\ntwo\nthree\nfour", 100, note)).toBe("one\ntwo\nthree\nfour");
    expect(fitText("first line\nsecond line\na third that is longer", 40, note)).toBe("first line\nsecond line\n[22 shown]");
  });

  it("never exceeds the limit", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 400, unit: "binary" }),
        fc.integer({ min: 30, max: 300 }),
        (text, limit) => Buffer.byteLength(fitText(text, limit, note)) <= limit,
      ),
    );
  });
});
