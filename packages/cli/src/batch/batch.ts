import { parseInput, type Jobs } from "@sightline/core";
import type { Host } from "@sightline/local";
import type { Settings } from "@sightline/local/settings";
import { createHash } from "node:crypto";
import { dirname, relative, sep } from "node:path";
import type { BatchRequest } from "./command.ts";
import { csvPath, mayWriteCsv, tableOf, writeCsv } from "./csv-file.ts";
import type { FoundFiles } from "./find-files.ts";
import { keyMaker, readingSettings } from "./fingerprint.ts";
import { ownJobs, sharedJobs } from "./jobs.ts";
import type { BatchReport } from "./report.ts";
import { openResults } from "./results-file.ts";
import { failuresOf, type Summary } from "./summary.ts";
import { doFiles, filesToDo, type Counts } from "./work.ts";

export interface BatchOptions {
  readonly found: FoundFiles;
  readonly settings: Settings;
  readonly version: string;
  readonly host: Host;
  readonly report: BatchReport;
  readonly signal: AbortSignal;
}

/** Files worked on at a time where `--concurrency` does not say: two are decoded at a time, and others wait for a model meanwhile. */
const FILES_AT_A_TIME = 4;

/** Files in the queue at a time, for workers: none of them waits for this process to hand out the next. */
const FILES_QUEUED = 500;

/**
 * Runs the task on every file that has no result yet, and writes the table. When cancelled it stops where it is and says so in `left`. InputError for
 * an input or a path that cannot be used, before anything is done; SetupError when the results can be written no further.
 */
export async function runBatch(request: BatchRequest, options: BatchOptions): Promise<Summary> {
  const { task, field, inList, fields, out, rows, retryFailed } = request;
  const { found, settings, version, host, report, signal } = options;
  const inputOf = (path: string): Record<string, unknown> => ({ ...fields, [field]: inList ? [path] : path });
  const table = request.csv ? tableOf(task, rows) : undefined;
  // A field that the task does not take fails here, once.
  const input = parseInput(task.name, task.input, inputOf("/any"));
  const keyOf = keyMaker({
    version,
    task: task.name,
    fields: Object.fromEntries(Object.entries(input).filter(([name]) => name !== field)),
    settings,
  });
  const started = performance.now();

  const results = await openResults(out, task.name);
  try {
    const csv = csvPath(results.path);
    if (table !== undefined) await mayWriteCsv(csv, results);
    const nameOf = fileNames(results.path);
    // The results may lie in the folder that is read.
    const files = found.files.filter((path) => path !== results.path && path !== csv).map((path) => ({ path, name: nameOf(path) }));

    const todo = await filesToDo(files, results, { keyOf, retryFailed, report, signal });
    const { jobs, stuck }: { jobs: Jobs; stuck?: AbortSignal } =
      settings.redis === undefined ? { jobs: ownJobs(task, host) } : await sharedJobs(host, report, signal);
    const context = settings.redis === undefined ? undefined : { settings: readingSettings(version, settings) };
    let counts: Counts = { read: 0, same: 0 };
    try {
      report.begin(todo.length);
      counts = await doFiles(todo, {
        task,
        keyOf,
        results,
        jobs,
        stuck,
        report,
        signal,
        lanes: context === undefined ? (settings.concurrency ?? FILES_AT_A_TIME) : FILES_QUEUED,
        jobOf(path, key) {
          const request = { task: task.name, input: inputOf(path) };
          return context === undefined
            ? { request }
            : {
                request: { ...request, context: { ...context, readable: key !== undefined } },
                id: jobId(`${results.path}:${task.name}:${key}:${path}`),
              };
        },
      });
    } finally {
      report.end();
      await jobs.close();
    }
    if (table !== undefined) await writeCsv(csv, results, table);
    const { gaveUp, ...numbers } = counts;
    const named = files.flatMap(({ name }) => results.rows.get(name) ?? []);
    return {
      files: files.length,
      ...numbers,
      unchanged: files.length - todo.length,
      failed: named.filter(({ status }) => status === "failed").length,
      duplicates: named.filter(({ duplicate_of: copies }) => copies !== undefined).length,
      left: files.length - named.length,
      seconds: (performance.now() - started) / 1000,
      out,
      ...(table === undefined ? {} : { csv: csvPath(out) }),
      failures: failuresOf(named),
      ...(gaveUp === undefined ? {} : { gave_up: gaveUp }),
      warnings: [...found.warnings, ...results.warnings],
    };
  } finally {
    await results.close();
  }
}

/** A name in the form of a UUID, the same for the same words. */
function jobId(words: string): string {
  const digest = createHash("sha256").update(words).digest("hex");
  return [digest.slice(0, 8), digest.slice(8, 12), digest.slice(12, 16), digest.slice(16, 20), digest.slice(20, 32)].join("-");
}

/** How rows call files: from the folder of the results, so that both may be moved together; in full where they are not below it. */
function fileNames(results: string): (path: string) => string {
  return (path) => {
    const name = relative(dirname(results), path);
    return (name.startsWith("..") ? path : name).replaceAll(sep, "/");
  };
}
