import { isSightlineError, type JobCall, type JobRequest, runTask, SetupError, tasks } from "@sightline/core";
import type { Host, HostOptions } from "@sightline/local";
import type { Log } from "@sightline/local/log";
import type { Settings } from "@sightline/local/settings";
import { access, realpath } from "node:fs/promises";
import { hostname } from "node:os";
import { isAbsolute, relative } from "node:path";
import { readingSettings } from "../batch/fingerprint.ts";
import type { Address } from "./commands.ts";
import { serveMetrics } from "./metrics-server.ts";

interface WorkerOptions {
  readonly settings: Settings;
  readonly version: string;
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Files worked on at a time where `--concurrency` does not say: as a batch by itself does. */
const FILES_AT_A_TIME = 4;

/** A worker with its host and, where they are asked for, its metrics; until `signal` fires. */
export async function startWorker({
  createHost,
  metrics,
  ...options
}: Omit<WorkerOptions, "host"> & {
  readonly createHost: (settings: Settings, options: HostOptions) => Host;
  readonly metrics: Address | undefined;
}): Promise<void> {
  const { settings, log } = options;
  const served = metrics === undefined ? undefined : await serveMetrics(metrics, async () => (await host.shared())?.counts());
  const host = createHost(settings, { log, ...(served === undefined ? {} : { observer: served.observer }) });
  try {
    if (served !== undefined) log(`Metrics are at ${served.origin}/metrics`);
    await runWorker({ ...options, host });
  } finally {
    served?.close();
    await host.close();
  }
}

/** Takes files of batches until `signal` fires, and hands back what it has not done then. SetupError without a Redis, and without a folder to read from. */
async function runWorker({ settings, version, host, signal, log }: WorkerOptions): Promise<void> {
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
    async run(request, call) {
      try {
        return await readFile(request, call);
      } catch (error) {
        if (!isSightlineError(error) && !call.signal.aborted) log(request.task, error);
        throw error;
      }
    },
  });

  async function readFile({ task: name, input, context = {} }: JobRequest, { signal: ending, progress }: JobCall) {
    const task = tasks.find((each) => each.name === name);
    mustReadAlike(own, context["settings"]);
    if (task === undefined) throw new SetupError(`This worker has no task ${name}.`, { hint: "Run the same version everywhere." });
    const files = Object.keys(task.files).flatMap((field) => [input[field]].flat());
    for (const path of files) if (typeof path === "string") await mustReach(path, settings.allow, context["readable"] === true);
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

/** SetupError where the batch would have read the file in another way: its rows must not depend on who read them. */
function mustReadAlike(own: Readonly<Record<string, unknown>>, theirs: unknown): void {
  const batch = (theirs ?? {}) as Readonly<Record<string, unknown>>;
  const names = [...new Set([...Object.keys(own), ...Object.keys(batch)])].filter((name) => own[name] !== batch[name]);
  if (names.length === 0) return;
  throw new SetupError(`The worker on ${hostname()} reads with another ${names.join(", ")} than the batch.`, {
    hint: "Give workers and batch the same version, and the same settings for the model and for reading.",
  });
}

/** SetupError where a file that the batch could read is out of this worker's reach. */
async function mustReach(path: string, allow: readonly string[], readable: boolean): Promise<void> {
  const real = (name: string): Promise<string> => realpath(name).catch(() => name);
  const [place, ...folders] = await Promise.all([path, ...allow].map(real));
  const isAllowed = folders.some((folder) => {
    const way = relative(folder, place ?? path);
    return !way.startsWith("..") && !isAbsolute(way);
  });
  if (!isAllowed) {
    throw new SetupError(`The worker on ${hostname()} may not read ${path}.`, {
      hint: "Start it with --allow and the folder the files lie in.",
    });
  }
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere || !readable) return;
  throw new SetupError(`The worker on ${hostname()} cannot reach ${path}.`, {
    hint: "Files reach workers by a folder that all machines share, mounted under the same path.",
  });
}
