import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestPairs } from "./assignment.ts";
import { accuracyOf, scoreValues } from "./score.ts";
import type { KindAt } from "./score.ts";

const asText: KindAt = () => "text";
const amounts: KindAt = (path) => (path.endsWith("amount") ? "amount" : path.endsWith("date") ? "date" : "text");

/** Plain data as answers have it. */
const leaf = fc.oneof(fc.string({ maxLength: 4 }), fc.integer({ min: -9, max: 9 }), fc.boolean(), fc.constant(null));
const row = fc.dictionary(fc.constantFrom("a", "b", "c", "__proto__"), leaf, { maxKeys: 3 });
const values = fc.record(
  {
    name: leaf,
    rows: fc.array(row, { maxLength: 5 }),
    words: fc.array(fc.string({ maxLength: 3 }), { maxLength: 4 }),
    group: fc.record({ inner: leaf, rows: fc.array(row, { maxLength: 2 }) }),
  },
  { requiredKeys: [] },
);

describe("scoreValues", () => {
  it("lies between 0 and 1, and counts every value once", () => {
    fc.assert(
      fc.property(values, values, (correct, given) => {
        const score = scoreValues(correct, given, asText);
        expect(accuracyOf(score)).toBeGreaterThanOrEqual(0);
        expect(accuracyOf(score)).toBeLessThanOrEqual(1);
        expect(score.right + score.wrong.length).toBe(score.total);
        const sums = Object.values(score.fields).reduce((so, { right, total }) => ({ right: so.right + right, total: so.total + total }), {
          right: 0,
          total: 0,
        });
        expect(sums).toEqual({ right: score.right, total: score.total });
        expect(new Set(score.wrong.map(({ path }) => path)).size).toBe(score.wrong.length);
      }),
    );
  });

  it("is 1 for what is equal, whatever the order of rows and keys", () => {
    const shuffled = values.chain((value) =>
      fc
        .shuffledSubarray(value.rows ?? [], { minLength: (value.rows ?? []).length })
        .map((rows) => ({ value, other: { ...value, ...(value.rows && { rows }) } })),
    );
    fc.assert(
      fc.property(shuffled, ({ value, other }) => {
        expect(scoreValues(value, other, asText)).toMatchObject({ wrong: [] });
        expect(accuracyOf(scoreValues(value, Object.fromEntries(Object.entries(other).reverse()), asText))).toBe(1);
      }),
    );
  });

  it("does not change when rows change their places", () => {
    const both = fc.tuple(fc.array(row, { maxLength: 5 }), fc.array(row, { maxLength: 5 }));
    fc.assert(
      fc.property(
        both.chain(([a, b]) => fc.tuple(fc.constant(a), fc.constant(b), fc.shuffledSubarray(b, { minLength: b.length }))),
        ([a, b, mixed]) => {
          const [one, other] = [scoreValues({ rows: a }, { rows: b }, asText), scoreValues({ rows: a }, { rows: mixed }, asText)];
          expect([other.right, other.total]).toEqual([one.right, one.total]);
        },
      ),
    );
  });

  it("is the same whichever of the two is held against the other", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [one, other] = [scoreValues(a, b, asText), scoreValues(b, a, asText)];
        expect([other.right, other.total]).toEqual([one.right, one.total]);
      }),
    );
  });

  it("pairs rows so that no other pairing has more right", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 4 }), fc.array(row, { maxLength: 4 }), (a, b) => {
        const alone = (one: unknown, other: unknown): number => scoreValues(one, other, asText).right;
        const best = (left: readonly unknown[], right: readonly unknown[]): number => {
          const [first, ...rest] = left;
          if (left.length === 0) return 0;
          return Math.max(best(rest, right), ...right.map((each, index) => alone(first, each) + best(rest, right.toSpliced(index, 1))));
        };
        expect(scoreValues(a, b, asText).right).toBe(best(a, b));
      }),
    );
  });

  it("compares amounts, numbers and dates by value, texts by letters and digits, and identifiers never by value", () => {
    const same = (correct: unknown, given: unknown): number => accuracyOf(scoreValues(correct, given, amounts));
    expect(same({ amount: "12.50" }, { amount: "12.5" })).toBe(1);
    expect(same({ amount: "12.50" }, { amount: 12.5 })).toBe(1);
    expect(same({ count: 3 }, { count: 3 })).toBe(1);
    expect(same({ date: "2026-11-26" }, { date: "2026-11-26T00:00:00Z" })).toBe(1);
    expect(same({ name: "ACME  GmbH & Co. KG" }, { name: "Acme GmbH & Co KG" })).toBe(1);
    expect(same({ name: "---" }, { name: "***" })).toBe(0);
    expect(same({ number: "007" }, { number: "7" })).toBe(0);
    expect(same({ amount: "12.50" }, { amount: "-12.50" })).toBe(0);
    expect(same({ paid: true }, { paid: false })).toBe(0);
    expect(same({ paid: true }, { paid: "true" })).toBe(0);
  });

  it("counts what is missing, what is too much, and what is of another form", () => {
    const lines = [
      { what: "a", amount: "1" },
      { what: "b", amount: "2" },
    ];
    expect(scoreValues({ lines }, { lines: lines.slice(1) }, amounts)).toMatchObject({
      right: 2,
      total: 4,
      wrong: [
        { path: "lines[0].what", correct: "a", given: undefined },
        { path: "lines[0].amount", correct: "1", given: undefined },
      ],
    });
    expect(scoreValues({ lines: lines.slice(1) }, { lines }, amounts).wrong.map(({ path }) => path)).toEqual([
      "lines[1].what",
      "lines[1].amount",
    ]);
    expect(scoreValues({ a: "x" }, { a: { b: "x" } }, asText)).toMatchObject({ right: 0, total: 2 });
    expect(scoreValues({ a: "", b: null }, {}, asText)).toMatchObject({ right: 0, total: 0 });
  });

  it("tells rows that fit best as the ones to mend", () => {
    const correct = [
      { what: "hammer", amount: "21.00" },
      { what: "saw", amount: "34.00" },
    ];
    const given = [
      { what: "saw", amount: "34.00" },
      { what: "hammer", amount: "27.00" },
    ];
    expect(scoreValues(correct, given, amounts).wrong).toEqual([{ path: "[0].amount", correct: "21.00", given: "27.00" }]);
  });

  it("answers in time for a list of a thousand rows, half of them misread", () => {
    const rows = Array.from({ length: 1000 }, (_, index) => ({ what: `item ${index}`, amount: `${index}.00` }));
    const misread = rows.map((each, index) => (index % 2 === 0 ? each : { ...each, amount: `${index}.01` })).reverse();
    expect(scoreValues({ rows }, { rows: misread }, amounts)).toMatchObject({ right: 1500, total: 2000 });
  });
});

describe("bestPairs", () => {
  it("pairs every row of the shorter list once", () => {
    fc.assert(
      fc.property(fc.nat(6), fc.nat(6), fc.infiniteStream(fc.nat(9)), (a, b, numbers) => {
        const weights = Array.from({ length: a }, () => Array.from({ length: b }, () => Number(numbers.next().value)));
        const pairs = bestPairs(a, b, (one, other) => weights[one]?.[other] ?? 0);
        expect(pairs).toHaveLength(Math.min(a, b));
        expect(new Set(pairs.map(([one]) => one)).size).toBe(pairs.length);
        expect(new Set(pairs.map(([, other]) => other)).size).toBe(pairs.length);
      }),
    );
  });
});
