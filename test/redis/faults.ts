/**
 * A batch on three workers of which one is killed every few seconds, beside two server replicas of which one is killed in mid-job, on a Redis that is
 * killed once, from a batch process that is killed once and begun again. What comes of it is held against a batch without any of that.
 */
import { statSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { type Outcome, runCli, type Running, startCli } from "../cli/run-cli.ts";
import { type Calls, connectOverHttp, CORPORA, type HttpServer, SAMPLES, startHttpServer } from "../mcp/connect.ts";
import { isRunning } from "../mcp/processes.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";

const WORKERS = 3;
/** A worker is killed this often, ms, whichever has worked for longest; once all of them have come up again and a file was done since, for a machine that has much else to do. */
const KILL_EVERY_MS = 4_000;

/** What files are taken from, and how many of ten. */
const KINDS: readonly { readonly corpus: string; readonly ofTen: number; readonly ending: RegExp }[] = [
  { corpus: "zugferd", ofTen: 5, ending: /\.pdf$/i },
  { corpus: "pdfs", ofTen: 1, ending: /\.pdf$/i },
  { corpus: "sroie", ofTen: 1, ending: /\.jpg$/i },
  { corpus: "broken-images", ofTen: 3, ending: /\.(?:jpg|png|gif)$/i },
];

interface Row {
  readonly file: string;
  readonly status: "done" | "failed";
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly kind: string; readonly message: string };
}

export interface FaultRun {
  readonly files: number;
  readonly rows: readonly Row[];
  /** Of them, equal to those of a batch without faults. */
  readonly equal: number;
  /** Those that came to nothing because every worker that read them was killed. */
  readonly lost: readonly string[];
  /** Neither, in words. */
  readonly wrong: readonly string[];
  readonly killedWorkers: number;
  readonly seconds: number;
  /** How a job ended that was begun by a replica which was killed then, as the other one says. */
  readonly takenOver: string;
  /** How a job ended that was begun at one replica and cancelled at the other, as the first one says. */
  readonly cancelled: string;
}

interface Worker {
  readonly running: Running;
  /** Infinity until it takes files. */
  readyAt(): number;
}

function workerOf(running: Running): Worker {
  let at = Infinity;
  running.process.stderr.on("data", (text: string) => {
    if (text.includes("Taking files")) at = performance.now();
  });
  return { running, readyAt: () => at };
}

/** The files of the batch: real ones and broken ones; where a corpus has too few, the same again with other bytes at their end. */
async function writeFiles(folder: string, count: number): Promise<void> {
  for (const { corpus, ofTen, ending } of KINDS) {
    const names = (await readdir(path.join(CORPORA, corpus), { recursive: true })).filter((name) => ending.test(name)).sort();
    const wanted = Math.round((count * ofTen) / 10);
    for (let index = 0; index < wanted; index += 1) {
      const name = names[index % names.length] ?? "";
      const bytes = await readFile(path.join(CORPORA, corpus, name));
      const again = index < names.length ? "" : `\n%${index}\n`;
      await writeFile(path.join(folder, `${corpus}-${index}-${path.basename(name)}`), Buffer.concat([bytes, Buffer.from(again)]));
    }
  }
}

