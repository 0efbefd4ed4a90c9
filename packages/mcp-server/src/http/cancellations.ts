import type { RequestId } from "@modelcontextprotocol/server";

/**
 * Calls under way, for clients of the revisions before 2026-07-28. They cancel a call with a message of its own, which a server without sessions cannot
 * tell whose it is: request ids start at 0 with every client. So each client is handed a name, which it sends with all that follows.
 */
export interface Cancellations {
  /** Until the function it returns is called, `stop` ends with the client's cancelling of request `id`. */
  follow(client: string, id: RequestId, stop: AbortController): () => void;
  cancel(client: string, id: RequestId): void;
}

export function createCancellations(): Cancellations {
  const underWay = new Map<string, AbortController>();
  const keyOf = (client: string, id: RequestId): string => JSON.stringify([client, id]);
  return {
    follow(client, id, stop) {
      const key = keyOf(client, id);
      underWay.set(key, stop);
      return () => {
        if (underWay.get(key) === stop) underWay.delete(key);
      };
    },
    cancel(client, id) {
      underWay.get(keyOf(client, id))?.abort(new Error("the client cancelled the call"));
    },
  };
}

/** The header that carries the name: the older revisions' session id, behind which nothing is kept. */
const HEADER = "Mcp-Session-Id";

export function clientName(request: Request): string | undefined {
  return request.headers.get(HEADER) ?? undefined;
}

/** The answer, with a name for a client of an older revision that has none yet. */
export function named(request: Request, response: Response): Response {
  const revision = request.headers.get("MCP-Protocol-Version");
  const older = revision === null || revision < "2026";
  if (older && request.method === "POST" && response.ok && clientName(request) === undefined)
    response.headers.set(HEADER, crypto.randomUUID());
  return response;
}
