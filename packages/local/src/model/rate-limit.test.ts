import { describe, expect, it } from "vitest";
import { createFastClock } from "../../../../test/model/fast-clock.ts";
import { createRateLimiter, waitForTurn } from "./rate-limit.ts";

describe("a rate limit", () => {
  it("spaces the requests to a server evenly, and each server's by itself", async () => {
    const clock = createFastClock();
    const limiter = createRateLimiter(1_500, clock);
    const waits = [await limiter.next("a"), await limiter.next("a"), await limiter.next("a"), await limiter.next("b")];
    expect(waits.map(Math.round)).toEqual([0, 1_500, 3_000, 0]);
  });

  it("is told when it takes long, and left when the caller goes", async () => {
    const told: string[] = [];
    const limiter = { next: () => Promise.resolve(30_000) };
    const clock = createFastClock({ skip: 30_000 });
    await waitForTurn(limiter, "http://server", { clock, onWait: (words) => told.push(words) });
    expect(told).toEqual(["Waiting 30 s for http://server, as --rate-limit asks"]);
    const gone = AbortSignal.abort(new Error("the caller went"));
    await expect(waitForTurn(limiter, "http://server", { clock, signal: gone, onWait: undefined })).rejects.toThrow("the caller went");
  });
});
