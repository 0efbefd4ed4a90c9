import { InputError, tasks } from "@sightline/core";
import { createLog } from "@sightline/local/log";
import { loadSettings, settingUsage, type Settings } from "@sightline/local/settings";
import { renderStatus } from "@sightline/local/status";
import { CommanderError } from "commander";
import { readFileSync } from "node:fs";
import { answerFiles } from "./answer.ts";
import type { BatchRequest } from "./batch/command.ts";
import { exitCodeOf, exitCodeOfKind, formatFailure } from "./failures.ts";
import { outputFile } from "./output-file.ts";
import { pictureFiles } from "./picture-files.ts";
import { createProgram, type ParsedCommandLine } from "./program.ts";
import { createProgressLine } from "./progress.ts";
import type { QueueRequest } from "./queue/commands.ts";
import { resolveFiles } from "./references.ts";

/** Why the work was ended from outside, and what the shell is told. */
class Ended extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** This package's version. */
function ownVersion(): string {
  return (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;
}

/** Undefined when help or the version was asked for and printed. InputError for what cannot be understood. */
function parse(args: readonly string[]): ParsedCommandLine | undefined {
  let parsed: ParsedCommandLine | undefined;
  const program = createProgram({
    tasks,
    version: ownVersion(),
    settings: settingUsage("cli"),
    onParsed: (result) => (parsed = result),
  });
  if (args.length === 0)
    throw new InputError("Say what to do.", {
      hint: `Commands: ${program.commands.map((each) => each.name()).join(", ")}. \`sightline --help\` explains them.`,
    });
  try {
    program.parse(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    const [message = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
    throw new InputError(`${message[0]?.toUpperCase()}${message.slice(1)}${message.endsWith(".") ? "" : "."}`, {
      hint: suggestion?.replace(/^\(|\)$/g, "") ?? "`sightline --help` lists the commands, `sightline <command> --help` its options.",
    });
  }
  return parsed;
}

const log = createLog(process.stderr, "sightline", "words");

async function run(args: readonly string[], signal: AbortSignal): Promise<number> {
  const parsed = parse(args);
  if (parsed === undefined) return 0;
  const { request, json } = parsed;
  if (parsed.output !== undefined && request.kind !== "task") {
    throw new InputError("--output is for the answers of a task.", {
      hint:
        request.kind === "evaluate" || request.kind === "status"
          ? "Send what is printed to a file: --json > report.json"
          : "Name the place with --out.",
    });
  }
  const output = parsed.output === undefined || request.kind !== "task" ? undefined : outputFile(parsed.output, request.task);
  if (request.kind === "batch")
    return runBatchCommand(request, await loadSettings({ flags: parsed.settings, env: process.env }), { json, signal });
  if (request.kind === "evaluate" || request.kind === "export-training") {
    const { runCorrections } = await import("./corrections/run.ts");
    return runCorrections(request, await loadSettings({ flags: parsed.settings, env: process.env }), {
      version: ownVersion(),
      json,
      signal,
    });
  }
  if (request.kind === "worker" || request.kind === "jobs")
    return runQueueCommand(request, await loadSettings({ flags: parsed.settings, env: process.env }), { json, signal });
  const pictures = request.kind === "task" && request.pictures !== undefined ? pictureFiles(request.pictures) : undefined;
  const files = request.kind === "task" ? await resolveFiles(request, process.stdin, signal) : [];

  const settings = await loadSettings({ flags: parsed.settings, env: process.env });
  // Only now: help and mistakes need no native code.
  const { createHost } = await import("@sightline/local");
  const host = createHost(settings, { log, files: files.map((file) => file.path).filter((path) => path !== undefined) });
  try {
    const progress = createProgressLine();
    if (request.kind === "status") {
      if (request.clearCache) {
        const { entries, bytes, folder } = await host.clearAnswers();
        const words = `Cleared ${entries} ${entries === 1 ? "answer" : "answers"} of models (${bytes} bytes) from ${folder}`;
        process.stdout.write(json ? `${JSON.stringify({ cleared: { entries, bytes, folder } })}\n` : `${words}\n`);
        return 0;
      }
      const status = await host.diagnose({ signal, progress: (...step) => progress.show(...step) }).finally(() => progress.clear());
      process.stdout.write(json ? `${JSON.stringify(status)}\n` : `${renderStatus(status)}\n`);
      return 0;
    }
    return await answerFiles(request, files, {
      json,
      output,
      stream: settings.stream === true,
      progress,
      signal,
      context: async (call) => ({ ...(await host.context(call)), ...(pictures === undefined ? {} : { store: pictures }) }),
    });
  } finally {
    await host.close();
  }
}

async function runQueueCommand(
  request: QueueRequest,
  settings: Settings,
  { json, signal }: { readonly json: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const [{ createHost }, { startTracing }] = await Promise.all([import("@sightline/local"), import("@sightline/local/telemetry")]);
  const log = createLog(process.stderr, "sightline", settings.log ?? "words");
  if (request.kind === "jobs") {
    const host = createHost(settings, { log });
    try {
      const { showJobs } = await import("./queue/jobs.ts");
      process.stdout.write(`${await showJobs(host, { retry: request.retry, json })}\n`);
      return 0;
    } finally {
      await host.close();
    }
  }
  const { startWorker } = await import("./queue/worker.ts");
  const endTracing = await startTracing("sightline-worker", ownVersion(), process.env, log);
  try {
    await startWorker({ settings, version: ownVersion(), createHost, metrics: request.metrics, signal, log });
    return 0;
  } finally {
    await endTracing();
  }
}

async function runBatchCommand(
  request: BatchRequest,
  settings: Settings,
  { json, signal }: { readonly json: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const [{ createHost }, { findFiles }, { runBatch }, { createReport }, { renderSummary }] = await Promise.all([
    import("@sightline/local"),
    import("./batch/find-files.ts"),
    import("./batch/batch.ts"),
    import("./batch/report.ts"),
    import("./batch/summary.ts"),
  ]);
  const found = await findFiles(request.paths);
  const host = createHost(settings, { log, files: found.files });
  try {
    const summary = await runBatch(request, { found, settings, version: ownVersion(), host, report: createReport(), signal });
    process.stdout.write(json ? `${JSON.stringify(summary)}\n` : `${renderSummary(summary)}\n`);
    signal.throwIfAborted();
    const first = summary.gave_up ?? summary.failures[0];
    return first === undefined ? 0 : exitCodeOfKind(first.kind);
  } finally {
    await host.close();
  }
}

const args = process.argv.slice(2);
const ending = new AbortController();
const signals = { SIGINT: new Ended("cancelled", 130), SIGTERM: new Ended("terminated", 143) };
for (const [signal, ended] of Object.entries(signals)) {
  process.on(signal, () => {
    // Asked a second time, it does not wait for anything.
    if (ending.signal.aborted) process.exit(ended.exitCode);
    ending.abort(ended);
  });
}
// `sightline … | head` has read enough: nothing failed.
process.stdout.on("error", (error: NodeJS.ErrnoException) =>
  ending.abort(error.code === "EPIPE" ? new Ended("the reader went away", 0) : error),
);

try {
  process.exitCode = await run(args, ending.signal);
} catch (error) {
  const { reason } = ending.signal as { reason: unknown };
  if (reason instanceof Ended) {
    process.exitCode = reason.exitCode;
    if (reason.exitCode !== 0) process.stderr.write(`sightline: ${reason.message}\n`);
  } else {
    process.stderr.write(formatFailure(error, { json: args.includes("--json") }));
    process.exitCode = exitCodeOf(error);
  }
}
