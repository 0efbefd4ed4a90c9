import { mkdir, mkdtemp, realpath, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listImages } from "./list-images.ts";

const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
let root: string;
let pictures: string;

const put = async (name: string, minutesAgo: number, content: Buffer | string = PNG) => {
  const path = join(root, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  const at = new Date(Date.UTC(2026, 0, 1) - minutesAgo * 60_000);
  await utimes(path, at, at);
};

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "sightline-list-")));
  pictures = join(root, "pictures");
  await put("pictures/newest.PNG", 1);
  await put("pictures/a/b/deep.jpg", 2); // its name lies, its bytes count
  await put("pictures/drawing.svg", 3, "<svg/>");
  await put("pictures/text.png", 0, "no picture at all");
  await put("pictures/empty.png", 0, "");
  await put("pictures/notes.txt", 0);
  await put("pictures/.hidden.png", 0);
  await put("pictures/.cache/x.png", 0);
  await put("pictures/node_modules/x/logo.png", 0);
  await put("outside/secret.png", 0);
  await symlink(join(root, "outside"), join(pictures, "link"));
  await symlink(join(root, "outside/secret.png"), join(pictures, "link.png"));
  await symlink(pictures, join(pictures, "a", "loop"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const names = async (options: Partial<Parameters<typeof listImages>[0]> = {}) =>
  (await listImages({ allow: [pictures], ...options })).images.map(({ name }) => name);

describe("listImages", () => {
  it("lists the newest first, by their bytes, without links, hidden and module folders", async () => {
    expect(await listImages({ allow: [pictures] })).toEqual({
      images: [
        {
          path: join(pictures, "newest.PNG"),
          name: "newest.PNG",
          modified: "2025-12-31T23:59:00.000Z",
          bytes: PNG.length,
          mediaType: "image/png",
        },
        {
          path: join(pictures, "a/b/deep.jpg"),
          name: "deep.jpg",
          modified: "2025-12-31T23:58:00.000Z",
          bytes: PNG.length,
          mediaType: "image/png",
        },
        {
          path: join(pictures, "drawing.svg"),
          name: "drawing.svg",
          modified: "2025-12-31T23:57:00.000Z",
          bytes: 6,
          mediaType: "image/svg+xml",
        },
      ],
      warnings: [],
    });
  });

  it("counts a file once when allowed folders lie in each other", async () => {
    expect(await names({ allow: [pictures, join(pictures, "a"), pictures] })).toEqual(["newest.PNG", "deep.jpg", "drawing.svg"]);
  });

  it("keeps to its bounds and says when they cut something off", async () => {
    expect(await names({ limit: 1 })).toEqual(["newest.PNG"]);
    expect(await listImages({ allow: [pictures], maxDepth: 1 })).toMatchObject({
      images: [{ name: "newest.PNG" }, { name: "drawing.svg" }],
      warnings: [expect.stringContaining("more than 1 level")],
    });
    expect((await listImages({ allow: [pictures], maxEntries: 2 })).warnings).toEqual([expect.stringContaining("more than 2 entries")]);
  });

  it("goes on without a folder that is missing, and says so", async () => {
    expect(await listImages({ allow: [join(root, "nope"), join(root, "outside")] })).toMatchObject({
      images: [{ name: "secret.png" }],
      warnings: [expect.stringContaining("do not exist")],
    });
  });

  it("asks for an allowed folder when there is none, and stops when cancelled", async () => {
    await expect(listImages({ allow: [] })).rejects.toMatchObject({ kind: "SetupError", hint: expect.stringContaining("--allow") });
    const reason = new Error("enough");
    await expect(listImages({ allow: [pictures], signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
