import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toCii } from "../../packages/core/src/invoice/invoice.test-samples.ts";
import { connectRedis } from "../../packages/local/src/redis/connection.ts";
import { type Outcome, runCli, type Running, SAMPLES, startCli } from "../cli/run-cli.ts";
import { BILL } from "../documents/invoice-pdf.ts";
import { startStandInModel } from "../model/stand-in-server.ts";
import { freePort } from "../tools/free-port.ts";
import { NO_REDIS, type RedisServer, startRedis } from "./redis-server.ts";

interface Row {
  readonly file: string;
  readonly status: string;
  readonly error?: { readonly kind: string; readonly message: string };
}

describe.skipIf(NO_REDIS !== undefined)("sightline batch on workers", () => {
  let root: string;
  let redis: RedisServer;
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), "sightline-redis-batch-"));
    redis = await startRedis();
    await mkdir(path.join(root, "in"));
    for (let each = 0; each < 20; each += 1)
      await writeFile(path.join(root, "in", `${each}.xml`), toCii({ ...BILL, number: `INV-${each}` }));
    await writeFile(path.join(root, "in", "broken.pdf"), "no PDF");
  });
  afterAll(async () => {
    await redis.close();
    await rm(root, { recursive: true, force: true });
  });

  const options = (): { cwd: string; env: Record<string, string> } => ({
    cwd: root,
    env: { SIGHTLINE_REDIS: redis.url, XDG_CACHE_HOME: path.join(root, "cache") },
  });
  const cli = (...args: string[]): Promise<Outcome> => runCli(args, options());
  const startWorker = (...args: string[]): Running => startCli(["worker", ...args], options());
  const batch = (out: string, ...more: string[]): string[] => [
    "batch",
    "in",
    "--task",
    "extract-invoice",
    "--out",
    out,
    "--no-csv",
    ...more,
  ];
  const rows = async (out: string): Promise<Row[]> =>
    (await readFile(path.join(root, out), "utf8"))
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Row);
  /** Resolves when the process has told `words`; it may do so again for the next who waits. */
  function untilTold({ process: { stderr } }: Running, words: string): Promise<void> {
    let seen = "";
    return new Promise((resolve) => {
      stderr.on("data", (text: string) => void ((seen += text).includes(words) && resolve()));
    });
  }
  async function endOf(running: Running): Promise<Outcome> {
    running.process.kill("SIGTERM");
    return running.outcome;
  }

  it("does what a batch by itself does, and the same command again nothing", async () => {
    const worker = startWorker("--allow", "in");
    const done = JSON.parse((await cli(...batch("shared.jsonl"), "--json")).stdout) as Record<string, unknown>;
    expect(done).toMatchObject({ files: 21, read: 21, failed: 1, left: 0 });
    await runCli(batch("alone.jsonl"), { cwd: root });
    const alike = (all: Row[]): unknown[] =>
      all
        .map(({ file, status, ...rest }) => ({ file, status, result: (rest as { result?: unknown }).result, error: rest.error }))
        .sort((x, y) => (x.file < y.file ? -1 : 1));
    expect(alike(await rows("shared.jsonl"))).toEqual(alike(await rows("alone.jsonl")));
    expect(JSON.parse((await cli(...batch("shared.jsonl"), "--json")).stdout)).toMatchObject({ read: 0, unchanged: 21 });
    expect(await endOf(worker)).toMatchObject({ code: 0, stderr: expect.stringContaining("Taking files from Redis at") as string });
  });

  it("says that nobody takes files, and what a worker is started without", async () => {
    const waiting = startCli(batch("waiting.jsonl"), options());
    await untilTold(waiting, "Nobody takes files from Redis");
    expect((await endOf(waiting)).code).toBe(143);
    const none = startWorker();
    expect(await none.outcome).toMatchObject({ code: 3, stderr: expect.stringContaining("--allow DIR") as string });
    expect(await runCli(["jobs"])).toMatchObject({ code: 3, stderr: expect.stringContaining("--redis redis://HOST:PORT") as string });
  });

  it("stops with the reason where all workers refuse: they would read otherwise, or do not reach the files; no file is spent on it", async () => {
    await mkdir(path.join(root, "elsewhere"));
    const worker = startWorker("--allow", "elsewhere");
    const other = ["--backend", "openai-compatible", "--base-url", "http://127.0.0.1:9/v1", "--model", "any"];
    const [unreached, unlike] = await Promise.all([
      cli(...batch("unreached.jsonl")),
      cli("batch", "in/1.xml", "--task", "extract-invoice", "--out", "unlike.jsonl", "--no-csv", ...other),
    ]);
    expect([unreached.code, unlike.code]).toEqual([3, 3]);
    expect(unreached.stderr).toMatch(/^sightline: The worker on \S+ may not read \S+\. Start it with --allow/);
    expect(unreached.stdout).toMatch(/21 not come to\.\n.*may not read/);
    expect(unlike.stdout).toMatch(/reads with another (?:backend|baseUrl|model)/);
    expect(await rows("unreached.jsonl")).toEqual([]);
    expect((await cli("jobs")).stdout).toMatch(/^Batch: 0 waiting, 0 active, 0 delayed, 0 failed; 1 worker$/m);
    const able = startWorker("--allow", "in");
    const done = await cli(...batch("unreached.jsonl"), "--json");
    expect(JSON.parse(done.stdout)).toMatchObject({ files: 21, read: 21, left: 0 });
    const ended = await Promise.all([endOf(worker), endOf(able)]);
    expect(ended[0].stderr).toMatch(/may not read/);
  });

  it("leaves what failed four times as a dead letter, which can be read, and retried", async () => {
    const port = await freePort();
    const model = ["--backend", "openai-compatible", "--base-url", `http://127.0.0.1:${port}/v1`, "--model", "stand-in-vision"];
    const picture = path.join(SAMPLES, "coffee.png");
    const ask = ["batch", picture, "--task", "ask-image", "--question", "What is this?", "--out", "asked.jsonl", "--no-csv", ...model];
    const worker = startWorker("--allow", SAMPLES, ...model);
    expect((await cli(...ask)).code).not.toBe(0);
    expect((await cli("jobs")).stdout).toMatch(/1 failed; 1 worker[\s\S]*ask_image \S*coffee\.png \(4 tries\): (?:Setup|Model)Error/);
    const standIn = await startStandInModel({ port });
    expect(JSON.parse((await cli("jobs", "--retry", "--json")).stdout)).toMatchObject({ retried: 1 });
    const again = await cli(...ask);
    expect(again.code, again.stderr).toBe(0);
    expect(await rows("asked.jsonl")).toMatchObject([{ status: "done" }]);
    await Promise.all([endOf(worker), standIn.close()]);
  });

  it("leaves nothing in Redis that does not expire, but for four keys of the queue", async () => {
    const client = await connectRedis(redis.url, () => {});
    const keys = await client.client.keys("*");
    const forGood = await Promise.all(keys.map(async (key) => ((await client.client.pttl(key)) === -1 ? [key] : [])));
    await client.close();
    expect(keys.every((key) => key.startsWith("sightline:"))).toBe(true);
    expect(forGood.flat().sort()).toEqual(["sightline:batch:events", "sightline:batch:id", "sightline:batch:meta"]);
  });

  it("ends when it is told to, though Redis is away, and so does a worker", async () => {
    const own = await startRedis();
    const model = await startStandInModel({ until: new Promise(() => {}) });
    const more = { cwd: root, env: { ...options().env, SIGHTLINE_REDIS: own.url } };
    const flags = ["--backend", "openai-compatible", "--base-url", model.baseUrl, "--model", model.model];
    const picture = path.join(SAMPLES, "coffee.png");
    const worker = startCli(["worker", "--allow", SAMPLES, ...flags], more);
    const ask = ["batch", picture, "--task", "ask-image", "--question", "What?", "--out", "away.jsonl", "--no-csv", ...flags];
    const asking = startCli(ask, more);
    await expect.poll(() => model.requests.map(({ method }) => method)).toContain("POST");
    const lost = Promise.all([untilTold(worker, "was lost"), untilTold(asking, "was lost")]);
    await own.stop();
    await lost;
    asking.process.kill("SIGINT");
    expect((await asking.outcome).code).toBe(130);
    expect((await endOf(worker)).code).toBe(0);
    await model.close();
    await own.close();
  });
});
