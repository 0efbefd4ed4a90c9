import type { AskedQuestion } from "@sightline/core";
import * as fc from "fast-check";
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAnswerCache } from "./answer-cache.ts";

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "sightline-answers-"));
  folder = join(root, "cache", "answers");
});
afterEach(async () => {
  await chmod(root, 0o700);
  await rm(root, { recursive: true, force: true });
});

const version = "1.0.0";
const image = (...bytes: number[]) => ({ bytes: Uint8Array.from(bytes), mediaType: "image/jpeg" as const, width: 1, height: 1 });
const question: AskedQuestion = {
  backend: "ollama",
  server: "http://127.0.0.1:11434",
  model: "qwen3-vl:8b",
  prompt: "What is on the picture?",
  images: [image(1, 2, 3)],
  settings: "{}",
};
const numbered = (prompt: number): AskedQuestion => ({ ...question, prompt: String(prompt) });

describe.each(["memory", "disk"])("on %s", (where) => {
  const create = () => createAnswerCache({ version, ...(where === "disk" ? { folder } : {}) });

  test("has the answer to the same question alone", async () => {
    const cache = create();
    expect(await cache.find(question)).toBeUndefined();
    await cache.keep(question, "A street.");
    expect(await cache.find({ ...question, images: [image(1, 2, 3)] })).toBe("A street.");
    const others: Partial<AskedQuestion>[] = [
      { backend: "vllm" },
      { server: "http://127.0.0.1:11435" },
      { model: "qwen3-vl" },
      { prompt: "What is on the picture? " },
      { settings: '{"maxTokens":512}' },
      { images: [] },
      { images: [image(1, 2, 4)] },
      { images: [image(1, 2), image(3)] },
      { images: [image(1, 2, 3), image()] },
      { backend: "ollamah", server: "ttp://127.0.0.1:11434" },
    ];
    for (const other of others) expect(await cache.find({ ...question, ...other })).toBeUndefined();
  });

  test("counts what it has, and forgets it", async () => {
    const cache = create();
    await cache.keep(question, "A street.");
    await cache.keep(numbered(1), "Zwölf.");
    await cache.keep(numbered(1), "Zwei.");
    const status = await cache.status();
    expect(status).toEqual({ entries: 2, bytes: expect.any(Number), ...(where === "disk" ? { folder } : {}) });
    expect(status.bytes).toBeGreaterThanOrEqual(14);
    await cache.clear();
    expect(await cache.status()).toMatchObject({ entries: 0, bytes: 0 });
    expect(await cache.find(question)).toBeUndefined();
  });

  test("keeps no answer that is too long to be one", async () => {
    const cache = create();
    await cache.keep(question, "x".repeat(1_000_001));
    expect(await cache.find(question)).toBeUndefined();
  });
});

test("in memory the answers that were not used for longest go first", async () => {
  const cache = createAnswerCache({ version });
  for (let at = 0; at < 500; at++) await cache.keep(numbered(at), `answer ${at}`);
  await cache.find(numbered(0));
  await cache.keep(numbered(500), "one more");
  expect([await cache.find(numbered(0)), await cache.find(numbered(1)), (await cache.status()).entries]).toEqual([
    "answer 0",
    undefined,
    500,
  ]);

  for (let at = 0; at < 30; at++) await cache.keep(numbered(at), "x".repeat(1_000_000));
  expect((await cache.status()).bytes).toBeLessThanOrEqual(20_000_000);
});

describe("with a folder", () => {
  const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
  const files = async () => (await readdir(folder)).map((name) => join(folder, name));

  test("outlives the process, readable by this user alone; another version asks anew", async () => {
    await createAnswerCache({ version, folder }).keep(question, "Eine Straße.\nZwei Bäume.");
    expect(await createAnswerCache({ version, folder }).find(question)).toBe("Eine Straße.\nZwei Bäume.");
    expect(await createAnswerCache({ version: "1.0.1", folder }).find(question)).toBeUndefined();
    const [file = ""] = await files();
    expect([await mode(folder), await mode(file), (await files()).length]).toEqual(["700", "600", 1]);
  });

  test("any text comes back as it was", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
        await createAnswerCache({ version, folder }).keep(question, text);
        expect(await createAnswerCache({ version, folder }).find(question)).toBe(text);
      }),
      { numRuns: 30 },
    );
  });

  test("what was damaged is no answer, and goes", async () => {
    for (const damage of [
      (file: string) => appendFile(file, "!"),
      (file: string) => writeFile(file, ""),
      (file: string) => writeFile(file, "A street."),
      async (file: string) => writeFile(file, (await readFile(file)).subarray(0, 70)),
      async (file: string) =>
        writeFile(
          file,
          (await readFile(file)).map((byte) => byte ^ 0x80),
        ),
    ]) {
      await createAnswerCache({ version, folder }).keep(question, "A street.");
      await damage((await files())[0] ?? "");
      expect(await createAnswerCache({ version, folder }).find(question)).toBeUndefined();
      expect(await files()).toEqual([]);
    }
  });

  test("beyond its size the answers that were not used for longest go, others' files never", async () => {
    const answer = "x".repeat(1000);
    const hour = (at: number) => new Date(Date.UTC(2026, 0, 1, at));
    await createAnswerCache({ version, folder }).keep(numbered(0), answer);
    const [first = ""] = await files();
    await writeFile(join(folder, "letter.txt"), "x".repeat(100_000));
    await utimes(join(folder, "letter.txt"), hour(0), hour(0));
    await utimes(first, hour(1), hour(1));
    await createAnswerCache({ version, folder }).keep(numbered(1), answer);
    for (const file of await files()) if (file !== first) await utimes(file, hour(2), hour(2));
    // Used just now, so that the second is the oldest.
    await createAnswerCache({ version, folder }).find(numbered(0));

    await createAnswerCache({ version, folder, maxBytes: 2_200 }).keep(numbered(2), answer);
    const cache = createAnswerCache({ version, folder });
    expect([await cache.find(numbered(0)), await cache.find(numbered(1)), await cache.find(numbered(2))]).toEqual([
      answer,
      undefined,
      answer,
    ]);
    await cache.clear();
    expect(await readdir(folder)).toEqual(["letter.txt"]);
  });

  test("many processes' worth of writing at once leaves whole answers and no leftovers", async () => {
    const answers = Array.from({ length: 20 }, (_, at) => `answer ${at} `.repeat(1000));
    await Promise.all(answers.map((answer) => createAnswerCache({ version, folder }).keep(question, answer)));
    expect(answers).toContain(await createAnswerCache({ version, folder }).find(question));
    expect(await files()).toHaveLength(1);
  });

  test("one that cannot be written or read never fails a call", async () => {
    // A file where the folder should be: no user, root neither, can write there.
    await mkdir(join(root, "cache"));
    await writeFile(folder, "in the way");
    const cache = createAnswerCache({ version, folder });
    await cache.keep(question, "A street.");
    expect(await cache.find(question)).toBe("A street.");
    expect(await createAnswerCache({ version, folder }).find(question)).toBeUndefined();
    expect(await cache.status()).toEqual({ entries: 0, bytes: 0, folder });
    await cache.clear();
    expect(await cache.find(question)).toBeUndefined();
  });
});
