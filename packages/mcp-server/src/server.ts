import { McpServer, type RequestId } from "@modelcontextprotocol/server";
import type { Log } from "@sightline/local/log";
import type { CallObserver } from "./calls.ts";
import type { Host } from "./host.ts";
import type { Links } from "./links.ts";
import type { LongWork } from "./long-work.ts";
import { listed } from "./listed-schema.ts";
import type { ListedTool } from "./listed-tools.ts";
import { INSTRUCTIONS } from "./policy.ts";
import { registerPrompts } from "./prompts.ts";
import { registerFiles } from "./resources.ts";
import type { Assets } from "./viewer/assets.ts";
import { registerViewer, VIEWER_URI } from "./viewer/register-viewer.ts";

export interface ServerSettings {
  readonly version: string;
  readonly tools: readonly ListedTool[];
  /** The machine's eyes, started by the first call that needs them. */
  host(): Promise<Host>;
  readonly longWork: LongWork;
  readonly links: Links;
  /** True when results show pictures instead of naming where they lie. */
  readonly showPictures: boolean;
  readonly assets: Assets;
  /** Told what whoever runs the server should see: defects, which agents cannot mend. */
  readonly log: Log;
  readonly observe?: CallObserver;
  /** Where a call's cancelling comes by another way than its own request: until the function it returns is called, `stop` ends with it. */
  readonly follow?: (id: RequestId, stop: AbortController) => () => void;
}

/** An MCP server with every task as a tool, for one connection of either protocol era. */
export function createServer(settings: ServerSettings): McpServer {
  const unchanging = { listChanged: false };
  const server = new McpServer(
    { name: "sightline", title: "Sightline", version: settings.version },
    { instructions: INSTRUCTIONS, capabilities: { tools: unchanging, prompts: unchanging, resources: unchanging } },
  );
  for (const { name, title, description, inputSchema, outputSchema, annotations, savesPictures, shows } of settings.tools) {
    // A tool that shows pictures has no structured content, and one with a schema would have to.
    const showPictures = settings.showPictures && savesPictures;
    server.registerTool(
      name,
      {
        title,
        description,
        inputSchema: listed(inputSchema),
        ...(showPictures ? {} : { outputSchema: listed(outputSchema) }),
        annotations,
        // For hosts that show MCP Apps; to all others it says nothing.
        ...(shows ? { _meta: { ui: { resourceUri: VIEWER_URI } } } : {}),
      },
      async (args, { mcpReq }) => {
        // Loaded by the first call, with the tasks: a list needs none of it.
        const { callTool } = await import("./call-tool.ts");
        return callTool(name, args, { ...settings, showPictures }, mcpReq);
      },
    );
  }
  registerPrompts(server, settings);
  registerFiles(server, settings);
  registerViewer(server, settings);
  return server;
}
