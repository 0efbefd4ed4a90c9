import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What is answered at a path: a body as JSON under HTTP 200, or whatever a function does. */
export type Route = unknown;
export type Routes = Readonly<Record<string, Route>>;

/** A stand-in for anything that answers over HTTP: a table of paths, 404 for all others. */
export interface StandInRoutes {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly requests: readonly { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }[];
  close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export async function startRoutes(routes: Routes | (() => Routes)): Promise<StandInRoutes> {
  const requests: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const path = request.url ?? "";
      requests.push({ path, headers: request.headers, body });
      const route = (typeof routes === "function" ? routes() : routes)[path];
      if (typeof route === "function") return (route as Answer)(request, response);
      const [status, said] = route === undefined ? [404, { error: "not found" }] : [200, route];
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A route that refuses. */
export const refusing =
  (status: number, body: unknown): Answer =>
  (_, response) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

/** OpenAI's `GET /v1/models`. */
export const openAiList = (...models: (string | Readonly<Record<string, unknown>>)[]): Routes => ({
  "/v1/models": {
    object: "list",
    data: models.map((model) => (typeof model === "string" ? { id: model, object: "model" } : { object: "model", ...model })),
  },
});

export interface OllamaTag {
  readonly name: string;
  readonly capabilities: readonly string[];
  readonly size?: number;
  readonly remote_host?: string;
  readonly details?: { readonly family: string };
}

/** What a current Ollama says of itself. */
export const ollamaRoutes = (models: readonly OllamaTag[], version = "0.31.2"): Routes => ({
  "/": "Ollama is running",
  "/api/version": { version },
  "/api/tags": { models },
  "/api/ps": { models: [] },
});

/** An address where nothing listens: its server has just been closed. */
export async function nowhere(): Promise<string> {
  const closed = await startRoutes({});
  await closed.close();
  return closed.url;
}
