import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { embeddedEyes, EYES, WEIGHTS } from "./eyes.ts";

describe("embeddedEyes", () => {
  it("claims every weights file that is shipped, and finds them", async () => {
    const shipped = (await readdir(WEIGHTS)).filter((name) => !/LICENSE|NOTICE/.test(name));
    expect(EYES.flatMap(({ weights = [] }) => weights).sort()).toEqual(shipped.sort());
    expect((await embeddedEyes()).filter(({ ready }) => !ready)).toEqual([]);
  });
});
