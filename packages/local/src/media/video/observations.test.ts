import { appendFile, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openObservations, type ObservationOptions } from "./observations.ts";

let parent: string;
let options: ObservationOptions;
beforeAll(async () => {
  parent = await mkdtemp(path.join(tmpdir(), "sightline-seen-"));
  options = { folder: path.join(parent, "videos"), version: async () => "1.2.3" };
});
afterAll(() => rm(parent, { recursive: true, force: true }));

const only = async (): Promise<string> => path.join(options.folder, (await readdir(options.folder))[0]!);

test("what was seen is there for the next who opens the same, readable by this user alone", async () => {
  const first = await openObservations(options, ["film", "eyes"]);
  expect(first.find("0.000")).toBeUndefined();
  first.keep("0.000", { people: 1 });
  first.keep("1.000", [2]);
  await first.close();
  expect((await stat(options.folder)).mode & 0o777).toBe(0o700);
  expect((await stat(await only())).mode & 0o777).toBe(0o600);

  const again = await openObservations(options, ["film", "eyes"]);
  expect([again.find("0.000"), again.find("1.000")]).toEqual([{ people: 1 }, [2]]);
  const others = [
    await openObservations(options, ["film", "model"]),
    await openObservations({ ...options, version: async () => "1.2.4" }, ["film", "eyes"]),
  ];
  for (const other of others) expect(other.find("0.000")).toBeUndefined();
});

test("a line that a crash cut off is lost, and nothing else", async () => {
  await appendFile(await only(), '\n["2.000",{"peo');
  const after = await openObservations(options, ["film", "eyes"]);
  expect(after.find("2.000")).toBeUndefined();
  after.keep("3.000", 3);
  await after.close();
  const again = await openObservations(options, ["film", "eyes"]);
  expect([again.find("1.000"), again.find("3.000")]).toEqual([[2], 3]);
});

test("discarding leaves nothing; a folder that cannot be written fails nobody", async () => {
  const seen = await openObservations(options, ["film", "eyes"]);
  await seen.discard();
  expect(await readdir(options.folder)).toEqual([]);

  const blocked = path.join(parent, "file");
  await writeFile(blocked, "");
  const unkept = await openObservations({ ...options, folder: path.join(blocked, "videos") }, ["film"]);
  unkept.keep("0", 1);
  expect(unkept.find("0")).toBe(1);
  await unkept.close();
});
