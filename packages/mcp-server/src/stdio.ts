import type { McpServer } from "@modelcontextprotocol/server";
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import type { Settings } from "@sightline/local/settings";
import { chooseTools } from "./choose-tools.ts";
import { lazyHost } from "./host.ts";
import { PATHS } from "./links.ts";
import { createLongWork } from "./long-work.ts";
import type { Serving, Started } from "./run.ts";
import { createServer } from "./server.ts";
import { createAssets } from "./viewer/assets.ts";

/** Time for the host's child processes to end before this one does. */
const CLOSE_MS = 3_000;

/** One client, at the other end of standard input and output. */
export async function serveOverStdio(settings: Settings, { version, wire, log, assets: folder }: Started): Promise<Serving> {
  const host = lazyHost(settings, { log });
  const longWork = createLongWork({ answerWithinMs: settings.answerWithin * 1000, replicas: settings.redis !== undefined, host: host.get });
  const tools = chooseTools(settings.tools);
  const showPictures = settings.pictures === "inline";
  const assets = createAssets(folder);
  const create = () => createServer({ version, tools, host: host.get, longWork, links: PATHS, showPictures, assets, log });
  const connection = await connect(settings.protocol, create, {
    transport: new StdioServerTransport(process.stdin, wire),
    onerror: (error) => log("the protocol", error),
  });
  return {
    // A host goes by closing our input; not all of them send a signal after it.
    over: new Promise((resolve) => process.stdin.once("end", resolve).once("close", resolve)),
    closeMs: CLOSE_MS,
    async close() {
      await connection.close();
      await longWork.close();
      await host.close();
      process.stdin.destroy();
    },
  };
}

interface Wiring {
  readonly transport: StdioServerTransport;
  onerror(error: Error): void;
}

async function connect(protocol: Settings["protocol"], create: () => McpServer, wiring: Wiring): Promise<{ close(): Promise<void> }> {
  if (protocol !== "legacy") return serveStdio(create, wiring);
  const server = create();
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- it is no event target
  server.server.onerror = wiring.onerror;
  await server.connect(wiring.transport);
  return server;
}
