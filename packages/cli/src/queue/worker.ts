import { isSightlineError, type JobCall, type JobRequest, runTask, SetupError, tasks } from "@sightline/core";
import type { Host, HostOptions } from "@sightline/local";
import type { Log } from "@sightline/local/log";
import type { Settings } from "@sightline/local/settings";
import { constants } from "node:fs";
import { access, realpath } from "node:fs/promises";
import { hostname } from "node:os";
import { isAbsolute, relative, sep } from "node:path";
import { readingSettings } from "../batch/fingerprint.ts";
import type { Address } from "./commands.ts";
import { type JobOutcome, type MetricsServer, serveMetrics } from "./metrics-server.ts";

interface WorkerOptions {
  readonly settings: Settings;
  readonly version: string;
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Told of each run of a job. */
  readonly worked?: MetricsServer["worked"] | undefined;
}

/** Files worked on at a time where `--concurrency` does not say: as a batch by itself does. */
const FILES_AT_A_TIME = 4;

/** A worker with its host and, where they are asked for, its metrics; until `signal` fires. */
export async function startWorker({
  createHost,
  metrics,
  ...options
}: Omit<WorkerOptions, "host" | "worked"> & {
  readonly createHost: (settings: Settings, options: HostOptions) => Host;
  readonly metrics: Address | undefined;
}): Promise<void> {
  const { settings, log } = options;
  const served = metrics === undefined ? undefined : await serveMetrics(metrics, async () => (await host.shared())?.counts());
  const host = createHost(settings, { log, ...(served === undefined ? {} : { observer: served.observer }) });
  try {
    if (served !== undefined) log(`Metrics are at ${served.origin}/metrics`);
    await runWorker({ ...options, host, worked: served?.worked });
  } finally {
    served?.close();
    await host.close();
  }
}

/** Takes files of batches until `signal` fires, and hands back what it has not done then. SetupError without a Redis, and without a folder to read from. */
async function runWorker({ settings, version, host, signal, log, worked }: WorkerOptions): Promise<void> {
  if (settings.allow.length === 0) {
    throw new SetupError("A worker reads nothing but what lies in its allowed folders, and none is set.", {
      hint: "Name the folder the files of batches lie in, by the path the batch calls it: --allow DIR (SIGHTLINE_ALLOW).",
    });
  }
  const shared = await host.shared();
  if (shared === undefined) {
    throw new SetupError("A worker takes its work from Redis, and none is set.", { hint: "--redis redis://HOST:PORT (SIGHTLINE_REDIS)" });
  }
  const own = readingSettings(version, settings);
  const concurrency = settings.concurrency ?? FILES_AT_A_TIME;
  const jobs = shared.jobs({
    queue: "batch",
    concurrency,
    refuses,
    async run(request, call) {
      const started = performance.now();
      const told = (outcome: JobOutcome): void => worked?.(request.task, outcome, (performance.now() - started) / 1000);
      try {
        const result = await readFile(request, call);
        told("done");
        return result;
      } catch (error) {
        told(call.signal.aborted ? "interrupted" : "failed");
        if (!isSightlineError(error) && !call.signal.aborted) log(request.task, error);
        throw error;
      }
    },
  });

  async function refuses({ task: name, input, context = {} }: JobRequest): Promise<Error | undefined> {
    const task = tasks.find((each) => each.name === name);
    const unlike = readsOtherwise(own, context["settings"]);
    if (unlike !== undefined || task === undefined)
      return unlike ?? new SetupError(`The worker on ${hostname()} has no task ${name}.`, { hint: "Run the same version everywhere." });
    for (const path of Object.keys(task.files).flatMap((field) => [input[field]].flat())) {
      const problem = typeof path === "string" ? await outOfReach(path, settings.allow, context["readable"] === true) : undefined;
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  async function readFile({ task: name, input }: JobRequest, { signal: ending, progress }: JobCall) {
    const task = tasks.find((each) => each.name === name);
    if (task === undefined) throw new Error(`${name} was not refused`);
    return runTask(task, input, await host.context({ signal: ending, progress }));
  }

  log(`Taking files from Redis at ${shared.address}, ${concurrency} at a time.`);
  await new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", resolve, { once: true });
  });
  log("Handing back what is not done.");
  await jobs.close();
}

/** Why the batch would have read the file in another way: its rows must not depend on who read them. */
function readsOtherwise(own: Readonly<Record<string, unknown>>, theirs: unknown): SetupError | undefined {
  const batch = (theirs ?? {}) as Readonly<Record<string, unknown>>;
  const names = [...new Set([...Object.keys(own), ...Object.keys(batch)])].filter((name) => own[name] !== batch[name]);
  if (names.length === 0) return undefined;
  return new SetupError(`The worker on ${hostname()} reads with another ${names.join(", ")} than the batch.`, {
    hint: "Give workers and batch the same version, and the same settings for the model and for reading.",
  });
}

/** Why a file that the batch could read is out of this worker's reach. */
async function outOfReach(path: string, allow: readonly string[], readable: boolean): Promise<SetupError | undefined> {
  const real = (name: string): Promise<string> => realpath(name).catch(() => name);
  const [place = path, ...folders] = await Promise.all([path, ...allow].map(real));
  if (!folders.some((folder) => isBelow(place, folder))) {
    return new SetupError(`The worker on ${hostname()} may not read ${path}.`, {
      hint: "Start it with --allow and the folder the files lie in.",
    });
  }
  if (!readable) return undefined;
  const code = await access(path, constants.R_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code,
  );
  if (code === undefined) return undefined;
  return new SetupError(`The worker on ${hostname()} cannot reach ${path} (${code}).`, {
    hint: "Files reach workers by a folder that all machines share, mounted under the same path, and that the worker's user may read.",
  });
}

function isBelow(place: string, folder: string): boolean {
  const [step = ""] = relative(folder, place).split(sep);
  return step !== ".." && !isAbsolute(step);
}
