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

async function start(server: string, settleMs: number): Promise<Start> {
  const began = performance.now();
  const child = spawn(process.execPath, [server], { stdio: ["pipe", "pipe", "inherit"] });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.stdin.write(OPENING.map((message) => `${JSON.stringify(message)}\n`).join(""));
  for await (const line of createInterface({ input: child.stdout })) {
    const answer = JSON.parse(line) as { id?: number; result?: { tools?: unknown[] } };
    if (answer.id !== 2) continue;
    const ms = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const idleMb = await residentMb(child.pid as number);
    child.stdin.end();
    await gone;
    return { ms, tools: answer.result?.tools?.length ?? 0, idleMb };
  }
  throw new Error(`${server} ended without an answer`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export interface StartupFigures {
  /** Medians, ms. */
  readonly serverMs: number;
  readonly bareMs: number;
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
    // Once each unmeasured: the first start reads the files from the disk.
    await start(bare, 0);
    await start(SERVER, 0);
    const times: { bare: number[]; server: number[] } = { bare: [], server: [] };
    for (let round = 0; round < rounds; round++) {
      times.bare.push((await start(bare, 0)).ms);
      times.server.push((await start(SERVER, 0)).ms);
    }
    const [idle, bareIdle] = [await start(SERVER, SETTLE_MS), await start(bare, SETTLE_MS)];
    const [serverMs, bareMs] = [median(times.server), median(times.bare)];
    return { serverMs, bareMs, ratio: serverMs / bareMs, rounds, tools: idle.tools, idleMb: idle.idleMb, bareIdleMb: bareIdle.idleMb };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function describeStartup({ serverMs, bareMs, ratio, rounds, tools, idleMb, bareIdleMb }: StartupFigures): string {
  return [
    `start the MCP server until tools/list is answered: ${serverMs.toFixed(1)} ms with ${tools} tools, ${bareMs.toFixed(1)} ms a bare server with 12, ratio ${ratio.toFixed(2)} (bound 1.3; medians of ${rounds} rounds in turns)`,
    `idle memory of its process tree after that: ${idleMb.toFixed(1)} MB, the bare server's ${bareIdleMb.toFixed(1)} MB (bound 90 MB)`,
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(describeStartup(await measureStartup()));
