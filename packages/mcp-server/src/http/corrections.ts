import type { HttpBindings } from "@hono/node-server";
import type { ErrorKind } from "@sightline/core/errors";
import { isCancellation, isSightlineError } from "@sightline/core/errors";
import type { TaskContext } from "@sightline/core";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Host } from "../host.ts";
import { addresses } from "../links.ts";
import { refuse } from "./refusal.ts";

/** Largest correction, bytes: a picture as a data: URI and two answers about it. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

const STATUS: Readonly<Record<ErrorKind, 422 | 502 | 507>> = { InputError: 422, SetupError: 507, ModelError: 502, AnswerError: 502 };

/** Where no corrections are kept: `GET /corrections` says so, and so does the answer to one that is sent. */
export function noCorrectionRoutes(): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get("/", (context) => context.json({ keeps: false }));
  app.post("/", (context) => refuse(context, 404, "No corrections are kept here: start the server with --keep-corrections DIR."));
  return app;
}

/**
 * `GET /corrections` tells that they are kept. `POST /corrections` takes `{tool, arguments, output, corrected, usage?}`: a call of a tool, its answer, the answer as it should have been, and what its questions took; it
 * answers 201 with the correction's id.
 */
export function correctionRoutes(host: () => Promise<Host>): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get("/", (context) => context.json({ keeps: true }));
  app.post(
    "/",
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (context) => refuse(context, 413, `Corrections of up to ${MAX_BODY_BYTES / 1024 / 1024} MB are taken.`),
    }),
    async (context) => {
      const { raw } = context.req;
      // What a page may send elsewhere without being asked is no JSON.
      if (!/^application\/json\b/i.test(context.req.header("Content-Type") ?? ""))
        return refuse(context, 415, "A correction is sent as application/json.");
      const given = await context.req.json<unknown>().catch(() => undefined);
      if (given === undefined) return refuse(context, 400, "The correction is no JSON.");
      try {
        const eyes = await host();
        const { id, replaced, changed } = await eyes.keepCorrection(
          given,
          reachedBy(await eyes.context({ signal: raw.signal }), new URL(raw.url).origin),
        );
        return context.json({ id, replaced, changed }, 201);
      } catch (error) {
        // Nobody is there to be told, and no defect is to be logged.
        if (isCancellation(error, raw.signal)) return refuse(context, 408, "The request was given up.");
        if (!isSightlineError(error)) throw error;
        return refuse(context, STATUS[error.kind], [error.message, error.hint ?? ""].join(" ").trim());
      }
    },
  );
  return app;
}

/** The context of a call, whose files are named as tools name them over HTTP. */
function reachedBy(context: TaskContext, origin: string): TaskContext {
  const { toHandle } = addresses(origin);
  return {
    ...context,
    input: {
      read: (reference, options) => context.input.read(toHandle(reference), options),
      open: (reference, options) => context.input.open(toHandle(reference), options),
    },
  };
}
