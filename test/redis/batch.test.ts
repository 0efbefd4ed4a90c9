import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toCii } from "../../packages/core/src/invoice/invoice.test-samples.ts";
import { type Outcome, runCli, type Running, startCli } from "../cli/run-cli.ts";
import { BILL } from "../documents/invoice-pdf.ts";
import { startStandInModel, type StandInModel } from "../model/stand-in-server.ts";
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
    await new Promise<void>((resolve) =>
      waiting.process.stderr.on("data", (text: string) => void (text.includes("Nobody takes files from Redis") && resolve())),
    );
    expect((await endOf(waiting)).code).toBe(143);
    const none = startWorker();
    expect(await none.outcome).toMatchObject({ code: 3, stderr: expect.stringContaining("--allow DIR") as string });
    expect(await runCli(["jobs"])).toMatchObject({ code: 3, stderr: expect.stringContaining("--redis redis://HOST:PORT") as string });
  });

  it("refuses workers that would read otherwise, or that do not reach the files; what failed so is a dead letter that can be retried", async () => {
    let model: StandInModel | undefined;
    try {
      model = await startStandInModel();
      await mkdir(path.join(root, "elsewhere"));
      const worker = startWorker("--allow", "elsewhere");
      const one = ["batch", "in/1.xml", "--task", "extract-invoice", "--out", "one.jsonl", "--no-csv"];
      const two = ["batch", "in/2.xml", "--task", "extract-invoice", "--out", "two.jsonl", "--no-csv"];
      const other = ["--backend", "openai-compatible", "--base-url", model.baseUrl, "--model", model.model];
      const [failed, unlike] = await Promise.all([cli(...one), cli(...two, ...other)]);
      expect([failed.code, unlike.code]).toEqual([3, 3]);
      expect(await rows("one.jsonl")).toMatchObject([
        { status: "failed", error: { kind: "SetupError", message: expect.stringContaining("may not read") as string } },
      ]);
      expect(unlike.stdout).toMatch(/reads with another (?:backend|baseUrl|model)/);
      await endOf(worker);
      const listed = await cli("jobs");
      expect(listed.stdout).toMatch(/2 failed; 0 workers[\s\S]*extract_invoice \S*in\/[12]\.xml \(4 tries\): SetupError/);
      const mended = startWorker("--allow", "in");
      expect(JSON.parse((await cli("jobs", "--retry", "--json")).stdout)).toMatchObject({ retried: 2 });
      expect((await cli(...one)).code).toBe(0);
      expect(await rows("one.jsonl")).toMatchObject([{ status: "done" }]);
      await endOf(mended);
    } finally {
      await model?.close();
    }
  });
});
