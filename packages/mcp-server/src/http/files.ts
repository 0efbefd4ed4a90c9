import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { HttpBindings } from "@hono/node-server";
import type { FileStore } from "@sightline/core";
import { isSightlineError } from "@sightline/core/errors";
import { Hono } from "hono";
import { handleOf } from "../links.ts";
import { refuse } from "./refusal.ts";

/** Largest file that is taken, bytes: ten minutes of video as phones record it. */
const MAX_FILE_BYTES = 1_000_000_000;

/** What a page that shows such a file may do: nothing. An SVG is a program to a browser. */
const INERT = {
  "Content-Security-Policy": "default-src 'none'; sandbox",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "private, no-store",
};

/** `PUT /files` or `/files/NAME` (what `curl -T` makes of a folder) takes a file and answers its handle; `GET` and `DELETE /files/ID`. */
export function fileRoutes(files: () => Promise<FileStore>): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.put("/:name?", async (context) => {
    const tooLarge = (): Response => refuse(context, 413, `Files of up to ${MAX_FILE_BYTES / 1e6} MB are taken.`);
    if (Number(context.req.header("Content-Length")) > MAX_FILE_BYTES) return tooLarge();
    const body = context.req.raw.body as NodeReadableStream<Uint8Array> | null;
    const chunks = atMost(body ?? Readable.from([]), MAX_FILE_BYTES);
    const name = context.req.param("name") ?? context.req.query("name") ?? "file";
    try {
      const { id, mediaType, size, expiresAt } = await (await files()).receive(chunks, { name, signal: context.req.raw.signal });
      const answer = { file: handleOf({ id }), id, media_type: mediaType, bytes: size, expires: expiresAt };
      return context.json(answer, 201, { Location: `/files/${encodeURIComponent(id)}` });
    } catch (error) {
      if (error instanceof RangeError) return tooLarge();
      if (!isSightlineError(error)) throw error;
      return refuse(context, error.kind === "InputError" ? 422 : 507, [error.message, error.hint ?? ""].join(" ").trim());
    }
  });

  app.get("/:id", async (context) => {
    const file = await (await files()).find(context.req.param("id"));
    if (file === undefined) return refuse(context, 404, "No such file is kept here, or not any more.");
    const body = Readable.toWeb(createReadStream(file.path)) as ReadableStream;
    return context.body(body, 200, { ...INERT, "Content-Type": file.mediaType, "Content-Length": String(file.size) });
  });

  app.delete("/:id", async (context) => {
    if (await (await files()).remove(context.req.param("id"))) return context.body(null, 204);
    return refuse(context, 404, "No such file was handed in, or it is gone.");
  });
  return app;
}

/** RangeError as soon as there is more than `bytes`. */
async function* atMost(chunks: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let so = 0;
  for await (const chunk of chunks) {
    so += chunk.length;
    if (so > bytes) throw new RangeError(`more than ${bytes} bytes`);
    yield chunk;
  }
}
