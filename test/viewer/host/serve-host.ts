import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** What a page may do that asked for nothing, by the specification of MCP Apps (2026-01-26, "Host behavior"). */
const DEFAULT_POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; connect-src 'none'; frame-src 'self'";

export interface AppsHost {
  readonly origin: string;
  /** Of the sandbox, which is another. */
  readonly sandbox: string;
  close(): Promise<void>;
}

/** Serves the host page, its sandbox on an origin of its own, and the MCP server behind the host's own origin, as a desktop host would reach it. */
export async function serveHost(server: { readonly origin: string }): Promise<AppsHost> {
  const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [file("host.ts")],
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    logLevel: "warning",
  });
  const script = outputFiles[0]?.text ?? "";
  const html = (response: ServerResponse, page: string, headers: Record<string, string> = {}): void =>
    void response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...headers }).end(page);

  const sandbox = createServer((_, response) => {
    void readFile(file("sandbox.html"), "utf8").then((page) => html(response, page, { "Content-Security-Policy": DEFAULT_POLICY }));
  });
  const host = createServer((request, response) => {
    if (request.url === "/host.js") response.writeHead(200, { "Content-Type": "text/javascript" }).end(script);
    else if (request.url === "/mcp") void forward(request, response, `${server.origin}/mcp`);
    else
      html(
        response,
        '<!doctype html><html lang="en"><title>Host</title><body><script type="module" src="/host.js"></script></body></html>',
      );
  });
  const [origin, other] = await Promise.all([listen(host), listen(sandbox)]);
  return {
    origin,
    sandbox: other,
    async close() {
      for (const each of [host, sandbox]) {
        each.closeAllConnections();
        each.close();
        await once(each, "close");
      }
    },
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function forward(request: IncomingMessage, response: ServerResponse, url: string): Promise<void> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === "string" && !["host", "origin", "connection", "content-length"].includes(name)) headers.set(name, value);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = request.method === "POST" ? { body: Buffer.concat(chunks) } : {};
  const answer = await fetch(url, { method: request.method ?? "GET", headers, ...body });
  response.writeHead(
    answer.status,
    Object.fromEntries([...answer.headers].filter(([name]) => name !== "content-encoding" && name !== "transfer-encoding")),
  );
  if (answer.body === null) response.end();
  else Readable.fromWeb(answer.body as NodeReadableStream).pipe(response);
}
