import fc from "fast-check";
import { expect, test } from "vitest";
import type { VideoSample } from "../ports.ts";
import { chooseFrames } from "./choose-frames.ts";

/** A sample a second; each level of grey is another picture in its second half, the first half stays. */
async function* scene(levels: readonly number[]): AsyncGenerator<VideoSample> {
  for (const [time, level] of levels.entries())
    yield { time, thumbnail: { data: Uint8Array.from([0, 0, 0, 0, 0, 0, level, level, level, level]), width: 10, height: 1 } };
}

const ALL = { same: 0.1, spacing: { calm: 0, least: 0 }, stir: 0 };

test("still parts are one moment each, until the gap is reached", async () => {
  const still = await chooseFrames(scene([0, 0, 0, 100, 100, 0, 0, 0, 0, 0, 0, 0]), { ...ALL, most: 10, gap: 5 });
  expect(still.moments.map(({ time, until }) => [time, until])).toEqual([
    [0, 2],
    [3, 4],
    [5, 10],
    [10, 11],
    [11, 11],
  ]);
  expect(still).toMatchObject({ samples: 12, leftOut: 0 });
});

test("the first and the last sample are always looked at, and never more than wanted", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(0, 100, 200), { minLength: 1, maxLength: 120 }),
      fc.integer({ min: 2, max: 12 }),
      fc.integer({ min: 1, max: 60 }),
      async (levels, most, gap) => {
        const { moments, samples, leftOut } = await chooseFrames(scene(levels), { ...ALL, most, gap });
        expect(samples).toBe(levels.length);
        expect(moments[0]?.time).toBe(0);
        expect(moments.at(-1)?.time).toBe(levels.length - 1);
        expect(moments.length).toBeLessThanOrEqual(most);
        moments.forEach(({ time, until }, index) => {
          expect(until).toBeGreaterThanOrEqual(time);
          // What it stands for looks as it does.
          for (let at = time; at <= until; at++) expect(levels[at]).toBe(levels[time]);
          if (index > 0) expect(time).toBeGreaterThanOrEqual(moments[index - 1]!.until);
        });
        if (leftOut === 0) moments.slice(1).forEach(({ time }, index) => expect(time - moments[index]!.until).toBeLessThanOrEqual(1));
      },
    ),
  );
});

test("small changes are looked at now and then, large ones at once", async () => {
  const options = { ...ALL, most: 50, gap: 60, spacing: { calm: 3, least: 1 } };
  const levels = [0, 100, 0, 100, 0, 100, 0, 100];
  const calm = await chooseFrames(scene(levels), { ...options, stir: 0.5 });
  expect(calm.moments.map(({ time }) => time)).toEqual([0, 3, 6, 7]);
  const stirring = await chooseFrames(scene(levels), { ...options, stir: 0.3 });
  expect(stirring.moments.map(({ time }) => time)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});
