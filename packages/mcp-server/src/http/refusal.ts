import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** A request that is not served, in words for whoever sent it; at `/mcp` in the protocol's own shape. */
export function refuse(context: Context, status: ContentfulStatusCode, message: string, headers: Record<string, string> = {}): Response {
  const body = context.req.path === "/mcp" ? { jsonrpc: "2.0", error: { code: -32_000, message }, id: null } : { error: message };
  return context.json(body, status, headers);
}
