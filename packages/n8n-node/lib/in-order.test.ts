import { describe, expect, it } from "vitest";
import { inOrder } from "./in-order.ts";

describe("work in order", () => {
  it("runs no more at a time than the limit and keeps the order", async () => {
    let running = 0;
    let most = 0;
    const results = await inOrder(
      20,
      4,
      async (index) => {
        most = Math.max(most, ++running);
        // The later ones end first.
        for (let turn = 0; turn < 20 - index; turn++) await Promise.resolve();
        running--;
        return index;
      },
      () => {},
    );
    expect(results).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(most).toBe(4);
  });

  it("begins nothing after a failure, tells it at once, and rejects with the first one", async () => {
    const begun: number[] = [];
    const told: unknown[] = [];
    const work = async (index: number): Promise<void> => {
      begun.push(index);
      await Promise.resolve();
      if (index === 1) throw new Error("one");
    };
    await expect(inOrder(100, 2, work, (reason) => told.push(reason))).rejects.toThrow("one");
    expect(begun.length).toBeLessThan(6);
    expect(told).toEqual([new Error("one")]);
  });
});
