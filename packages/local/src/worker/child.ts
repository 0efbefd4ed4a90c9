/** The worker's side, in a child process or a thread: takes one job after the other from the pool and answers. */
import { parentPort, workerData } from "node:worker_threads";
import type { JobTable, JobModule, JobRun, Kept } from "./define-job.ts";
import { toWire, type JobRequest, type JobStage, type PoolMessage, type WorkerMessage } from "./protocol.ts";
import { createSessions } from "./sessions.ts";

const port = parentPort;
const send = (message: WorkerMessage): void => {
  if (port !== null) port.postMessage(message);
  else process.send?.(message);
};

/** Where the table of jobs is: named at the start, by each way of starting in its own way. */
const module: string = port === null ? process.argv[2]! : (workerData as { module: string }).module;
const { jobs } = (await import(module)) as { jobs: JobModule<JobTable> };
const loaded = new Map<string, Promise<JobRun<unknown, unknown>>>();
const sessions = createSessions();
/** Waits for what the session of the running job starts from. */
let onStart: ((start: unknown) => void) | undefined;

async function answer({ id, job: name, input, session }: JobRequest): Promise<void> {
  let stage: JobStage = "loading";
  let wornOut = false;
  try {
    const job = jobs.table[name];
    if (job === undefined) throw new Error(`no job "${name}" in ${jobs.module}`);
    if (!loaded.has(name)) loaded.set(name, job.load());
    const run = await loaded.get(name)!;
    stage = "decoding";
    send({ type: "loaded", id });
    const output = await run(input, {
      decoded() {
        stage = "working";
        send({ type: "decoded", id });
      },
      progress: (message) => send({ type: "progress", id, message }),
      kept<State extends Kept>(open: (start: unknown) => Promise<State>) {
        if (session === undefined) throw new Error(`the job "${name}" needs a session`);
        return sessions.keep(session, async () => {
          const start = new Promise<unknown>((resolve) => (onStart = resolve));
          send({ type: "wants-start", id });
          return open(await start);
        });
      },
      wornOut: () => (wornOut = true),
    });
    send({ type: "done", id, output, wornOut });
  } catch (error) {
    send({ type: "failed", id, error: toWire(error, stage), wornOut });
  }
}

/** Jobs run one at a time; a session ends between two of them. */
let last: Promise<void> = Promise.resolve();
function receive(message: PoolMessage): void {
  switch (message.type) {
    case "run":
      last = last.then(() => answer(message));
      break;
    case "start":
      onStart?.(message.start);
      break;
    case "end-session":
      last = last.then(() => sessions.end(message.session));
      break;
  }
}

if (port !== null) {
  // What a library prints here would go to the parent's own stdout, or wait in a channel that keeps the parent alive.
  process.stdout.write = process.stderr.write = () => true;
  port.on("message", receive);
} else {
  process.on("message", (message) => receive(message as PoolMessage));
  // The parent is gone, however it ended.
  process.on("disconnect", () => process.exit());
}
send({ type: "ready" });
