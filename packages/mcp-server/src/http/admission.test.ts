import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAdmission } from "./admission.ts";

describe("createAdmission", () => {
  it("says whose bound was met", () => {
    const admission = createAdmission({ total: 3, perClient: 2 });
    expect([admission.enter("a").ok, admission.enter("a").ok, admission.enter("b").ok]).toEqual([true, true, true]);
    expect(admission.enter("a")).toEqual({ ok: false, because: "client" });
    expect(admission.enter("b")).toEqual({ ok: false, because: "total" });
  });

  it("never has more inside than its bounds, and is empty when all have left, however often they say so", () => {
    const step = fc.record({ client: fc.constantFrom("a", "b", "c"), leave: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const admission = createAdmission({ total: 5, perClient: 3 });
        const inside: { client: string; leave(): void }[] = [];
        const gone: { leave(): void }[] = [];
        for (const { client, leave } of steps) {
          const admitted = admission.enter(client);
          const mine = inside.filter((each) => each.client === client).length;
          expect(admitted.ok).toBe(mine < 3 && inside.length < 5);
          if (admitted.ok) inside.push({ client, leave: admitted.leave });
          if (leave % 3 === 0 && inside.length > 0) {
            const [left] = inside.splice(leave % inside.length, 1);
            left?.leave();
            if (left !== undefined) gone.push(left);
          }
          gone[leave % Math.max(1, gone.length)]?.leave();
          expect(admission.count).toBe(inside.length);
        }
        for (const each of inside) each.leave();
        expect(admission.count).toBe(0);
      }),
    );
  });
});
