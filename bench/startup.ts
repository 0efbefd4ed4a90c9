/**
 * What starting the MCP server costs: from `spawn` to the answer of `tools/list`, beside a bare 12-tool server on the same SDK bundled the same way,
 * measured in turns; and the resident memory of the whole process tree, idle after that answer.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { BIN_BANNER, BIN_OPTIONS } from "../scripts/build/bundle.ts";
import { residentMb } from "../test/tools/process-tree.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SERVER = path.join(ROOT, "packages/mcp-server/dist/sightline-mcp.js");

/** Servers that people have: one without pictures, one whose business they are. As npm installs them. */
const others = (folder: string): Readonly<Record<string, Command>> => ({
  "@modelcontextprotocol/server-filesystem": [installed("@modelcontextprotocol/server-filesystem/dist/index.js"), folder],
  "@z_ai/mcp-server": [installed("@z_ai/mcp-server/build/index.js")],
});

function installed(file: string): string {
  return path.join(ROOT, "node_modules", file);
}

/** Idle means: some time after the last answer, so that what a server starts late is counted. */
const SETTLE_MS = 500;

const BARE_SERVER = `
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import * as z from "zod";
serveStdio(() => {
  const server = new McpServer({ name: "bare", version: "1.0.0" });
  for (let index = 1; index <= 12; index++) {
    server.registerTool(
      "tool_" + index,
      {
        title: "Tool " + index,
        description: "Takes a picture and says what it shows.",
        inputSchema: z.object({ image: z.string().describe("A path"), detail: z.enum(["brief", "full"]).default("brief"), language: z.string().optional() }),
        outputSchema: z.object({ text: z.string(), width: z.number(), height: z.number(), warnings: z.array(z.string()) }),
      },
      async () => ({ content: [], structuredContent: { text: "", width: 1, height: 1, warnings: [] } }),
    );
  }
  return server;
});
`;

const OPENING = [
  {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bench", version: "1.0.0" } },
  },
  { jsonrpc: "2.0", method: "notifications/initialized" },
  { jsonrpc: "2.0", id: 2, method: "tools/list" },
];

interface Start {
  /** From `spawn` to the answer of `tools/list`, in ms. */
  readonly ms: number;
  /** Tools in that answer. */
  readonly tools: number;
  /** Resident set of the process and everything it started, in MB. */
  readonly idleMb: number;
}

/** A server's file and what follows it. */
type Command = readonly [server: string, ...args: string[]];

async function start(command: Command, settleMs: number): Promise<Start> {
  const began = performance.now();
  // What others print while they start is not ours to show; z.ai's wants a key before it lists its tools, and is never asked to use it.
  const env = { ...process.env, Z_AI_API_KEY: "none", Z_AI_MODE: "ZAI" };
  const child = spawn(process.execPath, command, { stdio: ["pipe", "pipe", "ignore"], env });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.stdin.write(OPENING.map((message) => `${JSON.stringify(message)}\n`).join(""));
  for await (const line of createInterface({ input: child.stdout })) {
    const answer = line.startsWith("{") ? (JSON.parse(line) as { id?: number; result?: { tools?: unknown[] } }) : undefined;
    if (answer?.id !== 2) continue;
    const ms = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const idleMb = await residentMb(child.pid as number);
    child.stdin.end();
    await gone;
    return { ms, tools: answer.result?.tools?.length ?? 0, idleMb };
  }
  throw new Error(`${command.join(" ")} ended without an answer`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export interface StartupFigures {
  /** Medians, ms. */
  readonly serverMs: number;
  readonly bareMs: number;
  readonly othersMs: Readonly<Record<string, number>>;
  readonly ratio: number;
  readonly rounds: number;
  readonly tools: number;
  readonly idleMb: number;
  readonly bareIdleMb: number;
}

export async function measureStartup(rounds = 25): Promise<StartupFigures> {
  const folder = await mkdtemp(path.join(tmpdir(), "sightline-bench-"));
  try {
    const bare = path.join(folder, "bare.mjs");
    await build({
      ...BIN_OPTIONS,
      // Where the SDK is installed.
      stdin: { contents: BARE_SERVER, resolveDir: path.join(ROOT, "packages/mcp-server/src"), loader: "js" },
      banner: { js: BIN_BANNER },
      outfile: bare,
    });
    const commands: Readonly<Record<string, Command>> = { bare: [bare], server: [SERVER], ...others(folder) };
    // Once each unmeasured: the first start reads the files from the disk.
    for (const command of Object.values(commands)) await start(command, 0);
    const times = new Map<string, number[]>();
    for (let round = 0; round < rounds; round++) {
      for (const [name, command] of Object.entries(commands)) times.set(name, [...(times.get(name) ?? []), (await start(command, 0)).ms]);
    }
    const [idle, bareIdle] = [await start([SERVER], SETTLE_MS), await start([bare], SETTLE_MS)];
    const {
      bare: bareMs = Number.NaN,
      server: serverMs = Number.NaN,
      ...othersMs
    } = Object.fromEntries([...times].map(([name, each]) => [name, median(each)]));
    return {
      serverMs,
      bareMs,
      othersMs,
      ratio: serverMs / bareMs,
      rounds,
      tools: idle.tools,
      idleMb: idle.idleMb,
      bareIdleMb: bareIdle.idleMb,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Written so that a figure that could not be measured counts as missed. */
export function keepsStartup({ ratio, serverMs, othersMs, idleMb }: StartupFigures): boolean {
  return ratio <= 1.25 && Object.values(othersMs).every((ms) => serverMs < ms) && idleMb <= 85;
}

export function describeStartup({ serverMs, bareMs, othersMs, ratio, rounds, tools, idleMb, bareIdleMb }: StartupFigures): string {
  const beside = Object.entries(othersMs).map(([name, ms]) => `${ms.toFixed(1)} ms ${name}`);
  return [
    `start the MCP server until tools/list is answered: ${serverMs.toFixed(1)} ms with ${tools} tools, ${bareMs.toFixed(1)} ms a bare server with 12, ratio ${ratio.toFixed(2)} (bound 1.25; medians of ${rounds} rounds in turns)`,
    `  beside it: ${beside.join(", ")} (bound: slower than ours)`,
    `idle memory of its process tree after that: ${idleMb.toFixed(1)} MB, the bare server's ${bareIdleMb.toFixed(1)} MB (bound 85 MB)`,
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(describeStartup(await measureStartup()));
