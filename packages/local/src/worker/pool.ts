import { InputError, SetupError } from "@sightline/core/errors";
import type { JobInput, JobKind, JobModule, JobOutput, JobTable } from "./define-job.ts";
import type { Launch, Launched } from "./launch.ts";
import { launchProcess } from "./launch-process.ts";
import { launchThread } from "./launch-thread.ts";
import { LIMITS, type JobLimits } from "./limits.ts";
import { fromWire, type WorkerMessage } from "./protocol.ts";

/** `auto`: child processes, and worker threads where the first one cannot be started. */
export type WorkerMode = "auto" | "process" | "thread";

export interface PoolOptions<Table extends JobTable> {
  readonly jobs: JobModule<Table>;
  readonly mode?: WorkerMode;
  /** Workers at the most, each running one job at a time. Two is what two cores and `MALLOC_ARENA_MAX=2` make the most of. */
  readonly maxWorkers?: number;
  /** Jobs that may wait. */
  readonly maxQueued?: number;
  /** An idle worker is let go after this long, ms. */
  readonly idleMs?: number;
  readonly limits?: Readonly<Record<JobKind, JobLimits>>;
  /** Told when a worker goes in the middle of a job. */
  readonly onKill?: ((why: "time" | "memory" | "cancelled" | "crashed") => void) | undefined;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
  /** What the caller calls the picture; error messages begin with it. */
  readonly subject?: string | undefined;
  /** Jobs that share a session share what a worker keeps for it. */
  readonly session?: Session | undefined;
}

/** Something that stays open from job to job, such as a document: in the worker that its last job ran in, and again from `start` in any other. */
export interface Session {
  /** Unique. */
  readonly key: string;
  /** What a worker opens it from. */
  readonly start: unknown;
}

/** How an unusable file is spoken of: what to do when it takes too long, is too large, or ends its worker. */
interface Advice {
  readonly slow: string;
  readonly large: string;
  readonly crashed: string;
}

const PICTURE: Advice = {
  slow: "It may be damaged, or made to be slow. Save it again as a plain PNG or JPEG and use that copy.",
  large: "Scale the picture down, or crop it to the part that matters, and use that copy.",
  crashed: "The picture is probably damaged. If other programs open it, save it again as PNG or JPEG and use that copy.",
};
const DOCUMENT: Advice = {
  slow: "It may be damaged, or made to be slow. If other programs open it, print the pages you need to a new PDF and use that.",
  large: "Print the pages you need to a new PDF, and use that.",
  crashed: "The document is probably damaged. If other programs open it, print it to a new PDF and use that.",
};
const ADVICE: Readonly<Record<JobKind, Advice>> = { image: PICTURE, perception: PICTURE, document: DOCUMENT };

/**
 * Runs jobs on untrusted bytes behind a kill. Nothing is started before the first job, and a pool that is never closed
 * keeps no process alive.
 */
export interface WorkerPool<Table extends JobTable> {
  /**
   * InputError when the job breaks a bound or its worker dies, the worker being ended and the next job unharmed; the
   * four errors as the job throws them; `signal.reason` on abort, once the worker is gone.
   */
  run<Name extends keyof Table & string>(name: Name, input: JobInput<Table, Name>, options?: RunOptions): Promise<JobOutput<Table, Name>>;
  /** Frees what workers keep for a session. Without it that goes with its worker, or when a worker keeps too many. */
  endSession(key: string): void;
  /** Ends all workers; what still runs or waits is rejected. */
  close(): Promise<void>;
}

