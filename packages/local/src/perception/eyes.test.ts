import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { embeddedEyes, EYES, WEIGHTS } from "./eyes.ts";

describe("embeddedEyes", () => {
  it("is asked about every kind of weights that is shipped, and finds them", async () => {
    const shipped = (await readdir(WEIGHTS)).filter((name) => !/LICENSE|NOTICE/.test(name));
    const claimed = EYES.flatMap(({ weights = [] }) => weights).map((name) => name.split("/")[0]);
    expect(new Set(claimed)).toEqual(new Set(shipped));
    expect((await embeddedEyes()).filter(({ ready }) => !ready)).toEqual([]);
  });
});
