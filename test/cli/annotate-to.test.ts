import { copyFile, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorOf, runCli, SAMPLES } from "./run-cli.ts";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), "sightline-annotate-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const linesOf = (stdout: string) =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly annotated: string | readonly string[] });

describe("--annotate-to", () => {
  it("draws, and saves the picture in the file that is named and nowhere else", async () => {
    const [file, cache] = [path.join(folder, "seen.jpg"), path.join(folder, "cache")];
    const { code, stdout, stderr } = await runCli(["extract-invoice", "invoice.png", "--json", "--annotate-to", file], {
      env: { XDG_CACHE_HOME: cache },
    });
    expect(code, stderr).toBe(0);
    expect(linesOf(stdout)).toMatchObject([{ annotated: [file] }]);
    const [drawn, original] = [await sharp(file).metadata(), await sharp(path.join(SAMPLES, "invoice.png")).metadata()];
    expect(drawn).toMatchObject({ format: "jpeg", width: original.width, height: original.height });
    expect(await readdir(folder)).toEqual(["seen.jpg"]);
  });

  it("numbers further pictures of one file, and gives those in a folder names of their own", async () => {
    const [place, file] = [path.join(folder, "drawn", "of-two"), path.join(folder, "several.jpg")];
    const other = path.join(folder, "elsewhere");
    await mkdir(other);
    await copyFile(path.join(SAMPLES, "coffee.png"), path.join(other, "coffee.png"));
    const args = ["locate-object", "coffee.png", path.join(other, "coffee.png"), "--query", "cup", "--json", "--annotate-to"];
    const numbered = await runCli([...args, file]);
    expect(linesOf(numbered.stdout).map(({ annotated }) => annotated)).toEqual([file, path.join(folder, "several-2.jpg")]);
    const named = await runCli([...args, place]);
    expect(named.code, named.stderr).toBe(0);
    expect((await readdir(place)).toSorted()).toEqual(["coffee-located-2.jpg", "coffee-located.jpg"]);
  });

  it.each([
    ["another kind of picture", "seen.png", /drawn as JPEG, not as png/],
    ["a file in a folder that is not there", "nowhere/seen.jpg", /could not be written to .*nowhere\/seen\.jpg \(ENOENT\)/],
    ["a folder in a file", path.join("invoice.png", "drawn"), /could not be made \(ENOTDIR\)/],
  ])("refuses %s", async (_, place, words) => {
    const outcome = await runCli(["describe-image", "coffee.png", "--json", "--annotate-to", place]);
    expect([outcome.code, errorOf(outcome).message]).toEqual([2, expect.stringMatching(words)]);
  });
});
