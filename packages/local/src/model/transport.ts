import { type Clock, type ModelTransport, type TransportInit, withRetries } from "@sightline/core";
import type { LookupFunction } from "node:net";
import { pipeline, type Readable } from "node:stream";
import { createGunzip, createInflate } from "node:zlib";
import { Agent, buildConnector, type Dispatcher, errors, request as send } from "undici";
import { guardedConnector, guardedLookup } from "../input/guarded-connector.ts";
import { startDeadline, systemClock } from "./clock.ts";
import { type RateLimiter, waitForTurn } from "./rate-limit.ts";
import { privateOnly as onlyPrivate } from "./private-only.ts";

export interface ModelTransportOptions {
  /** Deadlines and waits run on it; the one for the connection alone runs on the machine's. */
  readonly clock?: Clock;
  /** To open a connection, TLS included. */
  readonly connectMs?: number;
  /** From the request to the answer's first byte. Servers load the model in that time: up to ten minutes for a large one from a slow disk. */
  readonly firstByteMs?: number;
  /** Between two pieces of the answer. vLLM sends its headers at once and reads the pictures then. */
  readonly idleMs?: number;
  /** Further tries after the first. */
  readonly retries?: number;
  /** Before the first further try; doubled with each, and up to doubled again at random. */
  readonly backoffMs?: number;
  /** The longest that a server's Retry-After is obeyed; an answer that asks for more is handed back. */
  readonly longestRetryAfterMs?: number;
  /**
   * Most bytes of one answer, decoded. A streamed answer of 8,000 tokens is about 2 MB, at some 250 bytes an event. Not more, because the `openai`
   * package searches an unfinished event from its beginning with each piece: 16 MB without an end of line cost 7 s of it, 64 MB more than 60 (measured).
   */
  readonly maxBytes?: number;
  /** True: connects to this machine and private networks alone. SetupError for others. */
  readonly privateOnly?: boolean;
  /** How often a server is asked: every try of a request takes its turn. Default: as often as there is something to ask. */
  readonly rateLimiter?: RateLimiter | undefined;
  /** Resolves names. Default: the system's. */
  readonly lookup?: LookupFunction;
}

/** A body that the standard forbids to set. */
const BODILESS = new Set([204, 205, 304]);

/**
 * The way to the model server: fetch with deadlines and further tries. It goes where the operator points it, loopback included, and
 * nowhere else: redirects are handed back as they are, so that neither key nor picture follows one. It tries again only before the first byte of an
 * answer, and only what can pass. A Retry-After is honoured whole; a server that says it is loading its model is asked again for as long
 * as a first byte may take. Rejects with undici's errors, which carry a code. (Node's own fetch would give up after 300 s without headers.)
 */
