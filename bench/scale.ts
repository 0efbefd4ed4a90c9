/**
 * `pnpm bench:scale`: what workers on one Redis do. Ratios: three workers against one where the model server is the wait, and requests that reach the server against
 * the rate that was asked for. Figures: files a second of one worker by kind of file, and what a file costs Redis.
 */
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { toCii } from "../packages/core/src/invoice/invoice.test-samples.ts";
import { type Running, runCli, startCli } from "../test/cli/run-cli.ts";
import { BILL } from "../test/documents/invoice-pdf.ts";
import { CORPORA } from "../test/mcp/connect.ts";
import { startStandInModel } from "../test/model/stand-in-server.ts";
import { startRedis } from "../test/redis/redis-server.ts";

/** What the stand-in for a model server takes to answer, ms. */
const MODEL_MS = 200;
/** Requests a second that are asked for. */
const RATE = 10;

const root = await mkdtemp(path.join(tmpdir(), "sightline-scale-"));
const redis = await startRedis();
let runs = 0;
let drawn = 0;

/** Runs a batch over `folder` on so many workers, of so many files at a time; from the first row's end to the last one's. */
async function measure(folder: string, task: readonly string[], workers: number, at: number, flags: readonly string[] = []) {
  const options = { cwd: root, env: { SIGHTLINE_REDIS: redis.url, XDG_CACHE_HOME: path.join(root, `cache-${(runs += 1)}`) } };
  const running = Array.from({ length: workers }, () =>
    startCli(["worker", "--allow", folder, "--concurrency", `${at}`, ...flags], options),
  );
  await Promise.all(running.map(ready));
  // The first files of each worker start its decoders.
  const before = await redisCommands();
  const done = await runCli(["batch", folder, ...task, "--out", `rows-${runs}.jsonl`, "--no-csv", ...flags], options);
  const commands = (await redisCommands()) - before;
  for (const { process: child } of running) child.kill("SIGTERM");
  await Promise.all(running.map(({ outcome }) => outcome));
  const rows = (await readFile(path.join(root, `rows-${runs}.jsonl`), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
  const failed = rows.filter(({ status }) => status !== "done");
  if (failed.length > rows.length / 10)
    throw new Error(`${failed.length} of ${rows.length} failed: ${JSON.stringify(failed[0])}\n${done.stderr.slice(-500)}`);
  // A tenth is the workers' warming up.
  const ends = rows.map(({ ended_at: end }) => Date.parse(end)).sort((a, b) => a - b);
  const from = Math.floor(ends.length / 10);
  return {
    rate: (ends.length - 1 - from) / (((ends.at(-1) ?? 0) - (ends[from] ?? 0)) / 1000),
    files: rows.length,
    commands: commands / rows.length,
  };
}

interface Row {
  readonly status: string;
  readonly ended_at: string;
}

function ready({ process: child, outcome }: Running): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stderr.on("data", (text: string) => void (text.includes("Taking files") && resolve()));
    void outcome.then(({ stderr }) => reject(new Error(stderr)));
  });
}

async function redisInfo(section: string): Promise<string> {
  return (await promisify(execFile)("redis-cli", ["-p", new URL(redis.url).port, "info", section])).stdout;
}
const redisCommands = async (): Promise<number> => Number(/total_commands_processed:(\d+)/.exec(await redisInfo("stats"))?.[1]);

/** Pictures that no other folder has: an answer that is known would not be asked for. */
async function pictures(folder: string, count: number): Promise<string> {
  await mkdir(path.join(root, folder));
  drawn += 1;
  for (let each = 0; each < count; each += 1) {
    const create = { width: 64 + each, height: 64 + drawn, channels: 3 as const, background: "white" };
    await sharp({ create })
      .png()
      .toFile(path.join(root, folder, `${each}.png`));
  }
  return folder;
}

async function ofCorpus(folder: string, corpus: string, ending: RegExp, count: number): Promise<string> {
  await mkdir(path.join(root, folder));
  const names = (await readdir(path.join(CORPORA, corpus), { recursive: true })).filter((name) => ending.test(name)).sort();
  for (const name of names.slice(0, count)) await copyFile(path.join(CORPORA, corpus, name), path.join(root, folder, path.basename(name)));
  return folder;
}

async function invoices(folder: string, count: number): Promise<string> {
  await mkdir(path.join(root, folder));
  for (let each = 0; each < count; each += 1)
    await writeFile(path.join(root, folder, `${each}.xml`), toCii({ ...BILL, number: `INV-${each}` }));
  return folder;
}

const ASK = ["--task", "ask-image", "--question", "What is this?"];
const modelFlags = (url: string, name: string): string[] => ["--backend", "openai-compatible", "--base-url", url, "--model", name];
const show = (words: string): void => console.log(`${words}   (load ${loadavg()[0]?.toFixed(1)}, ${cpus().length} cores)`);

try {
  const slow = await startStandInModel({ delayMs: MODEL_MS });
  const one = await measure(await pictures("one", 60), ASK, 1, 1, modelFlags(slow.baseUrl, slow.model));
  const three = await measure(await pictures("three", 180), ASK, 3, 1, modelFlags(slow.baseUrl, slow.model));
  await slow.close();
  show(
    `model of ${MODEL_MS} ms: 1 worker ${one.rate.toFixed(2)}, 3 workers ${three.rate.toFixed(2)} files a second: ratio ${(three.rate / one.rate).toFixed(2)}`,
  );

  const times: number[] = [];
  const quick = await startStandInModel({
    text: () => {
      times.push(performance.now());
      return "A picture.";
    },
  });
  await measure(await pictures("rate", 200), ASK, 3, 4, [...modelFlags(quick.baseUrl, quick.model), "--rate-limit", `${RATE}/s`]);
  await quick.close();
  const arrived = ((times.length - 1) / ((times.at(-1) ?? 0) - (times[0] ?? 0))) * 1000;
  show(`rate limit ${RATE}/s over 3 workers: ${arrived.toFixed(2)} a second reached the server: ratio ${(arrived / RATE).toFixed(3)}`);

  const kinds: readonly [name: string, folder: string, task: string][] = [
    ["invoice in XML", await invoices("xml", 400), "extract-invoice"],
    ["invoice PDF (ZUGFeRD)", await ofCorpus("zugferd", "zugferd", /\.pdf$/i, 45), "extract-invoice"],
    ["receipt scan, OCR", await ofCorpus("sroie", "sroie", /\.jpg$/i, 20), "extract-text"],
  ];
  for (const [name, folder, task] of kinds) {
    const { rate, files, commands } = await measure(folder, ["--task", task], 1, 4);
    show(`${name}: one worker ${rate.toFixed(2)} files a second (${files} files, ${commands.toFixed(0)} Redis commands a file)`);
  }
  show(`Redis at the end: ${/used_memory_peak_human:(\S+)/.exec(await redisInfo("memory"))?.[1]} at its peak`);
} finally {
  await redis.close();
  await rm(root, { recursive: true, force: true });
}
