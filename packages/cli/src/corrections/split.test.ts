import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sidesOf } from "./split.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const correction = (id: string, ...documents: readonly string[]) => ({
  id,
  files: documents.map((name) => ({
    field: "document",
    in_list: false,
    file: "document-1.png",
    name,
    media_type: "image/png",
    sha256: hash(name),
  })),
});
const some = fc
  .uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 30 })
  .map((names) => names.map((name) => correction(`c-${name}`, name)));
const split = fc.record({ validation: fc.double({ min: 0, max: 0.9, noNaN: true }), seed: fc.integer() });

describe("sidesOf", () => {
  it("puts a document on one side, whatever was asked about it and with what other", () => {
    const linked = fc.array(fc.array(fc.constantFrom("a", "b", "c", "d", "e", "f", "g"), { minLength: 1, maxLength: 3 }), { maxLength: 8 });
    fc.assert(
      fc.property(linked, split, (lists, by) => {
        const corrections = lists.map((documents, index) => correction(`c-${index}`, ...documents));
        const sides = sidesOf(corrections, by);
        const seen = new Map<string, string | undefined>();
        for (const { id, files } of corrections) {
          for (const { sha256 } of files) {
            expect(seen.get(sha256) ?? sides.get(id)).toBe(sides.get(id));
            seen.set(sha256, sides.get(id));
          }
        }
      }),
    );
  });

  it("moves no document when others come, go, or change their order", () => {
    fc.assert(
      fc.property(
        some.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all))),
        split,
        ([all, part], by) => {
          const [whole, less] = [sidesOf(all, by), sidesOf(part, by)];
          for (const { id } of part) expect(less.get(id)).toBe(whole.get(id));
        },
      ),
    );
  });

  it("holds nothing back for a share of 0, and more for a larger share", () => {
    fc.assert(
      fc.property(some, fc.integer(), (all, seed) => {
        const held = (validation: number): Set<string> =>
          new Set(all.filter(({ id }) => sidesOf(all, { validation, seed }).get(id) === "validation").map(({ id }) => id));
        expect(held(0).size).toBe(0);
        const [small, large] = [held(0.2), held(0.6)];
        expect([...small].every((id) => large.has(id))).toBe(true);
      }),
    );
  });

  it("draws about the share that is asked for", () => {
    const all = Array.from({ length: 1000 }, (_, index) => correction(`c-${index}`, `document ${index}`));
    const held = [...sidesOf(all, { validation: 0.1, seed: 0 }).values()].filter((side) => side === "validation").length;
    expect(held).toBeGreaterThan(60);
    expect(held).toBeLessThan(140);
  });
});
