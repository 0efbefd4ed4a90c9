import fc from "fast-check";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { linesOf } from "./json-lines.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sightline-lines-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(bytes: Buffer): Promise<{ text: string; ended: boolean; start: number }[]> {
  const path = join(folder, "lines");
  await writeFile(path, bytes);
  const lines = [];
  for await (const { bytes: line, ended, start } of linesOf(path)) lines.push({ text: line.toString("latin1"), ended, start });
  return lines;
}

test("every line stands where it says, and only the last can be without its end", async () => {
  const bytes = fc.array(fc.constantFrom(0x0a, 0x0d, 0x41, 0xc3, 0x00), { maxLength: 40 }).map((codes) => Buffer.from(codes));
  await fc.assert(
    fc.asyncProperty(bytes, async (file) => {
      const lines = await read(file);
      expect(lines.map(({ text, ended }) => `${text}${ended ? "\n" : ""}`).join("")).toBe(file.toString("latin1"));
      for (const { text, start } of lines) expect(file.toString("latin1", start, start + text.length)).toBe(text);
      expect(lines.slice(0, -1).every(({ ended }) => ended)).toBe(true);
      expect(lines.some(({ text }) => text.includes("\n"))).toBe(false);
    }),
    { numRuns: 50 },
  );
});

test("lines longer than what is read at a time are whole", async () => {
  const long = "x".repeat(200_000);
  expect(await read(Buffer.from(`${long}\nshort\n${long}`))).toEqual([
    { text: long, ended: true, start: 0 },
    { text: "short", ended: true, start: 200_001 },
    { text: long, ended: false, start: 200_007 },
  ]);
});
