/** Jobs that misbehave, for pool.test.ts: what decoders do with bad bytes, without waiting for one that does. */
import { AnswerError, InputError, ModelError, SetupError, type ErrorKind } from "@sightline/core/errors";
import { setImmediate as turn } from "node:timers/promises";
import { isMainThread, threadId } from "node:worker_threads";
import { defineJobs, type JobContext, type JobRun } from "./define-job.ts";

const here = () => (isMainThread ? process.pid : threadId);

/** Says where it runs, then never gives the thread back. */
async function spin(_input: unknown, job: JobContext): Promise<never> {
  job.progress(String(here()));
  await turn();
  for (;;);
}

async function spinOnPixels(input: unknown, job: JobContext): Promise<never> {
  job.decoded();
  return spin(input, job);
}

async function grow(_input: unknown, job: JobContext): Promise<number> {
  const held: Buffer[] = [];
  for (;;) {
    held.push(Buffer.alloc(8e6, 1));
    if (held.length === 1) job.progress(String(here()));
    await turn();
  }
}

async function fail(kind: ErrorKind | "TypeError"): Promise<never> {
  switch (kind) {
    case "InputError":
      throw new InputError("in", { hint: "in hint" });
    case "SetupError":
      throw new SetupError("set", { hint: "set hint" });
    case "ModelError":
      throw new ModelError("mod", { hint: "mod hint", status: 503, retryable: true, retryAfterSeconds: 7 });
    case "AnswerError":
      throw new AnswerError("ans", { hint: "ans hint", raw: "I can't" });
    case "TypeError":
      throw new TypeError("vips has had enough");
  }
}

async function failOnPixels(_input: undefined, job: JobContext): Promise<never> {
  job.decoded();
  throw new TypeError("undefined is not a page");
}

const opened = (start: string) => {
  const state = { start, uses: 0, close: () => void closed.push(start) };
  return Promise.resolve(state);
};
const closed: string[] = [];

const load = <Input, Output>(run: JobRun<Input, Output>) => ({ kind: "image" as const, load: async () => run });

export const jobs = defineJobs(import.meta.url, {
  where: load(async (bytes: Uint8Array) => ({ where: here(), bytes })),
  heavy: { kind: "perception", load: async () => async (_input: undefined) => here() },
  environment: load(async (_input: undefined) => ({ ...process.env })),
  print: load(async (text: string) => {
    process.stdout.write(text);
    return text;
  }),
  failOnPixels: load(failOnPixels),
  missing: { kind: "image", load: (): Promise<JobRun<undefined, undefined>> => Promise.reject(new Error("Cannot find module 'sharp'")) },
  spin: load(spin),
  spinOnPixels: load(spinOnPixels),
  grow: load(grow),
  crash: load(async (how: "exit" | "signal") => {
    process.stderr.write("last words\n");
    if (how === "signal") process.kill(process.pid, "SIGSEGV");
    process.exit(3);
  }),
  fail: load(fail),
  use: load(async (how: "well" | "trap", job) => {
    const state = await job.kept((start) => opened(start as string));
    state.uses += 1;
    if (how === "trap") {
      job.wornOut();
      throw new InputError("trapped");
    }
    return { where: here(), start: state.start, uses: state.uses };
  }),
  closed: load(async (_input: undefined) => closed),
});
