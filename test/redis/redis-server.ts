/** A real Redis of Debian's, on a port and a folder of its own. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../tools/free-port.ts";

/** Undefined where the program is there; else why tests that need it are skipped. */
export const NO_REDIS =
  spawnSync("redis-server", ["--version"]).status === 0 ? undefined : "redis-server is missing: apt-get install redis-server";

export interface RedisServer {
  readonly url: string;
  readonly pid: number;
  /** Ends it as a power cut does, and starts it again on what its append-only file has. */
  restart(options?: { readonly awayMs?: number }): Promise<void>;
  /** Ends it, and leaves what it has. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startRedis(args: readonly string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(path.join(tmpdir(), "sightline-redis-"));
  const port = await freePort();
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    child = spawn(
      "redis-server",
      ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", "--save", "", "--loglevel", "warning", ...args],
      { stdio: "ignore" },
    );
    for (;;) {
      const socket = connect(port, "127.0.0.1");
      const answers = await new Promise<boolean>((resolve) => {
        socket.once("connect", () => socket.write("PING\r\n"));
        socket.once("data", (data) => resolve(/PONG|NOAUTH/.test(data.toString())));
        socket.once("error", () => resolve(false));
      });
      socket.destroy();
      if (answers) return;
      if (child.exitCode !== null) throw new Error("redis-server ended");
      await sleep(50);
    }
  }

  async function stop(): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return child?.pid ?? 0;
    },
    async restart({ awayMs = 0 } = {}) {
      await stop();
      await sleep(awayMs);
      await start();
    },
    start,
    stop,
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
