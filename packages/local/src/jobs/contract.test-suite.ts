import { InputError, type JobCall, type JobProgress } from "@sightline/core";
import { describe, expect, it } from "vitest";
import { type HeldJobs, REQUEST } from "./held-jobs.test-samples.ts";

export interface Limits {
  readonly concurrency?: number;
  readonly maxQueued?: number;
}

/** What jobs keep to, whoever runs them and wherever they are kept. */
export function jobsContract(where: string, held: (limits?: Limits) => HeldJobs): void {
  describe(`jobs kept in ${where}`, () => {
    it("run apart from who started them, and keep their result", async () => {
      const { jobs, next } = held();
      const id = await jobs.start(REQUEST);
      const work = await next();
      const steps: JobProgress[] = [];
      const settled = jobs.settled(id, { onProgress: (step) => steps.push(step) });
      work.call.progress("Reading page 2 of 3", 1, 3);
      expect(await jobs.find(id)).toMatchObject({ status: "running", progress: { message: "Reading page 2 of 3", done: 1, total: 3 } });
      work.done({ text: "Hello" });
      const job = await settled;
      expect(job).toEqual({
        id,
        task: "extract_text",
        status: "done",
        result: { text: "Hello" },
        createdAt: expect.any(String) as string,
        startedAt: expect.any(String) as string,
        endedAt: expect.any(String) as string,
      });
      expect(steps).toEqual([{ message: "Reading page 2 of 3", done: 1, total: 3 }]);
      expect(await jobs.find(id)).toEqual(job);
      expect(await jobs.settled(id)).toEqual(job);
    });

    it("fail with the error as data, and a defect as what it is", async () => {
      const { jobs, next } = held();
      const [bad, bug] = [await jobs.start(REQUEST), await jobs.start(REQUEST)];
      (await next()).fail(new InputError("a.pdf is damaged.", { hint: "Save it again." }));
      (await next()).fail(new TypeError("undefined is no function"));
      expect(await jobs.settled(bad)).toMatchObject({
        status: "failed",
        error: { kind: "InputError", message: "a.pdf is damaged.", hint: "Save it again." },
      });
      expect(await jobs.settled(bug)).toMatchObject({
        status: "failed",
        error: { kind: "InternalError", message: "undefined is no function" },
      });
    });

    it("are cancelled at once, whether they run or wait; what comes after that is dropped", async () => {
      const { jobs, next, running } = held({ concurrency: 1 });
      const [first, second] = [await jobs.start(REQUEST), await jobs.start(REQUEST)];
      const work = await next();
      expect((await jobs.find(second))?.status).toBe("queued");
      expect(await jobs.cancel(second)).toMatchObject({ status: "cancelled", error: { message: "The job was cancelled." } });
      expect(await jobs.cancel(first)).toMatchObject({ status: "cancelled" });
      expect(work.call.signal.aborted).toBe(true);
      work.done({ text: "too late" });
      work.call.progress("too late");
      const third = await jobs.start(REQUEST);
      (await next()).done({});
      await jobs.settled(third);
      expect(await jobs.find(first)).not.toHaveProperty("result");
      expect(await jobs.find(first)).not.toHaveProperty("progress");
      expect(running()).toBe(0);
    });

    it("run no more than so many at a time, and let no more than so many wait", async () => {
      const { jobs, next, running } = held({ concurrency: 2, maxQueued: 1 });
      await jobs.start(REQUEST);
      await jobs.start(REQUEST);
      await next();
      const work = await next();
      const third = await jobs.start(REQUEST);
      expect(running()).toBe(2);
      await expect(jobs.start(REQUEST)).rejects.toThrow("1 jobs are waiting already");
      work.done({});
      (await next()).done({});
      expect((await jobs.settled(third))?.status).toBe("done");
    });

    it("can be waited for with a deadline, and go on after it", async () => {
      const { jobs, next } = held();
      const id = await jobs.start(REQUEST);
      const late = new AbortController();
      const waiting = jobs.settled(id, { signal: late.signal });
      late.abort(new Error("50 s are over"));
      await expect(waiting).rejects.toThrow("50 s are over");
      (await next()).done({ text: "Hello" });
      expect((await jobs.settled(id))?.result).toEqual({ text: "Hello" });
    });

    it("are forgotten when asked to, after their end alone", async () => {
      const { jobs, next } = held();
      const id = await jobs.start(REQUEST);
      await jobs.forget(id);
      expect(await jobs.find(id)).toBeDefined();
      (await next()).done({});
      await jobs.settled(id);
      await jobs.forget(id);
      expect(await jobs.find(id)).toBeUndefined();
    });

    it.each(["", "nobody", "../../etc/passwd", "00000000-0000-4000-8000-000000000000"])("know nothing of the id %j", async (id) => {
      const { jobs } = held();
      expect([await jobs.find(id), await jobs.settled(id), await jobs.cancel(id)]).toEqual([undefined, undefined, undefined]);
      await jobs.forget(id);
    });

    it("that were begun already go on where they are", async () => {
      const { jobs, running } = held();
      let done!: (result: Record<string, unknown>) => void;
      let call: JobCall | undefined;
      const id = await jobs.start(REQUEST, {
        here: (given) => {
          call = given;
          return new Promise((resolve) => (done = resolve));
        },
      });
      const steps: JobProgress[] = [];
      const settled = jobs.settled(id, { onProgress: (step) => steps.push(step) });
      call?.progress("Reading page 2");
      expect(await jobs.find(id)).toMatchObject({ status: "running", progress: { message: "Reading page 2" } });
      done({ text: "Hello" });
      expect(await settled).toMatchObject({ status: "done", result: { text: "Hello" } });
      expect([steps, running()]).toEqual([[{ message: "Reading page 2" }], 0]);
    });

    it("of one name are one job, until it comes to nothing", async () => {
      const { jobs, next } = held();
      const id = "00000000-0000-4000-8000-00000000000a";
      expect(await jobs.start(REQUEST, { id })).toBe(id);
      (await next()).fail(new InputError("a.pdf is damaged."));
      expect((await jobs.settled(id))?.status).toBe("failed");
      await jobs.start(REQUEST, { id });
      const work = await next();
      await jobs.start(REQUEST, { id });
      work.done({ text: "Hello" });
      expect((await jobs.settled(id))?.status).toBe("done");
      await jobs.start(REQUEST, { id });
      expect(await jobs.find(id)).toMatchObject({ status: "done", result: { text: "Hello" } });
      await jobs.forget(id);
      await jobs.start(REQUEST, { id });
      (await next()).done({ text: "anew" });
      expect((await jobs.settled(id))?.result).toEqual({ text: "anew" });
    });
  });
}