async function rowsOf(file: string): Promise<Row[]> {
  return (await readFile(file, "utf8"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
}

export async function runWithFaults(count: number, log: (words: string) => void): Promise<FaultRun> {
  const root = await mkdtemp(path.join(tmpdir(), "sightline-faults-"));
  const input = path.join(root, "in");
  await mkdir(input);
  await writeFiles(input, count);
  const batch = (out: string, ...more: string[]): string[] => ["batch", "in", "--task", "extract-text", "--out", out, "--no-csv", ...more];
  const cli = { cwd: root, env: { XDG_CACHE_HOME: path.join(root, "cache") } };
  log("without faults");
  await runCli(batch("calm.jsonl"), cli);
  const calm = new Map((await rowsOf(path.join(root, "calm.jsonl"))).map((row) => [row.file, row]));

  log("with faults");
  const redis = await startRedis();
  const workers: Worker[] = [];
  const startWorker = (): Worker => workerOf(startCli(["worker", "--redis", redis.url, "--allow", input, "--concurrency", "2"], cli));
  for (let each = 0; each < WORKERS; each += 1) workers.push(startWorker());
  const replicas = startReplicas(redis, root);
  const started = performance.now();
  let killedWorkers = 0;
  let written = 0;
  const killing = setInterval(() => {
    const bytes = statSync(path.join(root, "stormy.jsonl"), { throwIfNoEntry: false })?.size ?? 0;
    if (workers.some(({ readyAt }) => readyAt() === Infinity) || bytes === written) return;
    written = bytes;
    workers.sort((a, b) => a.readyAt() - b.readyAt());
    workers.shift()?.running.process.kill("SIGKILL");
    workers.push(startWorker());
    killedWorkers += 1;
  }, KILL_EVERY_MS);
  try {
    const first = startCli(batch("stormy.jsonl", "--redis", redis.url), cli);
    const [takenOver, cancelled] = await useReplicas(await replicas);
    await someDone(first, Math.ceil(count / 6));
    log("killing Redis");
    await redis.restart({ awayMs: 1_000 });
    await someDone(first, Math.ceil(count / 3));
    log("killing the batch");
    first.process.kill("SIGKILL");
    await first.outcome;
    const second: Outcome = await runCli(batch("stormy.jsonl", "--redis", redis.url), cli);
    const seconds = (performance.now() - started) / 1000;
    const rows = await rowsOf(path.join(root, "stormy.jsonl"));
    if (rows.length !== calm.size) log(second.stderr);
    return { files: calm.size, rows, ...judge(rows, calm), killedWorkers, seconds, takenOver, cancelled };
  } finally {
    clearInterval(killing);
    for (const { running } of workers) running.process.kill("SIGKILL");
    await Promise.all(workers.map(({ running }) => running.outcome));
    for (const { server } of await replicas.catch(() => [])) if (isRunning(server.pid)) process.kill(server.pid, "SIGKILL");
    await redis.close();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

function judge(rows: readonly Row[], calm: ReadonlyMap<string, Row>): Pick<FaultRun, "equal" | "lost" | "wrong"> {
  const lost: string[] = [];
  const wrong: string[] = [];
  let equal = 0;
  const seen = new Set<string>();
  for (const { file, status, result, error } of rows) {
    if (seen.has(file)) wrong.push(`${file} has two rows`);
    seen.add(file);
    const right = calm.get(file);
    if (right === undefined) wrong.push(`${file} is no file of the batch`);
    // Of an error its kind: a decoder's own words about a damaged picture are not the same each time.
    else if (status === right.status && isDeepStrictEqual(result, right.result) && error?.kind === right.error?.kind && !isLost(error))
      equal += 1;
    else if (isLost(error)) lost.push(file);
    else
      wrong.push(
        `${file}: ${JSON.stringify(error ?? result).slice(0, 300)} in place of ${JSON.stringify(right.error ?? right.result).slice(0, 300)}`,
      );
  }
  for (const file of calm.keys()) if (!seen.has(file)) wrong.push(`${file} has no row`);
  return { equal, lost, wrong };
}

/** True for a file whose every worker was killed over it. */
function isLost(error: Row["error"]): boolean {
  return error?.kind === "InputError" && error.message.startsWith("Every Sightline that ran the job");
}

interface Replica {
  readonly server: HttpServer;
  readonly client: Calls;
}

function startReplicas(redis: RedisServer, root: string): Promise<Replica[]> {
  return Promise.all(
    ["a", "b"].map(async (name) => {
      const args = ["--backend", "none", "--allow", SAMPLES, "--allow", CORPORA, "--redis", redis.url, "--answer-within", "0.05"];
      const server = await startHttpServer({ args, env: { XDG_CACHE_HOME: path.join(root, `cache-${name}`) } });
      return { server, client: await connectOverHttp(server) };
    }),
  );
}

/** One job is begun at the first and cancelled at the second; another is begun at the first, which is killed then, and read at the second. */
async function useReplicas([a, b]: readonly Replica[]): Promise<[takenOver: string, cancelled: string]> {
  if (a === undefined || b === undefined) throw new Error("two replicas are needed");
  const receipt = { document: path.join(SAMPLES, "receipt.png") };
  const one = (await a.client.call("extract_text", receipt)).data as { job_id: string };
  await b.client.call("cancel_job", one);
  const cancelled = (await a.client.call("get_job", one)).data as { status: string };
  const two = (await a.client.call("extract_text", receipt)).data as { job_id: string };
  process.kill(a.server.pid, "SIGKILL");
  const until = performance.now() + 120_000;
  let status = "unknown";
  while (performance.now() < until && !["done", "failed", "lost"].includes(status)) {
    ({ status } = (await b.client.call("get_job", { ...two, wait_seconds: 10 })).data as { status: string });
  }
  return [status, cancelled.status];
}

/** Resolves when so many files are done, or the batch has ended. */
async function someDone({ process: child }: Running, count: number): Promise<void> {
  let ended = false;
  let seen = "";
  const listen = (text: string): void => void (seen = (seen + text).slice(-10_000));
  child.stderr.on("data", listen);
  child.once("close", () => (ended = true));
  const done = (): number => Math.max(0, ...[...seen.matchAll(/^\[(\d+)\//gm)].map(([, number]) => Number(number)));
  while (!ended && done() < count) await sleep(100);
  child.stderr.off("data", listen);
}
