import type { Writable } from "node:stream";
import { isSightlineError } from "@sightline/core/errors";
import { createLog, type Log, type LogFormat } from "@sightline/local/log";
import { loadSettings, type FlagValues, type Settings } from "@sightline/local/settings";
import { parseCommandLine, usage } from "./command-line.ts";
import { serveOverStdio } from "./stdio.ts";

/** What a program has from its process. */
export interface Program {
  readonly version: string;
  /** Standard output, which is the protocol's. */
  readonly wire: Writable;
  /** Where the build lays what people are shown, with a slash at its end. */
  readonly assets: URL;
}

/** A program that is set up. */
export interface Started extends Program {
  /** Tells whoever runs the server: hosts keep standard error in their log. */
  readonly log: Log;
}

/** A server that runs. */
export interface Serving {
  /** Ends it with all it started. */
  close(): Promise<void>;
  /** Resolves when its only client has gone; a server with many never does. */
  readonly over: Promise<void>;
  /** Time to end in, ms; then the process goes anyway. */
  readonly closeMs: number;
}

/** The program: what the command line asks for. */
export async function run(args: readonly string[], program: Program): Promise<void> {
  try {
    const command = parseCommandLine(args);
    if (command.kind === "help") program.wire.write(`${usage()}\n`);
    else if (command.kind === "version") program.wire.write(`${program.version}\n`);
    else await serve(command.flags, program);
  } catch (error) {
    if (!isSightlineError(error)) throw error;
    logOf("words")([error.message, ...(error.hint === undefined ? [] : [error.hint])].join("\n"));
    process.exitCode = error.kind === "InputError" ? 2 : 3;
  }
}

const logOf = (format: LogFormat): Log => createLog(process.stderr, "sightline-mcp", format);

async function serve(flags: FlagValues, program: Program): Promise<void> {
  const settings = await loadSettings({ flags, env: process.env });
  const started = { ...program, log: logOf(settings.log ?? "words") };
  const endTracing = await tracing(program.version, started.log);
  const serving = settings.http === undefined ? await serveOverStdio(settings, started) : await listen(settings, settings.http, started);
  async function close(): Promise<void> {
    await serving.close();
    await endTracing();
  }
  keepServing({ ...serving, close }, started);
}

async function listen(settings: Settings, address: NonNullable<Settings["http"]>, program: Started): Promise<Serving> {
  // Loaded now: over standard input and output none of it is needed.
  const { serveOverHttp } = await import("./http/serve.ts");
  return serveOverHttp(settings, address, program);
}

/** Loads nothing unless the environment asks for traces. */
async function tracing(version: string, log: Log): Promise<() => Promise<void>> {
  if (!Object.keys(process.env).some((name) => name.startsWith("OTEL_EXPORTER_OTLP"))) return () => Promise.resolve();
  const { startTracing } = await import("@sightline/local/telemetry");
  return startTracing("sightline-mcp", version, process.env, log);
}

function keepServing(serving: Serving, { log }: Started): void {
  let closing = false;
  function close(): void {
    if (closing) return;
    closing = true;
    // Unreferenced: it ends the process only when something else keeps it alive.
    setTimeout(() => process.exit(), serving.closeMs).unref();
    serving.close().catch((error: unknown) => log("ending", error));
  }
  void serving.over.then(close);
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, close);
  // A defect in one call must not end the others'. It is told, and the call it belongs to still has its deadline.
  process.on("unhandledRejection", (reason) => log("unhandled rejection", reason));
}
