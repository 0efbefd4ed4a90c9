import type { ModelTransport } from "@sightline/core";
import { setTimeout as wait } from "node:timers/promises";
import pRetry from "p-retry";
import { Agent, fetch, type RequestInit as UndiciRequestInit } from "undici";

export interface ModelTransportOptions {
  /** To open a connection, TLS included. */
  readonly connectMs?: number;
  /** From the request to the answer's first byte. Servers load the model in that time: up to five minutes for a large one from a slow disk. */
  readonly firstByteMs?: number;
  /** Between two pieces of the answer. vLLM sends its headers at once and reads the pictures then. */
  readonly idleMs?: number;
  /** Further tries after the first. */
  readonly retries?: number;
  /** Before the first further try; doubled with each, and up to doubled again at random. */
  readonly backoffMs?: number;
  /** The longest that a server's Retry-After is obeyed; one that asks for more gets no further try. */
  readonly longestRetryAfterMs?: number;
}

/** Passing states by their definition. A 500 is none: model servers say 500 to what will never work, such as a picture for a text model. */
const PASSING = new Set([429, 502, 503, 504]);

/** Connections lost before an answer began: kept alive by us and closed by the server, or a server that restarts. */
const LOST_CONNECTION = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "EAI_AGAIN"]);

class PassingState extends Error {
  readonly response: Response;

  constructor(response: Response) {
    super(`HTTP ${response.status}`);
    this.response = response;
  }
}

/**
 * The way to the model server: fetch with deadlines and further tries. It goes where the operator points it, loopback included, and
 * nowhere else: redirects are handed back as they are, so that neither key nor picture follows one. It tries again only before the first byte of an
 * answer. Rejects as fetch does; the codes of undici are in the causes. (Node's own fetch would give up after 300 s without headers.)
 */
export function createModelTransport(options: ModelTransportOptions = {}): ModelTransport {
  const {
    connectMs = 10_000,
    firstByteMs = 600_000,
    idleMs = 300_000,
    retries = 4,
    backoffMs = 500,
    longestRetryAfterMs = 60_000,
  } = options;
  const dispatcher = new Agent({ connect: { timeout: connectMs }, headersTimeout: firstByteMs, bodyTimeout: idleMs });

  async function once(url: string | URL, init: RequestInit): Promise<Response> {
    // undici's own fetch and response, with the types of Node's: the same standard, from the package so that the Agent fits.
    const sent = { redirect: "manual", ...init, dispatcher } as UndiciRequestInit;
    const response: unknown = await fetch(url, sent);
    return response as Response;
  }

  return async (input, init = {}) => {
    const [url, request] = input instanceof Request ? [input.url, { ...(await partsOf(input)), ...init }] : [input, init];
    const signal = request.signal ?? undefined;
    const attempt = async (attemptNumber: number): Promise<Response> => {
      const response = await once(url, request);
      if (!PASSING.has(response.status) || attemptNumber > retries) return response;
      const delay = retryAfterMs(response.headers);
      if (delay !== undefined && delay > longestRetryAfterMs) return response;
      throw new PassingState(response);
    };
    return pRetry(attempt, {
      retries,
      minTimeout: backoffMs,
      randomize: true,
      signal,
      async shouldRetry({ error }) {
        if (!(error instanceof PassingState)) return LOST_CONNECTION.has(codeOf(error));
        await error.response.body?.cancel();
        await wait(retryAfterMs(error.response.headers) ?? 0, undefined, { signal }).catch(() => signal?.throwIfAborted());
        return true;
      },
    });
  };
}

async function partsOf(request: Request): Promise<RequestInit> {
  const body = request.body === null ? undefined : await request.arrayBuffer();
  return { method: request.method, headers: request.headers, signal: request.signal, ...(body === undefined ? {} : { body }) };
}

function codeOf(error: Error): string {
  const { cause } = error as { cause?: { code?: unknown } };
  return typeof cause?.code === "string" ? cause.code : "";
}

/** RFC 9110, section 10.2.3: seconds, or a date. */
function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  const ms = /^\s*\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
