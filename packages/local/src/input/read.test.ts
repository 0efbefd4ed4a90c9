import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, realpath, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createInputReader } from "./read.ts";

/** A whole PNG of one pixel. */
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const accept = ["image"] as const;

let root: string;
let pictures: string;
let outside: string;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "sightline-read-")));
  pictures = join(root, "pictures");
  outside = join(root, "pictures-private"); // the allowed folder's name is its prefix
  await mkdir(join(pictures, "deep"), { recursive: true });
  await mkdir(outside);
  await writeFile(join(pictures, "a b#%20ü.png"), PNG);
  await writeFile(join(pictures, "deep", "cat.png"), PNG);
  await writeFile(join(pictures, "letter.jpg"), "Dear Sir or Madam,\n");
  await writeFile(join(pictures, "report.pdf"), "%PDF-1.7\n%âãÏÓ\n1 0 obj\n");
  await writeFile(join(pictures, "empty.png"), "");
  await writeFile(join(pictures, "film.mp4"), "#EXTM3U\nfile:///etc/passwd\n");
  await writeFile(join(outside, "secret.png"), PNG);
  await symlink(join(outside, "secret.png"), join(pictures, "link-out.png"));
  await symlink(outside, join(pictures, "folder-out"));
  await symlink(join(outside, "nothing-here.png"), join(pictures, "dangling-out.png"));
  await symlink(join(pictures, "deep", "cat.png"), join(pictures, "link-in.png"));
  await symlink("loop.png", join(pictures, "loop.png"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const read = (reference: string, options: Partial<Parameters<typeof createInputReader>[0]> = {}) =>
  createInputReader({ allow: [pictures], ...options }).read(reference, { accept });

const refusal = async (
  reference: string,
  options: Partial<Parameters<typeof createInputReader>[0]> = {},
): Promise<{ kind: string; message: string; hint?: string }> => {
  try {
    await read(reference, options);
  } catch (error) {
    return error as { kind: string; message: string; hint?: string };
  }
  throw new Error(`${reference} was read`);
};

describe("files that may be read", () => {
  it("takes a path, a file URL, a leading @, spaces around, a link that stays inside", async () => {
    const path = join(pictures, "a b#%20ü.png");
    for (const reference of [path, pathToFileURL(path).href, `@${path}`, `  ${path}\n`, join(pictures, "deep", "..", "a b#%20ü.png")]) {
      expect({ reference, ...(await read(reference)) }).toEqual({
        reference,
        name: "a b#%20ü.png",
        kind: "image",
        mediaType: "image/png",
        bytes: new Uint8Array(PNG),
      });
    }
    expect(await read(join(pictures, "link-in.png"))).toMatchObject({ name: "cat.png" });
  });

  it("takes ~ and allowed folders that are links themselves", async () => {
    const link = join(root, "by-link");
    await symlink(pictures, link);
    const reader = { allow: [link] };
    expect(await read(join(link, "deep/cat.png"), reader)).toMatchObject({ mediaType: "image/png" });
    expect(await read(join(pictures, "deep/cat.png"), reader)).toMatchObject({ mediaType: "image/png" });
    expect(await read(`~/${relative(homedir(), join(pictures, "deep/cat.png"))}`)).toMatchObject({ name: "cat.png" });
  });

  it("takes the root folder as an allowed folder", async () => {
    expect(await read(join(pictures, "deep/cat.png"), { allow: ["/"] })).toMatchObject({ name: "cat.png" });
  });

  it("finds a relative name that only one allowed folder has, and asks when two have it", async () => {
    expect(await read("deep/cat.png", { allow: [outside, pictures] })).toMatchObject({ name: "cat.png" });
    expect(await refusal("cat.png", { allow: [pictures] })).toMatchObject({
      kind: "InputError",
      message: expect.stringContaining("not an absolute path"),
    });
    await mkdir(join(root, "copy", "deep"), { recursive: true });
    await writeFile(join(root, "copy", "deep", "cat.png"), PNG);
    expect(await refusal("deep/cat.png", { allow: [pictures, join(root, "copy")] })).toMatchObject({
      kind: "InputError",
      message: expect.stringContaining("more than one"),
    });
    expect(await refusal("../pictures-private/secret.png")).toMatchObject({
      kind: "InputError",
      message: expect.stringContaining("not an absolute path"),
    });
  });

  it("takes single files named on the command line, and nothing beside them", async () => {
    const only = { allow: [], files: [join(outside, "secret.png"), join(outside, "missing.png")] };
    expect(await read(join(outside, "secret.png"), only)).toMatchObject({ name: "secret.png" });
    expect(await refusal(join(outside, "missing.png"), only)).toMatchObject({
      kind: "InputError",
      message: expect.stringContaining("does not exist"),
    });
    expect(await refusal(join(pictures, "deep/cat.png"), only)).toMatchObject({
      kind: "InputError",
      message: expect.stringContaining("command line"),
    });
  });

  it("takes base64 of a picture without its data: prefix, and a data URI", async () => {
    expect(await read(PNG.toString("base64"))).toMatchObject({ mediaType: "image/png", name: "base64 text" });
    expect(await read(`data:image/jpeg;base64,${PNG.toString("base64")}`)).toMatchObject({ mediaType: "image/png", name: "data URI" });
    const named = `data:application/octet-stream;name=standard%20input;base64,${PNG.toString("base64")}`;
    expect(await read(named)).toMatchObject({ mediaType: "image/png", name: "standard input" });
    // JPEG's base64 begins like an absolute path.
    const jpeg = Buffer.concat([
      Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]),
      Buffer.from("JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
      Buffer.alloc(60),
    ]).toString("base64");
    expect(jpeg.startsWith("/9j/")).toBe(true);
    expect(await read(jpeg)).toMatchObject({ mediaType: "image/jpeg" });
  });
});

describe("files that may not", () => {
  it("refuses everything without an allowed folder, and names the setting", async () => {
    expect(await refusal(join(pictures, "deep/cat.png"), { allow: [] })).toMatchObject({
      kind: "SetupError",
      hint: expect.stringMatching(/--allow.*SIGHTLINE_ALLOW/s),
    });
  });

  it("gives one answer outside, whether or not the file is there", async () => {
    const words = (error: { kind: string; message: string; hint?: string }, path: string) => [
      error.kind,
      error.message.replaceAll(path, "X"),
      error.hint,
    ];
    const pairs: [string, string][] = [
      [join(outside, "secret.png"), join(outside, "no-such.png")],
      [join(pictures, "..", "pictures-private", "secret.png"), join(pictures, "..", "pictures-private", "no-such.png")],
      [join(pictures, "folder-out", "secret.png"), join(pictures, "folder-out", "no-such.png")],
      [join(pictures, "folder-out", "secret.png"), join(pictures, "folder-out", "no-such", "deep.png")],
      [join(pictures, "link-out.png"), join(pictures, "dangling-out.png")],
      ["/etc/passwd", "/etc/no-such-file"],
    ];
    for (const [there, absent] of pairs) {
      const [yes, no] = [await refusal(there), await refusal(absent)];
      const normal = (path: string) => join(path);
      expect(words(yes, normal(there))).toEqual(words(no, normal(absent)));
      expect(yes).toMatchObject({
        kind: "InputError",
        message: expect.stringContaining("not inside an allowed folder"),
        hint: expect.stringContaining(pictures),
      });
    }
  });

  it.each<[string, () => string, RegExp]>([
    ["missing file", () => join(pictures, "no-such.png"), /does not exist/],
    ["missing file in a missing folder", () => join(pictures, "no", "such.png"), /does not exist/],
    ["a file as a folder", () => join(pictures, "letter.jpg", "x.png"), /does not exist/],
    ["name too long", () => join(pictures, "x".repeat(400)), /does not exist/],
    ["folder", () => join(pictures, "deep"), /is a folder/],
    ["allowed folder itself", () => pictures, /is a folder/],
    ["text renamed .jpg", () => join(pictures, "letter.jpg"), /letter\.jpg is text, not a picture/],
    ["empty file", () => join(pictures, "empty.png"), /empty/],
    ["playlist renamed .mp4", () => join(pictures, "film.mp4"), /playlist/],
    ["PDF", () => join(pictures, "report.pdf"), /PDF document, not a picture/],
    ["link in a loop", () => join(pictures, "loop.png"), /not inside an allowed folder/],
    ["NUL", () => `${join(pictures, "deep/cat.png")}\0.txt`, /NUL/],
    ["NUL in a file URL", () => `file://${pictures}/deep/cat.png%00`, /NUL|file:\/\//],
    ["file URL of another host", () => "file://server/share/cat.png", /not a file:\/\/ address/],
    ["nothing", () => " @ ", /No file is named/],
    ["another scheme", () => "ftp://example.com/cat.png", /ftp:\/\/ cannot be read/],
    ["http", () => "http://example.com/cat.png", /https/],
    ["a data URI with nothing in it", () => "data:image/png;base64,", /data URI is empty/],
    ["garbage in a data URI", () => "data:image/png;base64,@@@@", /not valid base64/],
    ["a named data URI of text", () => "data:;name=standard%20input;base64,aGVsbG8gd29ybGQ=", /^standard input is text/],
    ["a data URI of text", () => "data:image/png;base64,aGVsbG8gd29ybGQ=", /data URI is text/],
    ["base64 of text", () => Buffer.from("hello ".repeat(1000)).toString("base64"), /not the base64 of a picture/],
  ])("refuses: %s", async (_, reference, message) => {
    expect(await refusal(reference())).toMatchObject({
      kind: "InputError",
      message: expect.stringMatching(message),
      hint: expect.any(String),
    });
  });

  it("refuses a file over the cap without reading it, and devices and pipes without waiting", async () => {
    await writeFile(join(pictures, "big.png"), Buffer.concat([PNG, Buffer.alloc(2000)]));
    expect(await refusal(join(pictures, "big.png"), { maxBytes: 1000 })).toMatchObject({
      kind: "InputError",
      message: expect.stringMatching(/at most/),
    });
    expect(await refusal("/dev/zero", { allow: ["/dev"] })).toMatchObject({
      kind: "InputError",
      message: expect.stringContaining("is a device"),
    });
    execFileSync("mkfifo", [join(pictures, "pipe.png")]);
    expect(await refusal(join(pictures, "pipe.png"))).toMatchObject({ kind: "InputError", message: expect.stringContaining("is a pipe") });
  });

  it.skipIf(process.getuid?.() === 0)("says when a file may not be read (not as root, who may)", async () => {
    await writeFile(join(pictures, "locked.png"), PNG);
    await chmod(join(pictures, "locked.png"), 0);
    expect(await refusal(join(pictures, "locked.png"))).toMatchObject({
      kind: "InputError",
      message: expect.stringContaining("may not be read"),
    });
  });

  it.each([
    "/mnt/user-data/uploads/IMG_1.png",
    "/mnt/data/x.png",
    "/home/claude/receipt.jpg",
    "sandbox:/mnt/data/x.png",
    "sandbox:///mnt/data/x.png",
    "file:///mnt/user-data/x.png",
  ])("says what to do about the sandbox path %s", async (reference) => {
    expect(await refusal(reference)).toMatchObject({
      kind: "InputError",
      message: expect.stringContaining("sandbox"),
      hint: expect.stringContaining(pictures),
    });
  });

  it("never reads past a folder that is swapped for a link under its feet", async () => {
    const swapped = join(pictures, "swapped");
    const kept = join(pictures, "kept");
    await mkdir(swapped);
    await writeFile(join(swapped, "secret.png"), PNG);
    await writeFile(join(outside, "secret.png"), Buffer.concat([PNG, Buffer.from("SECRET")]));
    const stop = new AbortController();
    let swaps = 0;
    // So that reads meet every moment of a swap.
    const pause = async (turns: number) => {
      for (let turn = 0; turn < turns; turn++) await stat(root);
    };
    const swapping = (async () => {
      while (!stop.signal.aborted) {
        await rename(swapped, kept);
        await symlink(outside, swapped);
        await pause(swaps % 5);
        await rm(swapped);
        await rename(kept, swapped);
        await pause(swaps++ % 11);
      }
    })();
    let answers = 0;
    for (let round = 0; round < 1500; round++) {
      const bytes = await read(join(swapped, "secret.png")).then(
        (file) => file.bytes,
        () => undefined,
      );
      if (bytes !== undefined) answers++;
      expect(Buffer.from(bytes ?? []).includes("SECRET")).toBe(false);
    }
    stop.abort();
    await swapping;
    expect(answers).toBeGreaterThan(0);
  });

  it("throws the signal's reason when cancelled", async () => {
    const reason = new Error("enough");
    await expect(
      createInputReader({ allow: [pictures] }).read(join(pictures, "deep/cat.png"), { accept, signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });
});
