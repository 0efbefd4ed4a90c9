import { Worker } from "node:worker_threads";
import { ENTRY, type Launch } from "./launch.ts";
import type { WorkerMessage } from "./protocol.ts";
import { threadEntry } from "./run-source.ts";

/**
 * A worker thread, ended by `terminate()`, where no child process can be started (Claude Desktop runs extensions in an
 * Electron utility process whose executable is not node). That ends JavaScript and WebAssembly, never native code:
 * libvips.ts refuses to decode with a native sharp in here.
 */
export const launchThread: Launch = (module, events) => {
  const before = process.memoryUsage.rss();
  const { entry, execArgv } = threadEntry(ENTRY);
  // stdout and stderr are not piped to ours, and child.ts prints nothing into them.
  const worker = new Worker(entry, {
    workerData: { module },
    env: {},
    execArgv: [...execArgv, "--no-deprecation"],
    stdout: true,
    stderr: true,
  });
  let how: string | undefined;
  worker.on("message", (message: WorkerMessage) => events.onMessage(message));
  worker.on("error", (error) => (how = error.message));
  worker.on("exit", (code) => events.onExit(how ?? `exit code ${code}`, ""));
  return {
    send: (message) => worker.postMessage(message),
    // A thread has no resident memory of its own: what the process grew by since the thread's start is its upper bound.
    memory: async () => Math.max(0, process.memoryUsage.rss() - before),
    memoryEveryMs: 50,
    kill: async () => {
      await worker.terminate();
    },
    hold: (alive) => {
      if (alive) worker.ref();
      else worker.unref();
    },
  };
};
