import { inspect } from "node:util";
import { McpServer, type CallToolResult, type ServerContext } from "@modelcontextprotocol/server";
import { isSightlineError, tasks } from "@sightline/core";
import type { CallObserver, CallOutcome } from "./calls.ts";
import type { Host } from "./host.ts";
import { inputJsonSchema, listed, outputJsonSchema } from "./json-schema.ts";
import { operations } from "./operations.ts";
import { annotations, INSTRUCTIONS } from "./policy.ts";
import { SILENT, startProgress, type Progress } from "./progress.ts";
import { toErrorResult, toResult } from "./result.ts";
import { taskTool } from "./task-tool.ts";
import type { Tool } from "./tool.ts";

/** In the order agents see them, the same on every start. */
const TOOLS: readonly Tool[] = [...tasks.filter((task) => task.doors.includes("mcp")).map(taskTool), ...operations];

export interface ServerSettings {
  readonly version: string;
  /** The machine's eyes, started by the first call that needs them. */
  host(): Promise<Host>;
  /** Told what whoever runs the server should see: defects, which agents cannot mend. */
  log(words: string): void;
  readonly observe?: CallObserver;
}

/** An MCP server with every task as a tool, for one connection of either protocol era. */
export function createServer(settings: ServerSettings): McpServer {
  const server = new McpServer(
    { name: "sightline", title: "Sightline", version: settings.version },
    { instructions: INSTRUCTIONS, capabilities: { tools: { listChanged: false } } },
  );
  for (const tool of TOOLS) {
    server.registerTool(
      tool.name,
      {
        title: tool.title,
        description: tool.description,
        inputSchema: listed(() => inputJsonSchema(tool.input, tool.defaults)),
        outputSchema: listed(() => outputJsonSchema(tool.output)),
        annotations: annotations(tool.reach),
      },
      (args, context) => answer(tool, args, settings, context),
    );
  }
  return server;
}

async function answer(
  tool: Tool,
  args: Readonly<Record<string, unknown>>,
  settings: ServerSettings,
  { mcpReq }: ServerContext,
): Promise<CallToolResult> {
  const progress = progressTo(mcpReq);
  const began = performance.now();
  const ended = (outcome: CallOutcome): void => settings.observe?.(tool.name, outcome, (performance.now() - began) / 1000);
  try {
    const call = { signal: mcpReq.signal, progress: progress.report };
    const result = await toResult(await tool.call(args, await settings.host(), call));
    ended("answered");
    return result;
  } catch (error) {
    if (!isSightlineError(error) && !mcpReq.signal.aborted) settings.log(`${tool.name}: ${inspect(error)}`);
    ended(mcpReq.signal.aborted ? "cancelled" : "failed");
    return toErrorResult(error);
  } finally {
    progress.stop();
  }
}

function progressTo({ _meta, notify }: ServerContext["mcpReq"]): Progress {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return SILENT;
  return startProgress((update) => {
    // A client that has gone is the transport's business.
    notify({ method: "notifications/progress", params: { progressToken, ...update } }).catch(() => {});
  });
}
