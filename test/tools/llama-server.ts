import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { freePort } from "./free-port.ts";
import { writeRandomVisionModel } from "./random-vision-model.ts";

/** A real llama-server's program: `SIGHTLINE_LLAMA_SERVER`. Undefined where there is none: tests that need it skip and say so. */
export function llamaServerProgram(): string | undefined {
  const program = process.env["SIGHTLINE_LLAMA_SERVER"] || undefined;
  if (program === undefined)
    console.warn("Skipped: no real llama-server. To enable: SIGHTLINE_LLAMA_SERVER=$(test/tools/get-llama-server.sh /tmp/llama-server)");
  return program;
}

/** One model of random weights behind two servers. Its words are noise; all else is real. */
export interface LlamaServers {
  /** Base URL of the one that sees; it wants the key `right`. */
  readonly seeing: string;
  /** Base URL of the one without a projector. */
  readonly blind: string;
  close(): Promise<void>;
}

/** Context they are started with, in tokens. */
export const LLAMA_CONTEXT = 2048;

export async function startLlamaServers(program: string): Promise<LlamaServers> {
  const folder = await mkdtemp(join(tmpdir(), "sightline-llama-"));
  const { text, projector } = writeRandomVisionModel(folder);
  const started: ChildProcess[] = [];

  /** Starts a server and waits until it has loaded its model; resolves to its base URL. */
  async function start(...options: string[]): Promise<string> {
    const port = await freePort();
    const always = ["--host", "127.0.0.1", "--port", String(port), "--no-webui", "--ctx-size", String(LLAMA_CONTEXT), "--threads", "1"];
    started.push(spawn(program, [...options, ...always], { stdio: "ignore" }));
    await vi.waitFor(
      async () => {
        const { status } = await fetch(`http://127.0.0.1:${port}/health`);
        if (status !== 200) throw new Error(`llama-server says HTTP ${status}`);
      },
      { timeout: 30_000 },
    );
    return `http://127.0.0.1:${port}/v1`;
  }

  async function close(): Promise<void> {
    for (const server of started) server.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }

  try {
    const [seeing, blind] = await Promise.all([start("-m", text, "--mmproj", projector, "--api-key", "right"), start("-m", text)]);
    return { seeing, blind, close };
  } catch (error) {
    await close();
    throw error;
  }
}
