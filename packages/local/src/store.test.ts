import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createStore } from "./store.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "sightline-store-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const picture = (name: string, size = 10) => ({ bytes: new Uint8Array(size).fill(7), name, mediaType: "image/jpeg" });
const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe("createStore", () => {
  it("saves whole files that only this user can open, in folders likewise", async () => {
    const folder = join(root, "cache", "sightline", "results");
    const path = await createStore({ folder }).save(picture("bus.jpg"));
    expect(dirname(path)).toBe(folder);
    expect(basename(path)).toMatch(/^bus-[0-9a-f]{8}\.jpg$/);
    expect([...(await readFile(path))]).toEqual(Array.from({ length: 10 }, () => 7));
    expect([await mode(path), await mode(folder), await mode(join(root, "cache", "sightline"))]).toEqual(["600", "700", "700"]);
  });

  it("closes a folder that stood open", async () => {
    await mkdir(join(root, "open"), { mode: 0o755 });
    await createStore({ folder: join(root, "open") }).save(picture("a.png"));
    expect(await mode(join(root, "open"))).toBe("700");
  });

  it("never overwrites: the same name twice, at the same time, gives two files and no leftovers", async () => {
    const store = createStore({ folder: root });
    const paths = await Promise.all(Array.from({ length: 20 }, () => store.save(picture("same.jpg"))));
    expect(new Set(paths).size).toBe(20);
    expect(await readdir(root)).toHaveLength(20);
  });

  it.each([
    ["../../etc/passwd", /^passwd-/],
    ["https://example.com/a b?.png", /^a-b-/],
    ["Grüße 1.jpg", /^Grüße-1-/],
    ["", /^result-/],
    ["..", /^result-/],
    [`${"x".repeat(300)}.jpg`, /^x{60}-/],
    ["data URI", /^data-URI-/],
  ])("makes a file name of %j that stays in the folder", async (name, expected) => {
    const path = await createStore({ folder: root }).save(picture(name));
    expect(dirname(path)).toBe(root);
    expect(basename(path)).toMatch(expected);
    expect(basename(path)).toMatch(/\.jpg$/);
  });

  it("removes what is too old and the oldest of what is too much, never what was just saved", async () => {
    const aged = async (name: string, hours: number, size: number) => {
      await writeFile(join(root, name), new Uint8Array(size));
      const at = new Date(Date.now() - hours * 3_600_000);
      await utimes(join(root, name), at, at);
    };
    await aged("old.jpg", 30, 1);
    await aged("second.jpg", 2, 60);
    await aged("first.jpg", 1, 60);
    const saved = await createStore({ folder: root, maxAgeMs: 24 * 3_600_000, maxBytes: 100 }).save(picture("new.jpg", 5000));
    expect((await readdir(root)).sort()).toEqual(["first.jpg", basename(saved)].sort());
  });

  it("says what to do when nothing can be saved", async () => {
    await writeFile(join(root, "file"), "");
    await expect(createStore({ folder: join(root, "file", "results") }).save(picture("a.jpg"))).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringContaining("could not be saved"),
      hint: expect.stringContaining("XDG_CACHE_HOME"),
    });
  });
});
