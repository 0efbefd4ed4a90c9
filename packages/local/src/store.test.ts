import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createStore } from "./store.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "sightline-store-"));
});
const newStore = (options: Partial<Parameters<typeof createStore>[0]> & { folder: string }) =>
  createStore({ uploads: { folder: join(root, "uploads") }, ...options });
afterEach(() => rm(root, { recursive: true, force: true }));

const picture = (name: string, size = 10) => ({ bytes: new Uint8Array(size).fill(7), name, mediaType: "image/jpeg" });
const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe("createStore", () => {
  it("saves whole files that only this user can open, in folders likewise", async () => {
    const folder = join(root, "cache", "sightline", "results");
    const path = await newStore({ folder }).save(picture("bus.jpg"));
    expect(dirname(path)).toBe(folder);
    expect(basename(path)).toMatch(/^bus-[0-9a-f]{16}\.jpg$/);
    expect([...(await readFile(path))]).toEqual(Array.from({ length: 10 }, () => 7));
    expect([await mode(path), await mode(folder), await mode(join(root, "cache", "sightline"))]).toEqual(["600", "700", "700"]);
  });

  it("closes a folder that stood open", async () => {
    await mkdir(join(root, "open"), { mode: 0o755 });
    await newStore({ folder: join(root, "open") }).save(picture("a.png"));
    expect(await mode(join(root, "open"))).toBe("700");
  });

  it("never overwrites: the same name twice, at the same time, gives two files and no leftovers", async () => {
    const store = newStore({ folder: root });
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
    const path = await newStore({ folder: root }).save(picture(name));
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
    const saved = await newStore({ folder: root, maxAgeMs: 24 * 3_600_000, maxBytes: 100 }).save(picture("new.jpg", 5000));
    expect((await readdir(root)).sort()).toEqual(["first.jpg", basename(saved)].sort());
  });

  it("says what to do when nothing can be saved", async () => {
    await writeFile(join(root, "file"), "");
    await expect(newStore({ folder: join(root, "file", "results") }).save(picture("a.jpg"))).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringContaining("could not be saved"),
      hint: expect.stringContaining("XDG_CACHE_HOME"),
    });
  });

  it("finds what it saved by its handle, and nothing else of the folder", async () => {
    const store = newStore({ folder: root });
    const kept = await store.keep(picture("bus.jpg"));
    expect(await store.find(kept.id)).toEqual(kept);
    expect(kept).toMatchObject({ mediaType: "image/jpeg", size: 10, path: join(root, kept.id) });
    await writeFile(join(root, "secret.json"), "{}");
    for (const id of ["secret.json", `../${basename(root)}/${kept.id}`, `${kept.id}/..`, "", kept.id.replace("bus", "car")])
      expect(await store.find(id)).toBeUndefined();
    expect(await store.remove(kept.id)).toBe(false);
  });
});

describe("files that are handed in", () => {
  const PNG = Uint8Array.from([
    0x89,
    0x50,
    0x4e,
    0x47,
    0x0d,
    0x0a,
    0x1a,
    0x0a,
    0,
    0,
    0,
    13,
    0x49,
    0x48,
    0x44,
    0x52,
    ...Array.from({ length: 30 }, () => 0),
  ]);
  const folder = () => join(root, "uploads");
  async function* inPieces(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }

  it("are kept whole, by what their bytes say they are, until they are removed", async () => {
    const store = newStore({ folder: root });
    const file = await store.receive(inPieces(PNG), { name: "../my scan.gif" });
    expect(file).toMatchObject({ id: expect.stringMatching(/^my-scan-[0-9a-f]{16}\.gif$/), mediaType: "image/png", size: PNG.length });
    expect([...(await readFile(file.path))]).toEqual([...PNG]);
    expect([await mode(file.path), await mode(folder())]).toEqual(["600", "700"]);
    expect(await store.received()).toEqual([file]);
    expect([await store.remove(file.id), await store.remove(file.id)]).toEqual([true, false]);
    expect(await readdir(folder())).toEqual([]);
  });

  it.each([
    ["nothing", new Uint8Array(), /is empty/],
    ["a text", new TextEncoder().encode("Dear Sir or Madam"), /is text/],
    ["bytes of no kind", new Uint8Array(64).fill(1), /is of no known kind/],
  ])("are refused and not kept when they are %s", async (_, bytes, message) => {
    await expect(newStore({ folder: root }).receive(inPieces(bytes), { name: "x.png" })).rejects.toMatchObject({
      kind: "InputError",
      message: expect.stringMatching(message),
    });
    expect(await readdir(folder())).toEqual([]);
  });

  it("leave nothing when they break off, or are given up", async () => {
    const store = newStore({ folder: root });
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield PNG;
      throw new Error("the line went dead");
    }
    await expect(store.receive(broken(), { name: "x.png" })).rejects.toThrow("the line went dead");
    const stop = new AbortController();
    async function* stopped(): AsyncGenerator<Uint8Array> {
      yield PNG;
      stop.abort();
      yield PNG;
    }
    await expect(store.receive(stopped(), { name: "x.png", signal: stop.signal })).rejects.toThrow();
    expect(await readdir(folder())).toEqual([]);
  });

  it("expire, and are not taken beyond what there is room for", async () => {
    const store = newStore({ folder: root, uploads: { folder: folder(), maxAgeMs: 3_600_000, maxBytes: PNG.length * 2 } });
    const [old] = await Promise.all([store.receive(inPieces(PNG), { name: "a.png" }), store.receive(inPieces(PNG), { name: "b.png" })]);
    await expect(store.receive(inPieces(PNG), { name: "c.png" })).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringMatching(/no room/),
    });
    const at = new Date(Date.now() - 2 * 3_600_000);
    await utimes(old.path, at, at);
    expect(await store.find(old.id)).toBeUndefined();
    await store.receive(inPieces(PNG), { name: "c.png" });
    expect(await readdir(folder())).not.toContain(old.id);
  });
});
