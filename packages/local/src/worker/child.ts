/** The worker's side, in a child process or a thread: takes one job after the other from the pool and answers. */
import { parentPort, workerData } from "node:worker_threads";
import type { JobTable, JobModule, JobRun } from "./define-job.ts";
import { toWire, type JobRequest, type JobStage, type WorkerMessage } from "./protocol.ts";

const port = parentPort;
const send = (message: WorkerMessage): void => {
  if (port !== null) port.postMessage(message);
  else process.send?.(message);
};

/** Where the table of jobs is: named at the start, by each way of starting in its own way. */
const module: string = port === null ? process.argv[2]! : (workerData as { module: string }).module;
const { jobs } = (await import(module)) as { jobs: JobModule<JobTable> };
const loaded = new Map<string, Promise<JobRun<unknown, unknown>>>();

async function answer({ id, job: name, input }: JobRequest): Promise<void> {
  let stage: JobStage = "loading";
  try {
    const job = jobs.table[name];
    if (job === undefined) throw new Error(`no job "${name}" in ${jobs.module}`);
    if (!loaded.has(name)) loaded.set(name, job.load());
    const run = await loaded.get(name)!;
    stage = "decoding";
    const output = await run(input, {
      decoded() {
        stage = "working";
        send({ type: "decoded", id });
      },
      progress: (message) => send({ type: "progress", id, message }),
    });
    send({ type: "done", id, output });
  } catch (error) {
    send({ type: "failed", id, error: toWire(error, stage) });
  }
}

if (port !== null) {
  // What a library prints here would go to the parent's own stdout, or wait in a channel that keeps the parent alive.
  process.stdout.write = process.stderr.write = () => true;
  port.on("message", (request: JobRequest) => void answer(request));
} else {
  process.on("message", (request) => void answer(request as JobRequest));
  // The parent is gone, however it ended.
  process.on("disconnect", () => process.exit());
}
send({ type: "ready" });
