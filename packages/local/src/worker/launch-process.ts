import { fork, type ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { ENTRY, LOG_BYTES, type Launch } from "./launch.ts";
import type { WorkerMessage } from "./protocol.ts";
import { sourceFlags } from "./run-source.ts";

/** All a worker gets of our environment: where programs, fonts and temporary files are. No API key reaches code that handles untrusted bytes. */
const PASSED_ON = [
  "PATH",
  "HOME",
  "LANG",
  "LC_ALL",
  "TZ",
  "TMPDIR",
  "TEMP",
  "TMP",
  "LD_LIBRARY_PATH",
  "SystemRoot",
  "windir",
  "USERPROFILE",
  "LOCALAPPDATA",
  "FONTCONFIG_PATH",
  "FONTCONFIG_FILE",
  "XDG_CACHE_HOME",
];

function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const name of PASSED_ON) if (process.env[name] !== undefined) env[name] = process.env[name];
  // glibc's arenas per thread keep freed pixels from the system; two are enough for two threads and halve the resident memory.
  env["MALLOC_ARENA_MAX"] = "2";
  // Inside Electron, node's own executable is Electron's.
  if (process.versions["electron"] !== undefined) env["ELECTRON_RUN_AS_NODE"] = "1";
  return env;
}

/** A worker stuck in a loop does not notice that its parent went away; these are ended with us. */
const alive = new Set<ChildProcess>();
function endWithUs(child: ChildProcess): void {
  if (alive.size === 0) process.once("exit", endAll);
  alive.add(child);
  child.once("close", () => {
    alive.delete(child);
    if (alive.size === 0) process.removeListener("exit", endAll);
  });
}
function endAll(): void {
  for (const child of alive) child.kill("SIGKILL");
}

/** A child process, ended by SIGKILL: the only thing that stops a native decoder. */
export const launchProcess: Launch = (module, events) => {
  const child = fork(fileURLToPath(ENTRY), [module], {
    serialization: "advanced",
    env: environment(),
    execArgv: [...sourceFlags(), "--no-deprecation"],
    // Our stdout belongs to the MCP protocol or the CLI's answer: nothing a library prints may reach it.
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  endWithUs(child);
  let log = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (log = (log + chunk).slice(-LOG_BYTES)));
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let exited = false;
  const onExit = (how: string): void => {
    if (exited) return;
    exited = true;
    events.onExit(how, log);
  };
  child.on("message", (message) => events.onMessage(message as WorkerMessage));
  child.on("error", (error) => onExit(error.message));
  child.on("close", (code, signal) => onExit(signal === null ? `exit code ${code}` : `signal ${signal}`));

  return {
    send: (message) => {
      // A worker that is already gone reports that through `close`.
      child.send(message, () => {});
    },
    memory: async () => (child.pid === undefined || exited ? undefined : residentMemory(child.pid)),
    memoryEveryMs: process.platform === "linux" ? 50 : 250,
    kill: async () => {
      // Without a pid it never started, and no `close` will come.
      if (exited || child.pid === undefined) return;
      // An idle worker does not hold this process up; one that is waited for must, or the wait ends with it.
      child.ref();
      (child.stderr as Socket | null)?.ref();
      child.kill("SIGKILL");
      await gone;
    },
    hold: (alive) => {
      for (const each of [child, child.channel, child.stderr as Socket | null]) {
        if (alive) each?.ref();
        else each?.unref();
      }
    },
  };
};

/** Linux tells it for the price of a file read; elsewhere pidusage asks `ps` or PowerShell. */
async function residentMemory(pid: number): Promise<number | undefined> {
  try {
    if (process.platform === "linux") {
      const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
      return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
    }
    const { default: pidusage } = await import("pidusage");
    return (await pidusage(pid)).memory;
  } catch {
    return undefined; // It ended between two looks: its exit says so.
  }
}
