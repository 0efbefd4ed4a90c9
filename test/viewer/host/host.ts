/**
 * A host of MCP Apps, in a browser: what a chat shows when a tool has a page of its own. Built on the project's own AppBridge, in the steps of the specification; its basic-host
 * example is in no published package.
 */
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { AppBridge, getToolUiResourceUri, PostMessageTransport, RESOURCE_MIME_TYPE } from "@modelcontextprotocol/ext-apps/app-bridge";

export interface HostRequest {
  readonly tool: string;
  readonly arguments: Record<string, unknown>;
  readonly theme: "light" | "dark";
  /** Where the sandbox lives: another origin than the host's. */
  readonly sandbox: string;
}

async function show({ tool: name, arguments: args, theme, sandbox }: HostRequest): Promise<void> {
  const client = new Client({ name: "test-host", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(new StreamableHTTPClientTransport(new URL("/mcp", location.href)));
  const { tools } = await client.listTools();
  const tool = tools.find((each) => each.name === name);
  const uri = tool && getToolUiResourceUri(tool);
  if (tool === undefined || uri === undefined) throw new Error(`${name} has no page`);
  const [content] = (await client.readResource({ uri })).contents;
  if (content === undefined || !("text" in content) || content.mimeType !== RESOURCE_MIME_TYPE) throw new Error(`${uri} is no page`);

  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms");
  const proxied = new Promise<void>((resolve) => {
    addEventListener("message", ({ source, data }: MessageEvent<{ method?: string }>) => {
      if (source === frame.contentWindow && data.method === "ui/notifications/sandbox-proxy-ready") resolve();
    });
  });
  frame.src = sandbox;
  document.body.append(frame);
  await proxied;
  if (frame.contentWindow === null) throw new Error("no sandbox");

  const bridge = new AppBridge(
    client,
    { name: "test-host", version: "1.0.0" },
    { serverTools: {}, serverResources: {} },
    {
      hostContext: { theme, toolInfo: { tool } },
    },
  );
  const initialized = new Promise<void>((resolve) => (bridge.oninitialized = () => resolve()));
  bridge.onsizechange = ({ height }) => {
    if (height !== undefined) frame.style.height = `${height}px`;
  };
  await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
  await bridge.sendSandboxResourceReady({ html: content.text });
  await initialized;
  await bridge.sendToolInput({ arguments: args });
  await bridge.sendToolResult(await client.callTool({ name, arguments: args }, { timeout: 60_000 }));
}

Object.assign(globalThis, { show });
