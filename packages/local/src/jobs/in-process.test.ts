import type { Job, JobProgress, Jobs } from "@sightline/core";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sourceFlags } from "../worker/run-source.ts";
import { jobsContract } from "./contract.test-suite.ts";
import { type HeldJobs, holdJobs, REQUEST } from "./held-jobs.test-samples.ts";
import { createJobs, type JobsOptions } from "./in-process.ts";

let folder: string;
const open: Jobs[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sightline-jobs-"));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((jobs) => jobs.close()));
  await rm(folder, { recursive: true, force: true });
});

function heldJobs(options: Partial<JobsOptions> = {}): HeldJobs {
  const held = holdJobs((run) => createJobs({ run, ...options }));
  open.push(held.jobs);
  return held;
}

const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

jobsContract("memory", (limits) => heldJobs(limits));
jobsContract("files", (limits) => heldJobs({ folder: join(folder, "jobs"), ...limits }));

describe.each(["memory", "disk"])("jobs of one process, kept in %s", (where) => {
  const kept = (): Partial<JobsOptions> => (where === "disk" ? { folder: join(folder, "jobs") } : {});

  it("keep the newest, up to a number", async () => {
    const { jobs, next } = heldJobs({ ...kept(), concurrency: 1, keep: { ms: 60_000, count: 2 } });
    const ids: string[] = [];
    for (const [index] of [1, 2, 3].entries()) {
      const id = await jobs.start(REQUEST);
      (await next()).done({ index });
      await jobs.settled(id);
      if (where === "disk") await utimes(join(folder, "jobs", `${id}.job.json`), new Date(), new Date(Date.now() - (10 - index) * 1000));
      ids.push(id);
    }
    const last = await jobs.start(REQUEST);
    (await next()).done({});
    await jobs.settled(last);
    await expect
      .poll(async () => (await Promise.all([...ids, last].map((id) => jobs.find(id)))).map((job) => job !== undefined))
      .toEqual([false, false, true, true]);
  });

  it("say that they did not survive when the process ends properly", async () => {
    const { jobs, next } = heldJobs({ ...kept(), concurrency: 1 });
    const ids = [await jobs.start(REQUEST), await jobs.start(REQUEST)];
    const held = await next();
    await jobs.close();
    expect(held.call.signal.aborted).toBe(true);
    for (const id of ids)
      expect(await jobs.find(id)).toMatchObject({ status: "lost", error: { hint: expect.stringContaining("again") as string } });
    await expect(jobs.start(REQUEST)).rejects.toThrow("No more jobs");
  });
});

describe("jobs on disk", () => {
  it("are files that only this user can open", async () => {
    await chmod(folder, 0o755);
    const { jobs, next } = heldJobs({ folder });
    const id = await jobs.start(REQUEST);
    (await next()).done({ text: "private" });
    await jobs.settled(id);
    expect(await readdir(folder)).toEqual([`${id}.job.json`]);
    expect([await mode(folder), await mode(join(folder, `${id}.job.json`))]).toEqual(["700", "600"]);
    // The input may hold the document itself.
    expect(await readFile(join(folder, `${id}.job.json`), "utf8")).not.toContain("/a.pdf");
  });

  it("are read, waited for and cancelled from a server beside", async () => {
    const [a, b] = [heldJobs({ folder }), heldJobs({ folder })];
    const ids = [await a.jobs.start(REQUEST), await a.jobs.start(REQUEST)] as const;
    const held = await a.next();
    const steps: JobProgress[] = [];
    const settled = b.jobs.settled(ids[0], { onProgress: (step) => steps.push(step) });
    held.call.progress("Reading page 1");
    await expect.poll(async () => (await b.jobs.find(ids[0]))?.progress).toEqual({ message: "Reading page 1" });
    held.done({ text: "Hello" });
    expect(await settled).toMatchObject({ status: "done", result: { text: "Hello" } });
    const other = await a.next();
    expect(await b.jobs.cancel(ids[1])).toMatchObject({ status: "cancelled" });
    expect(other.call.signal.aborted).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(ids.map((id) => `${id}.job.json`).sort());
  });

  it("stop being waited for when the caller goes", async () => {
    const [a, b] = [heldJobs({ folder }), heldJobs({ folder })];
    const gone = new AbortController();
    const waiting = b.jobs.settled(await a.jobs.start(REQUEST), { signal: gone.signal });
    gone.abort(new Error("the caller went"));
    await expect(waiting).rejects.toThrow("the caller went");
  });

  it("are lost with a process that is killed; what was done before is there", async () => {
    const code = `
      import { createJobs } from ${JSON.stringify(new URL("./in-process.ts", import.meta.url).href)};
      const jobs = createJobs({ folder: process.argv[1], run: ({ input }) => input.ends ? Promise.resolve({ text: "Hello" }) : new Promise(() => setInterval(() => {}, 1000)) });
      const done = await jobs.start({ task: "extract_text", input: { ends: true } });
      await jobs.settled(done);
      const running = await jobs.start({ task: "extract_text", input: {} });
      console.log(JSON.stringify({ done, running }));`;
    const child = spawn(process.execPath, [...sourceFlags(), "--input-type=module", "--eval", code, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const { done, running } = JSON.parse(line.toString()) as { done: string; running: string };
    const { jobs } = heldJobs({ folder });
    expect((await jobs.find(running))?.status).toMatch(/queued|running/);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await jobs.find(done)).toMatchObject({ status: "done", result: { text: "Hello" } });
    const lost = await jobs.settled(running);
    expect(lost).toMatchObject({ status: "lost", error: { message: expect.stringContaining("did not survive") as string } });
    expect(Date.parse(lost?.endedAt ?? "")).toBeLessThanOrEqual(Date.now());
  });

  it("are lost when a process of another machine, or one whose number is used again, gave no sign of life for long", async () => {
    const job: Job = {
      id: "00000000-0000-4000-8000-000000000001",
      task: "extract_text",
      status: "running",
      createdAt: "2026-01-01T00:00:00.000Z",
    };
    const path = join(folder, `${job.id}.job.json`);
    await writeFile(path, JSON.stringify({ process: { id: "other", pid: process.ppid, host: "elsewhere" }, job }));
    const { jobs } = heldJobs({ folder });
    expect((await jobs.find(job.id))?.status).toBe("running");
    await utimes(path, new Date(), new Date(Date.now() - 61_000));
    expect((await jobs.find(job.id))?.status).toBe("lost");
  });

  it("are gone when they are too old, and when their file is damaged", async () => {
    const { jobs, next } = heldJobs({ folder });
    const [old, damaged] = [await jobs.start(REQUEST), await jobs.start(REQUEST)];
    for (const held of [await next(), await next()]) held.done({});
    await Promise.all([jobs.settled(old), jobs.settled(damaged)]);
    await utimes(join(folder, `${old}.job.json`), new Date(), new Date(Date.now() - 25 * 60 * 60 * 1000));
    await writeFile(join(folder, `${damaged}.job.json`), '{"job":{"id":');
    expect([await jobs.find(old), await jobs.find(damaged)]).toEqual([undefined, undefined]);
  });

  it("are not started where they cannot be kept", async () => {
    await writeFile(join(folder, "file"), "");
    const { jobs } = heldJobs({ folder: join(folder, "file") });
    await expect(jobs.start(REQUEST)).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringContaining("could not be kept") as string,
    });
  });
});
