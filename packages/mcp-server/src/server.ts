import { McpServer } from "@modelcontextprotocol/server";
import { callTool } from "./call-tool.ts";
import type { CallObserver } from "./calls.ts";
import type { Host } from "./host.ts";
import { inputJsonSchema, listed, longOutputJsonSchema, outputJsonSchema } from "./json-schema.ts";
import type { Links } from "./links.ts";
import type { LongWork } from "./long-work.ts";
import { annotations, INSTRUCTIONS } from "./policy.ts";
import { registerPrompts } from "./prompts.ts";
import { registerFiles } from "./resources.ts";
import type { Tool } from "./tool.ts";

export interface ServerSettings {
  readonly version: string;
  readonly tools: readonly Tool[];
  /** The machine's eyes, started by the first call that needs them. */
  host(): Promise<Host>;
  readonly longWork: LongWork;
  readonly links: Links;
  /** True when results show pictures instead of naming where they lie. */
  readonly showPictures: boolean;
  /** Told what whoever runs the server should see: defects, which agents cannot mend. */
  log(words: string): void;
  readonly observe?: CallObserver;
}

/** An MCP server with every task as a tool, for one connection of either protocol era. */
export function createServer(settings: ServerSettings): McpServer {
  const unchanging = { listChanged: false };
  const server = new McpServer(
    { name: "sightline", title: "Sightline", version: settings.version },
    { instructions: INSTRUCTIONS, capabilities: { tools: unchanging, prompts: unchanging, resources: unchanging } },
  );
  for (const tool of settings.tools) {
    // A tool that shows pictures has no structured content, and one with a schema would have to.
    const shows = settings.showPictures && tool.savesPictures === true;
    const output = (): Record<string, unknown> => (tool.long === true ? longOutputJsonSchema(tool.output) : outputJsonSchema(tool.output));
    server.registerTool(
      tool.name,
      {
        title: tool.title,
        description: tool.description,
        inputSchema: listed(() => inputJsonSchema(tool.input, tool.defaults)),
        ...(shows ? {} : { outputSchema: listed(output) }),
        annotations: annotations(tool),
      },
      (args, context) => callTool(tool, args, { ...settings, showPictures: shows }, context.mcpReq),
    );
  }
  registerPrompts(server, settings);
  registerFiles(server, settings);
  return server;
}
