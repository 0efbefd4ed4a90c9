import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeLock } from "./lock-file.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sightline-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A lock as another process has left it, so many ms after its last sign of life. */
async function held(by: unknown, silentMs: number): Promise<string> {
  const path = join(folder, "r.lock");
  await writeFile(path, typeof by === "string" ? by : JSON.stringify(by));
  await utimes(path, new Date(), new Date(Date.now() - silentMs));
  return path;
}

test("is taken, and given back", async () => {
  const giveBack = await takeLock(join(folder, "r.lock"), "r.jsonl");
  expect(await readdir(folder)).toEqual(["r.lock"]);
  await giveBack();
  expect(await readdir(folder)).toEqual([]);
});

test.each<[string, unknown, number]>([
  ["a process of this machine that runs, however long it was silent", { pid: process.ppid, host: hostname() }, 1_000_000],
  ["a process of another machine that was heard of lately", { pid: 1, host: "elsewhere" }, 30_000],
  ["a lock that says nothing", "", 0],
])("is not taken from %s", async (_name, by, silentMs) => {
  const path = await held(by, silentMs);
  await expect(takeLock(path, "r.jsonl")).rejects.toMatchObject({
    kind: "InputError",
    message: expect.stringMatching(/^Another batch .*is writing to r\.jsonl\.$/) as string,
    hint: expect.stringContaining(path) as string,
  });
});

test("is not taken from a process whose machine's clock is behind, while it gives signs of life", async () => {
  const path = await held({ pid: 1, host: "elsewhere" }, 120_000);
  let behind = Date.now() - 120_000;
  const alive = setInterval(() => void utimes(path, new Date(), new Date((behind += 1_000))), 5);
  try {
    await expect(takeLock(path, "r.jsonl", 1_000)).rejects.toMatchObject({ message: expect.stringMatching(/^Another batch/) as string });
  } finally {
    clearInterval(alive);
  }
});

test.each<[string, unknown, number]>([
  ["a process of another machine that is silent for long", { pid: 1, host: "elsewhere" }, 61_000],
  // A container's processes have the same few numbers every time.
  ["an earlier process with this one's number", { pid: process.pid, host: hostname() }, 0],
])("is taken from %s", async (_name, by, silentMs) => {
  const giveBack = await takeLock(await held(by, silentMs), "r.jsonl", 10);
  await giveBack();
});