export function createModelTransport(options: ModelTransportOptions = {}): ModelTransport {
  const {
    clock = systemClock,
    connectMs = 10_000,
    firstByteMs = 600_000,
    idleMs = 300_000,
    retries = 4,
    backoffMs = 500,
    longestRetryAfterMs = 900_000,
    maxBytes = 16_000_000,
  } = options;
  const guard = { ...onlyPrivate, ...(options.lookup === undefined ? {} : { lookup: options.lookup }) };
  const lookup = options.privateOnly === true ? guardedLookup(guard) : options.lookup;
  const connector = buildConnector({ timeout: connectMs, ...(lookup === undefined ? {} : { lookup }) });
  const dispatcher = new Agent({
    connect: options.privateOnly === true ? guardedConnector(guard, connector) : connector,
    // Undici's own timers are off: deadlines run on the clock.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  /** One try. Undici's `request` and not its `fetch`: the same standard in half the time, and no header that nobody asked for. */
  async function once(url: string | URL, init: RequestInit, signal: AbortSignal | undefined): Promise<Response> {
    const ended = new AbortController();
    const leave = (): void => ended.abort(signal?.reason);
    const unlink = (): void => signal?.removeEventListener("abort", leave);
    signal?.addEventListener("abort", leave, { once: true });
    const inTime = startDeadline(clock, firstByteMs, () =>
      ended.abort(new errors.HeadersTimeoutError(`no answer began within ${firstByteMs / 1000} s`)),
    );
    try {
      const { statusCode, headers, body } = await send(url, {
        method: init.method ?? "GET",
        headers: [...new Headers(init.headers)].flat(),
        // Text or bytes: nothing here sends a stream.
        body: (init.body ?? null) as string | Uint8Array | null,
        signal: ended.signal,
        dispatcher,
      });
      const bodiless = BODILESS.has(statusCode);
      if (bodiless) {
        await body.dump();
        unlink();
      }
      return new Response(bodiless ? null : boundedBody(decoded(body, headers), ended, unlink), {
        status: statusCode,
        headers: pairsOf(headers),
      });
    } catch (error) {
      unlink();
      throw error;
    } finally {
      inTime();
    }
  }

  /** The body, which fails when nothing comes for too long or too much comes. `ended` ends its connection; `done` is called once it is over. */
  function boundedBody(pieces: Readable, ended: AbortController, done: () => void): ReadableStream<Uint8Array<ArrayBuffer>> {
    const iterator = pieces[Symbol.asyncIterator]() as AsyncIterator<Buffer<ArrayBuffer>>;
    let bytes = 0;
    return new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        async pull(controller) {
          // Only while somebody waits for a piece: a slow reader is not a silent server.
          const inTime = startDeadline(clock, idleMs, () =>
            ended.abort(new errors.BodyTimeoutError(`nothing came for ${idleMs / 1000} s`)),
          );
          try {
            const piece = await iterator.next();
            if (piece.done === true) {
              done();
              controller.close();
              return;
            }
            bytes += piece.value.byteLength;
            if (bytes > maxBytes) ended.abort(new errors.ResponseExceededMaxSizeError(`the answer is longer than ${maxBytes / 1e6} MB`));
            ended.signal.throwIfAborted();
            controller.enqueue(piece.value);
          } catch (error) {
            done();
            throw ended.signal.aborted ? (ended.signal.reason as Error) : error;
          } finally {
            inTime();
          }
        },
        async cancel() {
          done();
          await iterator.return?.();
        },
      },
      { highWaterMark: 0 },
    );
  }

  return async (input, init = {}) => {
    const { onWait, ...given } = init;
    const [url, request] = input instanceof Request ? [input.url, { ...(await partsOf(input)), ...given }] : [input, given];
    const signal = request.signal ?? undefined;
    signal?.throwIfAborted();
    const server = new URL(url).origin;
    return withRetries(
      async () => {
        if (options.rateLimiter !== undefined && request.method === "POST")
          await waitForTurn(options.rateLimiter, server, { clock, signal, onWait });
        return once(url, request, signal);
      },
      {
        server,
        clock,
        signal,
        retries,
        firstBackoffMs: backoffMs,
        longestRetryAfterMs,
        // The model is loaded before the first byte.
        loadingMs: firstByteMs,
        epochMs: Date.now,
        codeOf,
        onWait,
      },
    );
  };
}

/** The body without the compression that some proxies apply though nobody asked for it. */
function decoded(body: Readable, { "content-encoding": encoding }: Dispatcher.ResponseData["headers"]): Readable {
  if (encoding !== "gzip" && encoding !== "deflate") return body;
  const unpacked = encoding === "gzip" ? createGunzip() : createInflate();
  // What goes wrong on either side ends the other, and is told to whoever reads.
  pipeline(body, unpacked, () => {});
  return unpacked;
}

/** Headers as they came; one that came several times, several times. */
function pairsOf(headers: Dispatcher.ResponseData["headers"]): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) => [value ?? []].flat().map((each): [string, string] => [name, each]));
}

async function partsOf(request: Request): Promise<TransportInit> {
  const body = request.body === null ? undefined : await request.arrayBuffer();
  return { method: request.method, headers: request.headers, signal: request.signal, ...(body === undefined ? {} : { body }) };
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : "";
}
