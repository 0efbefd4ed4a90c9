import type { HttpBindings } from "@hono/node-server";
import {
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from "@modelcontextprotocol/server";
import type { FileStore } from "@sightline/core";
import { Hono, type Context, type MiddlewareHandler } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { HTTPException } from "hono/http-exception";
import type { Host } from "../host.ts";
import { routePath } from "hono/route";
import type { QueueCounts } from "@sightline/local";
import type { Log } from "@sightline/local/log";
import type { Admission } from "./admission.ts";
import { correctionRoutes, noCorrectionRoutes } from "./corrections.ts";
import type { Assets } from "../viewer/assets.ts";
import { fileRoutes } from "./files.ts";
import type { Metrics } from "./metrics.ts";
import { playground, sampleRoutes } from "./page.ts";
import { refuse } from "./refusal.ts";

type Env = { Bindings: HttpBindings };

export interface AppOptions {
  /** True where only this machine can connect: pages of the web must then be kept from using its browser to do so. */
  readonly loopback: boolean;
  readonly token: string | undefined;
  readonly admission: Admission;
  readonly metrics: Metrics;
  /** False once the server is about to go. */
  ready(): boolean;
  /** Serves one request of the protocol. */
  mcp(request: Request): Promise<Response>;
  files(): Promise<FileStore>;
  /** The machine's eyes, where corrections of their answers are kept; undefined where none are. */
  readonly corrections: (() => Promise<Host>) | undefined;
  readonly assets: Assets;
  /** What lies in the queues that are shared, or undefined while Redis is away. Left out where nothing is shared. */
  readonly counts: (() => Promise<Readonly<Record<string, QueueCounts>> | undefined>) | undefined;
  readonly log: Log;
}

/** When a client that was turned away may come again, in seconds. */
const RETRY_AFTER = "5";

/** What is served, and to whom. */
export function createApp(options: AppOptions): Hono<Env> {
  const { loopback, token, admission, metrics, ready, mcp, files, corrections, assets, counts, log } = options;
  const app = new Hono<Env>();
  app.use(async (context, next) => {
    await next();
    if (context.res.status >= 400) metrics.refused(context.res.status);
  });
  if (loopback) app.use(refuseOtherSites);
  app.get("/healthz", (context) => context.text("ok\n"));
  app.get("/readyz", (context) => (ready() ? context.text("ready\n") : refuse(context, 503, "The server is going down.")));
  app.get("/", (context) => playground(context, assets));
  if (token !== undefined) app.use(bearerAuth({ token, ...BEARER_WORDS }));
  app.get("/metrics", async (context) => {
    if (counts !== undefined) metrics.host.queues(await counts());
    return context.body(await metrics.text(), 200, { "Content-Type": metrics.contentType });
  });
  app.use(admit(admission, ready));
  app.all("/mcp", (context) => mcp(context.req.raw));
  app.route("/files", fileRoutes(files));
  app.route("/corrections", corrections === undefined ? noCorrectionRoutes() : correctionRoutes(corrections));
  app.route("/samples", sampleRoutes(assets));
  app.notFound((context) => refuse(context, 404, "Nothing is here. The protocol is served at /mcp, the playground at /."));
  app.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse();
    log(`${context.req.method} ${routePath(context)}`, error);
    return refuse(context, 500, "A defect in Sightline: its log says more.");
  });
  return app;
}

const BEARER_WORDS = {
  noAuthenticationHeader: { message: { error: "This server wants a bearer token: Authorization: Bearer TOKEN." } },
  invalidAuthenticationHeader: { message: { error: "The Authorization header is not of the form: Bearer TOKEN." } },
  invalidToken: { message: { error: "The bearer token is not the one this server was started with." } },
};

/** A page that a browser of this machine shows may not talk to a server that listens here: its Origin tells, and so does a rebound name as Host. */
const refuseOtherSites: MiddlewareHandler = async (context, next) => {
  const { raw } = context.req;
  const refused =
    hostHeaderValidationResponse(raw, localhostAllowedHostnames()) ?? originValidationResponse(raw, localhostAllowedOrigins());
  return refused ?? next();
};

function admit(admission: Admission, ready: () => boolean): MiddlewareHandler<Env> {
  return async (context, next) => {
    if (!ready()) return refuse(context, 503, "The server is going down.", { "Retry-After": RETRY_AFTER });
    const admitted = admission.enter(clientOf(context));
    if (!admitted.ok) {
      return admitted.because === "client"
        ? refuse(context, 429, "Too many of your requests are under way. Wait for some of them to be answered.", {
            "Retry-After": RETRY_AFTER,
          })
        : refuse(context, 503, "Too many requests are under way. Try again in a few seconds.", { "Retry-After": RETRY_AFTER });
    }
    // An event stream goes on after its handler has returned.
    context.env.outgoing.once("close", admitted.leave);
    return next();
  };
}

function clientOf(context: Context<Env>): string {
  return context.env.incoming.socket.remoteAddress ?? "unknown";
}
