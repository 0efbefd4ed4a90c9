import { isCancellation, isSightlineError, parseInput, runTask } from "@sightline/core";
import type { Host } from "@sightline/local";
import { createJobs } from "@sightline/local/jobs";
import type { Settings } from "@sightline/local/settings";
import { dirname, relative, sep } from "node:path";
import { inspect } from "node:util";
import type { BatchRequest } from "./command.ts";
import { csvPath, mayWriteCsv, tableOf, writeCsv } from "./csv-file.ts";
import type { FoundFiles } from "./find-files.ts";
import { keyMaker } from "./fingerprint.ts";
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
    const jobs = createJobs({
      concurrency: Infinity,
      maxQueued: Infinity,
      async run(call, { signal: ending, progress }) {
        try {
          return await runTask(task, call.input, await host.context({ signal: ending, progress }));
        } catch (error) {
          if (!isSightlineError(error) && !isCancellation(error, ending)) process.stderr.write(`sightline: ${inspect(error)}\n`);
          throw error;
        }
      },
    });
    let counts: Counts = { read: 0, same: 0 };
    try {
      report.begin(todo.length);
      counts = await doFiles(todo, { task, inputOf, keyOf, results, jobs, report, signal, lanes: settings.concurrency ?? FILES_AT_A_TIME });
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

/** How rows call files: from the folder of the results, so that both may be moved together; in full where they are not below it. */
function fileNames(results: string): (path: string) => string {
  return (path) => {
    const name = relative(dirname(results), path);
    return (name.startsWith("..") ? path : name).replaceAll(sep, "/");
  };
}
