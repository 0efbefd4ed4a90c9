/**
 * `pnpm soak [CALLS]`: mixed calls, 16 at once, over HTTP, with cancellations and kills of a worker at random. No answer may be lost or crossed, no
 * process may outgrow its bound, from 1,000 calls on the memory of the whole tree must be flat, and nothing is left behind. Ends with exit code 1
 * otherwise. SOAK_SEED repeats a run's choices.
 */
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { connectOverHttp, ERAS, SAMPLES, startHttpServer } from "../mcp/connect.ts";
import { startStandInModel } from "../model/stand-in-server.ts";
import { processTree, residentMbEach } from "../tools/process-tree.ts";
import { CALLS, drawTickets, type SoakCall } from "./calls.ts";

const AT_ONCE = 16;
const CANCELLED_SHARE = 0.05;
/** A worker is killed once in so many calls. */
const KILL_EVERY = 40;
/** Longer than any job of the soak. */
const PATIENCE_MS = 300_000;
/** The last quarter's memory over the second's. Of a shorter run it says nothing: workers are still loading the networks that their calls ask for. */
const MOST_GROWTH = 1.1;
const FEWEST_TO_JUDGE_GROWTH = 1_000;
/** A process at its largest, in MB. Over 1,200 calls the server levelled off at 170 to 185 (196 once in a short run), a worker with all its networks at 430 to 446. */
const MOST_MB = { server: 250, worker: 600 };

const total = Number(process.argv[2] ?? 2_000);
const seed = Number(process.env["SOAK_SEED"] ?? Date.now() % 1_000_000);
const random = randomFrom(seed);

const folder = await mkdtemp(path.join(tmpdir(), "sightline-soak-"));
const cache = path.join(folder, "cache");
const pictures = path.join(folder, "pictures");
await mkdir(pictures);
const tickets = await drawTickets(pictures, 48);
const model = await startStandInModel();
const server = await startHttpServer({
  args: [
    "--backend",
    "openai-compatible",
    "--base-url",
    model.baseUrl,
    "--model",
    model.model,
    "--allow",
    pictures,
    "--allow",
    SAMPLES,
    "--answer-within",
    "2",
  ],
  env: { XDG_CACHE_HOME: cache },
});
const clients = await Promise.all([...ERAS, ERAS[0]].map((era) => connectOverHttp(server, { era })));
const kinds = CALLS.flatMap(({ weight, call }) => Array.from({ length: weight }, () => call(server.origin)));

const wrong: string[] = [];
const megabytes: number[] = [];
const largest = { server: 0, worker: 0 };
const counts = new Map<string, number>();
let [next, kills, cancelled, struck] = [0, 0, 0, 0];

async function worker(): Promise<void> {
  while (next < total) {
    const index = next++;
    const kind = kinds[Math.floor(random() * kinds.length)] as SoakCall;
    const ticket = tickets[Math.floor(random() * tickets.length)] as (typeof tickets)[number];
    const client = clients[index % clients.length] as (typeof clients)[number];
    if (index > 0 && index % KILL_EVERY === 0) await killOne();
    const stop = new AbortController();
    const cancels = random() < CANCELLED_SHARE;
    const timer = setTimeout(() => stop.abort(new Error("cancelled by the soak")), cancels ? random() * 1_000 : PATIENCE_MS);
    counts.set(kind.kind, (counts.get(kind.kind) ?? 0) + 1);
    try {
      const fault = await kind.run(client, ticket, stop.signal);
      if (fault !== undefined && /ended by itself/.test(fault)) struck += 1;
      else if (fault !== undefined) wrong.push(`call ${index}, ${kind.kind}: ${fault}`);
    } catch (error) {
      if (cancels && stop.signal.aborted) cancelled += 1;
      else wrong.push(`call ${index}, ${kind.kind}: ${String(error)}`);
    } finally {
      clearTimeout(timer);
    }
    await weigh();
  }
}

