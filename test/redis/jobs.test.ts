import { spawn } from "node:child_process";
import { once } from "node:events";
import { type JobProgress, ModelError, type Jobs, SetupError } from "@sightline/core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { jobsContract } from "../../packages/local/src/jobs/contract.test-suite.ts";
import { type HeldJobs, holdJobs, REQUEST } from "../../packages/local/src/jobs/held-jobs.test-samples.ts";
import { connectRedis, type RedisConnection } from "../../packages/local/src/redis/connection.ts";
import { createSharedJobs, type SharedJobs, type SharedJobsOptions } from "../../packages/local/src/redis/jobs.ts";
import type { RateLimiter } from "../../packages/local/src/model/rate-limit.ts";
import { createSharedRateLimiter } from "../../packages/local/src/redis/rate-limiter.ts";
import { sourceFlags } from "../../packages/local/src/worker/run-source.ts";
import { NO_REDIS, type RedisServer, startRedis } from "./redis-server.ts";

const sourceUrl = (file: string): string => JSON.stringify(new URL(`../../packages/local/src/redis/${file}`, import.meta.url).href);

let server: RedisServer;
let queue = 0;
const open: (Jobs | RedisConnection)[] = [];
const told: string[] = [];

describe.skipIf(NO_REDIS !== undefined)("jobs on Redis", () => {
  beforeAll(async () => {
    server = await startRedis();
    redis = await connect();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
    queue += 1;
  });
  afterAll(async () => {
    await redis.close();
    await server.close();
  });

  let redis: RedisConnection;
  const connect = (): Promise<RedisConnection> => connectRedis(server.url, (words) => told.push(words));
  const options = (over: Partial<SharedJobsOptions>): SharedJobsOptions => ({
    redis,
    queue: `test-${queue}`,
    log: (words) => told.push(words),
    leaseMs: 1_000,
    backoffMs: 50,
    ...over,
  });
  function sharedJobs(over: Partial<SharedJobsOptions> = {}): SharedJobs {
    const jobs = createSharedJobs(options(over));
    open.push(jobs);
    return jobs;
  }
  /** One process's jobs, whose work the test ends by hand. */
  function held(over: Partial<SharedJobsOptions> = {}): HeldJobs & { readonly jobs: SharedJobs } {
    let jobs!: SharedJobs;
    const hold = holdJobs((run) => (jobs = sharedJobs({ run, ...over })));
    return { ...hold, jobs };
  }

  jobsContract("Redis", (limits) => held(limits));

  it("are started by one process, run by another, and read and cancelled by a third", async () => {
    const [starts, runs, reads] = [sharedJobs(), held(), sharedJobs()];
    const id = await starts.start(REQUEST);
    const work = await runs.next();
    const steps: unknown[] = [];
    const settled = reads.settled(id, { onProgress: (step) => steps.push(step) });
    work.call.progress("Reading page 1");
    await expect.poll(() => steps).toEqual([{ message: "Reading page 1" }]);
    work.done({ text: "Hello" });
    expect(await settled).toMatchObject({ status: "done", result: { text: "Hello" } });

    const other = await starts.start(REQUEST);
    const stopped = await runs.next();
    expect(await reads.cancel(other)).toMatchObject({ status: "cancelled" });
    await expect.poll(() => stopped.call.signal.aborted).toBe(true);
    expect((await starts.settled(other))?.status).toBe("cancelled");
  });

  it("that were begun at one process are cancelled from another", async () => {
    const [begins, other] = [sharedJobs({ run: () => Promise.resolve({}) }), sharedJobs()];
    const id = await begins.start(REQUEST, {
      here: ({ signal }) => new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason as Error))),
    });
    expect(await other.find(id)).toMatchObject({ status: "running" });
    expect(await other.cancel(id)).toMatchObject({ status: "cancelled" });
    expect((await begins.settled(id))?.status).toBe("cancelled");
    await expect.poll(() => begins.counts()).toMatchObject({ waiting: 0, active: 0, delayed: 0, failed: 0 });
  });

  it("are run by another when their process ends", async () => {
    const ending = held();
    const ids = [await ending.jobs.start(REQUEST), await ending.jobs.start(REQUEST)];
    await ending.next();
    await ending.next();
    const begun = await ending.jobs.start(REQUEST, {
      here: ({ signal }) => new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason as Error))),
    });
    await ending.jobs.close();
    const heir = held({ concurrency: 3 });
    for (const _ of [...ids, begun]) (await heir.next()).done({ by: "heir" });
    for (const id of [...ids, begun]) expect(await heir.jobs.settled(id)).toMatchObject({ status: "done", result: { by: "heir" } });
  });

  it("are run by another when their process is killed", async () => {
    const code = `
      const { connectRedis } = await import(${sourceUrl("connection.ts")});
      const { createSharedJobs } = await import(${sourceUrl("jobs.ts")});
      const redis = await connectRedis(process.argv[1], () => {});
      let begun;
      const taken = new Promise((resolve) => (begun = resolve));
      const never = () => { begun(); return new Promise(() => {}); };
      const jobs = createSharedJobs({ redis, queue: process.argv[2], run: never, leaseMs: 1000, log() {} });
      const ids = [await jobs.start(${JSON.stringify(REQUEST)}), await jobs.start(${JSON.stringify(REQUEST)}, { here: never })];
      await taken;
      console.log(JSON.stringify(ids));`;
    const child = spawn(process.execPath, [...sourceFlags(), "--input-type=module", "--eval", code, server.url, options({}).queue], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const ids = JSON.parse(line.toString()) as string[];
    const heir = held();
    expect((await heir.jobs.find(ids[1] ?? ""))?.status).toBe("running");
    child.kill("SIGKILL");
    await once(child, "exit");
    for (const _ of ids) (await heir.next()).done({ by: "heir" });
    for (const id of ids) expect(await heir.jobs.settled(id)).toMatchObject({ status: "done", result: { by: "heir" } });
  });

  it("are left to others by a process that cannot do them, however fast it says so", async () => {
    const refuses = (): Promise<Error> => Promise.resolve(new SetupError("This one cannot.", { hint: "Mend it." }));
    const unfit = sharedJobs({ run: () => Promise.reject(new Error("it was refused")), refuses });
    const steps: JobProgress[] = [];
    const id = await unfit.start(REQUEST);
    const settled = unfit.settled(id, { onProgress: (step) => steps.push(step) });
    await expect
      .poll(() => steps)
      .toEqual([{ message: "This one cannot.", refusal: expect.objectContaining({ hint: "Mend it." }) as object }]);
    const fit = held();
    (await fit.next()).done({ by: "fit" });
    expect(await settled).toMatchObject({ status: "done", result: { by: "fit" } });
    expect(told).toContain("This one cannot. Mend it.");
    await expect.poll(() => fit.jobs.counts()).toMatchObject({ waiting: 0, active: 0, delayed: 0, failed: 0 });
  });

  it("are tried again when what failed may pass, and are dead letters when it does not", async () => {
    let answers = 0;
    const jobs = sharedJobs({
      attempts: 3,
      run: ({ input }) => {
        answers += 1;
        if (input["passes"] === true && answers === 3) return Promise.resolve({ text: "at last" });
        return Promise.reject(new ModelError("The server is busy.", { retryable: true, status: 503 }));
      },
    });
    const passes = await jobs.start({ task: "extract_text", input: { passes: true } });
    expect(await jobs.settled(passes)).toMatchObject({ status: "done", result: { text: "at last" } });
    const fails = await jobs.start({ task: "extract_text", input: {} });
    expect(await jobs.settled(fails)).toMatchObject({ status: "failed", error: { kind: "ModelError" } });
    expect(answers).toBe(6);
    await expect
      .poll(() => jobs.dead.read(10))
      .toMatchObject([{ id: fails, task: "extract_text", reason: "ModelError: The server is busy." }]);
    answers = 2;
    await jobs.forget(fails);
    expect(await jobs.dead.retry()).toBe(1);
    expect(await jobs.settled(fails)).toMatchObject({ status: "failed" });
    expect(await jobs.dead.retry()).toBe(1);
  });

  it("take turns at a model server, evenly spaced over all processes", async () => {
    const everyMs = 60_000;
    const connections = await Promise.all([connect(), connect(), connect()]);
    const limiters = connections.map(({ client }) => createSharedRateLimiter(client, everyMs));
    const waits = await Promise.all(Array.from({ length: 30 }, (_, index) => (limiters[index % 3] as RateLimiter).next("http://model")));
    await Promise.all(connections.map((connection) => connection.close()));
    // Each is less by the time since the first, which is nothing beside a minute.
    const turns = waits.map((ms) => Math.round(ms / everyMs)).sort((a, b) => a - b);
    expect(turns).toEqual(Array.from({ length: 30 }, (_, index) => index));
  });

  it("survive a Redis that is killed and comes back", async () => {
    const [starts, runs] = [sharedJobs(), held()];
    const ids = [await starts.start(REQUEST), await starts.start(REQUEST), await starts.start(REQUEST)];
    const [first, second] = [await runs.next(), await runs.next()];
    const settled = Promise.all(ids.map((id) => starts.settled(id)));
    // Redis flushes its append-only file once a second.
    await redis.client.call("WAITAOF", "1", "0", "2000").catch(() => new Promise((resolve) => setTimeout(resolve, 1_100)));
    await server.stop();
    first.done({ n: 1 });
    await server.start();
    second.done({ n: 2 });
    (await runs.next()).done({ n: 3 });
    expect((await settled).map((job) => job?.result)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(told.join("\n")).toMatch(/was lost: waiting for it to come back[\s\S]*is back/);
  });
});
