import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { createMcpHandler, legacyStatelessFallback, type McpRequestContext, type McpServer } from "@modelcontextprotocol/server";
import { SetupError } from "@sightline/core/errors";
import type { Settings } from "@sightline/local/settings";
import { chooseTools } from "../choose-tools.ts";
import { lazyHost } from "../host.ts";
import { addresses, PATHS } from "../links.ts";
import { createLongWork } from "../long-work.ts";
import type { Serving, Started } from "../run.ts";
import { createServer } from "../server.ts";
import { createAssets } from "../viewer/assets.ts";
import { createAdmission } from "./admission.ts";
import { createApp } from "./app.ts";
import { clientName, createCancellations, named } from "./cancellations.ts";
import { isLoopback } from "./loopback.ts";
import { createMetrics } from "./metrics.ts";

/** Requests under way at a time. Each waits for one of few workers or for the model: more would only time out. */
const LIMITS = { total: 128, perClient: 64 };

/** Largest request at `/mcp`, bytes: a picture as a data: URI. What is larger is uploaded. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** Longest that a request may take to arrive, ms: a large upload over a slow line. */
const REQUEST_MS = 15 * 60_000;

/** How long requests under way may take to be answered once the server is told to go, ms. */
const DRAIN_MS = 10_000;

/**
 * Serves Streamable HTTP without sessions, to any number of clients. SetupError when it cannot listen there, or must not.
 * @param register adds to each server what is not Sightline's own: the fixtures of the conformance suite.
 */
export async function serveOverHttp(
  settings: Settings,
  { host, port }: { host: string; port: number },
  { version, log, assets: folder }: Pick<Started, "version" | "log" | "assets">,
  register: (server: McpServer) => void = () => {},
): Promise<Serving> {
  const loopback = isLoopback(host);
  const token = settings.httpToken;
  if (!loopback && token === undefined) {
    throw new SetupError(`Others than this machine can reach ${host}, and no token keeps them out.`, {
      hint: "Set SIGHTLINE_HTTP_TOKEN to a long random text that clients send as their bearer token, or listen on 127.0.0.1.",
    });
  }
  // Paths mean nothing to callers on other machines, and are not theirs to read.
  const admission = createAdmission(LIMITS);
  const metrics = createMetrics(() => admission.count);
  const eyes = lazyHost(settings, { paths: loopback, log, observer: metrics.host });
  const replicas = settings.redis !== undefined;
  const longWork = createLongWork({ answerWithinMs: settings.answerWithin * 1000, replicas, host: eyes.get });
  const tools = chooseTools(settings.tools);
  const assets = createAssets(folder);
  let draining = false;

  const onerror = (error: Error): void => log("the protocol", error);
  const cancellations = createCancellations();
  function create({ requestInfo }: McpRequestContext): McpServer {
    const client = requestInfo === undefined ? undefined : clientName(requestInfo);
    const created = createServer({
      version,
      tools,
      host: eyes.get,
      longWork,
      links: requestInfo === undefined ? PATHS : addresses(new URL(requestInfo.url).origin),
      showPictures: settings.pictures === "inline",
      assets,
      log,
      observe: metrics.called,
      ...(client === undefined ? {} : { follow: (id, stop) => cancellations.follow(client, id, stop) }),
    });
    if (client !== undefined) {
      created.server.setNotificationHandler("notifications/cancelled", ({ params: { requestId } }) => {
        if (requestId !== undefined) cancellations.cancel(client, requestId);
      });
    }
    register(created);
    return created;
  }
  const handler = createMcpHandler(create, { maxRequestBodySize: MAX_BODY_BYTES, onerror });
  const mcp =
    settings.protocol === "legacy" ? legacyStatelessFallback(create, onerror, { maxRequestBodySize: MAX_BODY_BYTES }) : handler.fetch;
  const app = createApp({
    loopback,
    token,
    admission,
    metrics,
    counts: replicas ? async () => (await (await eyes.get()).shared())?.counts() : undefined,
    log,
    ready: () => !draining,
    mcp: async (request) => named(request, await mcp(request)),
    files: async () => (await eyes.get()).files,
    corrections: settings.keepCorrections === undefined ? undefined : eyes.get,
    assets,
  });

  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: { requestTimeout: REQUEST_MS } }) as Server;
  // From here on it begins anew what a replica leaves behind. One that shares nothing, though it is told to, must not answer.
  try {
    if (replicas) await longWork.jobs();
    await listen(server, host, port);
  } catch (error) {
    await longWork.close();
    await eyes.close();
    throw error;
  }
  const { address, family, port: actual } = server.address() as AddressInfo;
  log(`listening on http://${family === "IPv6" ? `[${address}]` : address}:${actual}/mcp`);

  return {
    over: new Promise(() => {}),
    closeMs: DRAIN_MS + 3_000,
    async close() {
      draining = true;
      const closed = once(server, "close");
      // A connection that has been answered is not kept for another request.
      server.keepAliveTimeout = 1;
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      clearTimeout(timer);
      await handler.close();
      await longWork.close();
      await eyes.close();
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const why = code === "EADDRINUSE" ? "another program listens there" : code === "EACCES" ? "this user may not" : code;
    throw new SetupError(`${host}:${port} cannot be listened on: ${why}.`, {
      hint: "Name another port or address with --http.",
      cause: error,
    });
  }
}
