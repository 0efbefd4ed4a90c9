import type { Writable } from "node:stream";
import { inspect } from "node:util";
import { isSightlineError } from "@sightline/core/errors";
import { loadSettings, type FlagValues } from "@sightline/local/settings";
import { parseCommandLine, usage } from "./command-line.ts";
import { serveOverStdio } from "./stdio.ts";

/** What a program has from its process. */
export interface Program {
  readonly version: string;
  /** Standard output, which is the protocol's. */
  readonly wire: Writable;
  /** Where the build lays what people are shown, with a slash at its end. */
  readonly assets: URL;
  /** Tells whoever runs the server. */
  log(words: string): void;
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
    else keepServing(await serve(command.flags, program), program);
  } catch (error) {
    if (!isSightlineError(error)) throw error;
    program.log([error.message, ...(error.hint === undefined ? [] : [error.hint])].join("\n"));
    process.exitCode = error.kind === "InputError" ? 2 : 3;
  }
}

async function serve(flags: FlagValues, program: Program): Promise<Serving> {
  const settings = await loadSettings({ flags, env: process.env });
  if (settings.http === undefined) return serveOverStdio(settings, program);
  // Loaded now: over standard input and output none of it is needed.
  const { serveOverHttp } = await import("./http/serve.ts");
  return serveOverHttp(settings, settings.http, program);
}

function keepServing(serving: Serving, { log }: Program): void {
  let closing = false;
  function close(): void {
    if (closing) return;
    closing = true;
    // Unreferenced: it ends the process only when something else keeps it alive.
    setTimeout(() => process.exit(), serving.closeMs).unref();
    serving.close().catch((error: unknown) => log(inspect(error)));
  }
  void serving.over.then(close);
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, close);
  // A defect in one call must not end the others'. It is told, and the call it belongs to still has its deadline.
  process.on("unhandledRejection", (reason) => log(`unhandled rejection: ${inspect(reason)}`));
}
