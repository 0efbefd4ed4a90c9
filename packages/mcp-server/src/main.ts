#!/usr/bin/env node
// First: from here on nothing but the protocol reaches standard output.
import { log, wire } from "./stdout.ts";
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { isSightlineError } from "@sightline/core";
import { loadSettings, type FlagValues } from "@sightline/local/settings";
import { parseCommandLine, usage } from "./command-line.ts";
import { lazyHost } from "./host.ts";
import { createServer } from "./server.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };

/** Time for the host's child processes to end before this one does. */
const CLOSE_MS = 3_000;

try {
  const command = parseCommandLine(process.argv.slice(2));
  if (command.kind === "help") wire.write(`${usage()}\n`);
  else if (command.kind === "version") wire.write(`${version}\n`);
  else await serve(command.flags);
} catch (error) {
  if (!isSightlineError(error)) throw error;
  log([error.message, ...(error.hint === undefined ? [] : [error.hint])].join("\n"));
  process.exitCode = error.kind === "InputError" ? 2 : 3;
}

async function serve(flags: FlagValues): Promise<void> {
  const host = lazyHost(await loadSettings({ flags, env: process.env }));
  const connection = serveStdio(() => createServer({ version, host: host.get, log }), {
    transport: new StdioServerTransport(process.stdin, wire),
    onerror: (error) => log(error.message),
  });

  let closing = false;
  async function end(): Promise<void> {
    // Unreferenced: it ends the process only when something else keeps it alive.
    setTimeout(() => process.exit(), CLOSE_MS).unref();
    await connection.close();
    await host.close();
    process.stdin.destroy();
  }
  function close(): void {
    if (closing) return;
    closing = true;
    end().catch((error: unknown) => log(inspect(error)));
  }
  // A host goes by closing our input; not all of them send a signal after it.
  process.stdin.once("end", close).once("close", close);
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, close);
  // A defect in one call must not end the others'. It is told, and the call it belongs to still has its deadline.
  process.on("unhandledRejection", (reason) => log(`unhandled rejection: ${inspect(reason)}`));
}