async function weigh(): Promise<void> {
  const each = await residentMbEach(server.pid);
  megabytes.push([...each.values()].reduce((sum, size) => sum + size, 0));
  for (const [pid, size] of each) {
    const role = pid === server.pid ? "server" : "worker";
    largest[role] = Math.max(largest[role], size);
  }
}

async function killOne(): Promise<void> {
  const workers = (await processTree(server.pid)).slice(1);
  const victim = workers[Math.floor(random() * workers.length)];
  if (victim === undefined) return;
  try {
    process.kill(victim, "SIGKILL");
    kills += 1;
  } catch (error) {
    // It ended by itself since the tree was read.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

const began = performance.now();
await Promise.all(Array.from({ length: AT_ONCE }, worker));
const minutes = (performance.now() - began) / 60_000;

if (struck > kills) wrong.push(`${struck} calls lost their worker to ${kills} kills`);
const growth = mean(quarter(3)) / mean(quarter(1));
const judged = total >= FEWEST_TO_JUDGE_GROWTH;
if (judged && !(growth <= MOST_GROWTH)) wrong.push(`memory grew ${growth.toFixed(2)} times from the second quarter to the last`);

await Promise.all(clients.map((client) => client.close()));
const metrics = await (await fetch(`${server.origin}/metrics`)).text();
const underWay = Number(/^sightline_requests_under_way (\d+)$/m.exec(metrics)?.[1] ?? Number.NaN);
// This request itself is one.
if (underWay > 1) wrong.push(`${underWay - 1} requests are still under way`);
const tree = await processTree(server.pid);
const exit = await server.close();
if (exit !== 0) wrong.push(`the server ended with ${exit}: ${server.stderr().slice(-500)}`);
for (const role of ["server", "worker"] as const) {
  // Nothing weighed is no pass either.
  if (!(largest[role] > 0 && largest[role] <= MOST_MB[role])) wrong.push(`the largest ${role} held ${largest[role].toFixed(0)} MB`);
}
const alive = tree.filter(isAlive);
if (alive.length > 0) wrong.push(`${alive.length} processes outlived the server`);
const left = (await readdir(cache, { recursive: true })).filter((name) => /\.part$|\.cancel$|uploads\/./.test(name));
if (left.length > 0) wrong.push(`left behind: ${left.join(", ")}`);
const defects = server
  .stderr()
  .split("\n")
  .filter((line) => /unhandled rejection|Internal error|TypeError/.test(line));
wrong.push(...defects.slice(0, 5));
await model.close();
await rm(folder, { recursive: true, force: true });

const kindsSaid = [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
console.log(`soak: ${total} calls (${kindsSaid}), ${AT_ONCE} at once, in ${minutes.toFixed(1)} min, seed ${seed}`);
console.log(
  `soak: ${cancelled} cancelled, ${kills} workers killed and ${struck} calls told so; ${wrong.length} answers lost, crossed or otherwise wrong`,
);
console.log(
  `soak: at most ${largest.server.toFixed(0)} MB in the server (bound ${MOST_MB.server}) and ${largest.worker.toFixed(0)} in a worker (bound ${MOST_MB.worker})`,
);
console.log(
  `soak: memory of the process tree ${[0, 1, 2, 3].map((at) => mean(quarter(at)).toFixed(0)).join(", ")} MB a quarter, last over second ${growth.toFixed(2)} (${judged ? `bound ${MOST_GROWTH}` : `not judged below ${FEWEST_TO_JUDGE_GROWTH} calls`})`,
);
for (const fault of wrong.slice(0, 20)) console.error(`soak: ${fault}`);
process.exitCode = wrong.length === 0 ? 0 : 1;

function quarter(at: number): number[] {
  return megabytes.slice(Math.floor((megabytes.length * at) / 4), Math.floor((megabytes.length * (at + 1)) / 4));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Park and Miller's minimal standard generator: 0 to 1, the same row for the same seed. */
function randomFrom(start: number): () => number {
  let state = (start % 2_147_483_646) + 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
