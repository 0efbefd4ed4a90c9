import type { HttpBindings } from "@hono/node-server";
import { Hono, type Context } from "hono";
import type { Assets } from "../viewer/assets.ts";
import { refuse } from "./refusal.ts";

/** The page names its own policy; only who may frame it has to be said here. */
const PAGE_HEADERS = {
  "Content-Security-Policy": "frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cache-Control": "no-cache",
};

/** The playground: an MCP client in the browser. It holds nothing of this machine's, so anybody may load it. */
export async function playground(context: Context, assets: Assets): Promise<Response> {
  return context.html(await assets.page("playground"), 200, PAGE_HEADERS);
}

/** `GET /samples/NAME`: files to try the playground with. */
export function sampleRoutes(assets: Assets): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get("/:name", async (context) => {
    const bytes = await assets.sample(context.req.param("name"));
    if (bytes === undefined) return refuse(context, 404, "There is no such sample.");
    return context.body(bytes, 200, { "Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff" });
  });
  return app;
}