interface Task {
  readonly id: number;
  readonly name: string;
  readonly kind: JobKind;
  readonly input: unknown;
  readonly options: RunOptions;
  settled: boolean;
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

interface PoolWorker {
  readonly launched: Launched;
  readonly launch: Launch;
  task: Task | undefined;
  ready: boolean;
  ending: boolean;
  /** The job it ran last: its code and models are loaded here. */
  lastJob: string | undefined;
  /** Sessions that may be open here. */
  readonly sessions: Set<string>;
  /** The most that any job run here was allowed: models stay in memory, so the bound of a later, smaller job would hit the innocent. */
  memoryBytes: number;
  lastMemory: number;
  timers: { deadline?: NodeJS.Timeout | undefined; memory?: NodeJS.Timeout | undefined; idle?: NodeJS.Timeout | undefined };
}

/** A worker that comes this close to its memory bound is replaced between two jobs. */
const WORN_OUT = 0.8;

/** A worker that has not reported ready by then will not. A cold start on a loaded machine takes under 2 s. */
const START_MS = 10_000;

/** Our own code, native libraries among it: its time is not the picture's fault. 1 s cold, many times that on a machine that has no time. */
const LOAD_MS = 60_000;

export function createPool<Table extends JobTable>(options: PoolOptions<Table>): WorkerPool<Table> {
  const { jobs, mode = "auto", maxWorkers = 2, maxQueued = 256, idleMs = 20_000, limits = LIMITS, onKill } = options;
  let launch: Launch = mode === "thread" ? launchThread : launchProcess;
  /** Once one child process has come up, another that does not is no reason to turn to threads. */
  let processesStart = mode !== "auto";
  let closed = false;
  let lastId = 0;
  const queue: Task[] = [];
  const workers = new Set<PoolWorker>();

  function settle(task: Task, act: () => void): void {
    if (task.settled) return;
    task.settled = true;
    act();
  }

  function pump(): void {
    while (queue.length > 0 && !closed) {
      const next = queue[0]!;
      const idle = [...workers].filter((worker) => worker.task === undefined && !worker.ending);
      const session = next.options.session?.key;
      const worker =
        idle.find(({ sessions }) => session !== undefined && sessions.has(session)) ??
        idle.find(({ lastJob }) => lastJob === next.name) ??
        idle[0];
      if (worker === undefined && workers.size >= maxWorkers) return;
      queue.shift();
      if (worker === undefined) start(next);
      else assign(worker, next);
    }
  }

  function start(task: Task): void {
    try {
      // Events come on later turns only: by then `worker` is there.
      const worker: PoolWorker = {
        launched: launch(jobs.module, {
          onMessage: (message) => receive(worker, message),
          onExit: (how, log) => exited(worker, how, log),
        }),
        launch,
        task,
        ready: false,
        ending: false,
        lastJob: undefined,
        sessions: new Set(),
        memoryBytes: 0,
        lastMemory: 0,
        timers: {},
      };
      workers.add(worker);
      worker.timers.deadline = setTimeout(
        () => void end(worker, () => notStarted(task, worker.launch, `not ready after ${START_MS / 1000} s`)),
        START_MS,
      );
    } catch (error) {
      notStarted(task, launch, error instanceof Error ? error.message : String(error));
    }
  }

  function notStarted(task: Task, how: Launch, why: string): void {
    if (!processesStart && how === launchProcess) {
      launch = launchThread;
      queue.unshift(task);
      return pump();
    }
    settle(task, () =>
      task.reject(
        new SetupError(`The worker that decodes pictures cannot be started: ${why}.`, {
          hint: "Pictures are decoded only where they can be stopped. Check that this program may start `node` and that its installation is complete.",
        }),
      ),
    );
    pump();
  }

  function assign(worker: PoolWorker, task: Task): void {
    clearTimeout(worker.timers.idle);
    worker.task = task;
    worker.launched.hold(true);
    if (worker.ready) begin(worker, task);
  }

  function begin(worker: PoolWorker, task: Task): void {
    const { memoryBytes } = limits[task.kind];
    worker.lastJob = task.name;
    worker.memoryBytes = Math.max(worker.memoryBytes, memoryBytes);
    setDeadline(worker, LOAD_MS, () => notLoaded(task));
    watchMemory(worker, task);
    const session = task.options.session?.key;
    if (session !== undefined) worker.sessions.add(session);
    worker.launched.send({ type: "run", id: task.id, job: task.name, input: task.input, session });
  }

  /** Ends the worker after `ms`, then acts; in place of the deadline until now. */
  function setDeadline(worker: PoolWorker, ms: number, act: () => void): void {
    clearTimeout(worker.timers.deadline);
    worker.timers.deadline = setTimeout(() => {
      onKill?.("time");
      void end(worker, act);
    }, ms);
  }

  function notLoaded(task: Task): void {
    settle(task, () =>
      task.reject(
        new SetupError(`The code that decodes pictures was not loaded after ${LOAD_MS / 1000} s.`, {
          hint: "The machine, or the disk with the installation, has too much to do. Try again when it has less.",
        }),
      ),
    );
  }

  function watchMemory(worker: PoolWorker, task: Task): void {
    async function look(): Promise<void> {
      const memory = await worker.launched.memory();
      if (worker.task !== task || worker.ending) return;
      worker.lastMemory = memory ?? 0;
      if (worker.lastMemory <= worker.memoryBytes) return watchMemory(worker, task);
      onKill?.("memory");
      const megabytes = Math.round(worker.memoryBytes / 1e6);
      await end(worker, () =>
        fail(task, `The work on it was stopped when it took more than ${megabytes} MB of memory.`, ADVICE[task.kind].large),
      );
    }
    worker.timers.memory = setTimeout(() => void look(), worker.launched.memoryEveryMs);
  }

  function fail(task: Task, message: string, hint: string, cause?: unknown): void {
    const { subject } = task.options;
    settle(task, () => task.reject(new InputError(subject === undefined ? message : `${subject}: ${message}`, { hint, cause })));
  }

  function receive(worker: PoolWorker, message: WorkerMessage): void {
    const { task } = worker;
    if (worker.ending) return;
    if (message.type === "ready") {
      worker.ready = true;
      processesStart ||= worker.launch === launchProcess;
      if (task !== undefined) begin(worker, task);
      return;
    }
    if (task === undefined || message.id !== task.id) return;
    switch (message.type) {
      case "loaded": {
        const { decodeMs } = limits[task.kind];
        const words = `Decoding it was stopped after ${decodeMs / 1000} s.`;
        return setDeadline(worker, decodeMs, () => fail(task, words, ADVICE[task.kind].slow));
      }
      case "decoded": {
        const { workMs } = limits[task.kind];
        const words = `The work on it was stopped after ${workMs / 1000} s.`;
        return setDeadline(worker, workMs, () => fail(task, words, ADVICE[task.kind].large));
      }
      case "progress":
        return task.options.onProgress?.(message.message);
      case "wants-start":
        return worker.launched.send({ type: "start", id: task.id, start: task.options.session?.start });
      case "done":
        return over(() => task.resolve(message.output), message.wornOut);
      case "failed":
        return over(() => task.reject(fromWire(message.error, task.options.subject)), message.wornOut);
    }

    function over(act: () => void, wornOut: boolean): void {
      if (wornOut) return void end(worker, () => settle(task!, act));
      release(worker);
      settle(task!, act);
    }
  }

  /** The job is over; the worker takes the next one, or idles. */
  function release(worker: PoolWorker): void {
    stopTimers(worker);
    worker.task = undefined;
    worker.launched.hold(false);
    if (worker.lastMemory > WORN_OUT * worker.memoryBytes) void end(worker, () => {});
    else {
      worker.lastMemory = 0;
      worker.timers.idle = setTimeout(() => void end(worker, () => {}), idleMs).unref();
    }
    pump();
  }

  function stopTimers({ timers }: PoolWorker): void {
    clearTimeout(timers.deadline);
    clearTimeout(timers.memory);
    clearTimeout(timers.idle);
  }

  /** Kills the worker, then acts, then gives its place to the next job. */
  async function end(worker: PoolWorker, act: () => void): Promise<void> {
    if (worker.ending) return;
    worker.ending = true;
    stopTimers(worker);
    await worker.launched.kill();
    workers.delete(worker);
    act();
    pump();
  }

  /** It ended by itself. */
  function exited(worker: PoolWorker, how: string, log: string): void {
    if (worker.ending) return;
    worker.ending = true;
    stopTimers(worker);
    workers.delete(worker);
    const { task } = worker;
    if (task !== undefined && !worker.ready) return notStarted(task, worker.launch, `${how}${log === "" ? "" : `\n${log}`}`);
    if (task !== undefined) {
      onKill?.("crashed");
      fail(
        task,
        `The process that worked on it ended by itself (${how}).`,
        ADVICE[task.kind].crashed,
        log === "" ? undefined : new Error(log),
      );
    }
    pump();
  }

  /** Rejects with the caller's reason: at once while the job waits, and when the worker is gone while it runs. */
  function abort(task: Task, reason: unknown): void {
    const at = queue.indexOf(task);
    const worker = [...workers].find((each) => each.task === task);
    if (at >= 0) queue.splice(at, 1);
    if (at >= 0 || worker === undefined || worker.ending) return settle(task, () => task.reject(reason));
    onKill?.("cancelled");
    void end(worker, () => settle(task, () => task.reject(reason)));
  }

  return {
    async run(name, input, runOptions = {}) {
      const { signal, subject } = runOptions;
      signal?.throwIfAborted();
      if (closed) throw new SetupError("The worker pool is closed: no more pictures are taken.");
      if (queue.length >= maxQueued) {
        throw new InputError(`${subject === undefined ? "" : `${subject}: `}${maxQueued} pictures are waiting already.`, {
          hint: "Wait for some of them to be answered, then send this one again.",
        });
      }
      const job = jobs.table[name];
      if (job === undefined) throw new TypeError(`no job named "${name}"`);
      let onAbort: (() => void) | undefined;
      try {
        return await new Promise((resolve, reject) => {
          const task: Task = { id: ++lastId, name, kind: job.kind, input, options: runOptions, settled: false, resolve, reject };
          onAbort = () => abort(task, signal?.reason);
          signal?.addEventListener("abort", onAbort, { once: true });
          queue.push(task);
          pump();
        });
      } finally {
        if (onAbort !== undefined) signal?.removeEventListener("abort", onAbort);
      }
    },
    endSession(key) {
      for (const { sessions, launched, ending } of workers)
        if (sessions.delete(key) && !ending) launched.send({ type: "end-session", session: key });
    },
    async close() {
      closed = true;
      const over = (task: Task): void =>
        settle(task, () => task.reject(new SetupError("The worker pool was closed while this picture was being worked on.")));
      for (const task of queue.splice(0)) over(task);
      await Promise.all([...workers].map((worker) => end(worker, () => worker.task !== undefined && over(worker.task))));
    },
  };
}
