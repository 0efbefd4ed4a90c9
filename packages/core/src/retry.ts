import type { Clock } from "./ports.ts";

/** Which failures of a model server can pass, and when it is asked again: the same whoever carries the requests. */

/** Passing states by their definition. A 500 is none: model servers say 500 to what will never work, such as a picture for a text model. */
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Connections lost before an answer began: kept alive by us and closed by the server, or a server that restarts. */
const LOST_CONNECTION: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "EAI_AGAIN"]);

/** Before the first further try where nobody asks for a wait, in ms. */
const FIRST_BACKOFF = 500;

/** The longest wait between two tries that nobody asked for, in ms. */
const LONGEST_BACKOFF = 10_000;

export function canPass(status: number): boolean {
  return PASSING.has(status);
}

/** llama-server's 503 while it loads, "Loading model", is shorter, in characters; so much of a body is looked into. */
const LONGEST_LOADING_NOTE = 4_000;

export interface RetryOptions {
  /** Who is asked, for `onWait`. */
  readonly server: string;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  /** Further tries after the first. */
  readonly retries: number;
  /** Before the first further try, in ms; doubled with each, and up to doubled again at random. */
  readonly firstBackoffMs?: number;
  /** The longest that a server's Retry-After is obeyed, in ms; an answer that asks for more is handed back. */
  readonly longestRetryAfterMs: number;
  /** How long a server that says it is loading its model is asked again, in ms; that uses up no try. */
  readonly loadingMs: number;
  /** Milliseconds since 1970, for a Retry-After that names a date. */
  epochMs(): number;
  /** The code of an error that says why the connection failed; "" where it has none. */
  codeOf(error: unknown): string;
  readonly onWait?: ((message: string) => void) | undefined;
}

/** `send`, and again while what came of it can pass. The last answer is handed back, body and all; rejects with what `send` threw, or with the signal's reason. */
export async function withRetries(send: () => Promise<Response>, options: RetryOptions): Promise<Response> {
  const { server, clock, signal, retries, longestRetryAfterMs, onWait } = options;
  const started = clock.now();

  /** Sleeps before the next try: at least as long as the server asks. */
  async function rest(tries: number, askedMs: number, why: (ms: number) => string): Promise<void> {
    const ms = askedMs > 0 ? askedMs : backoffMs(tries, options.firstBackoffMs);
    onWait?.(why(ms));
    await clock.sleep(ms, signal);
  }

  let tries = 0;
  for (let waits = 0; ; waits++) {
    let response: Response;
    try {
      response = await send();
    } catch (error) {
      signal?.throwIfAborted();
      if (tries >= retries || !isLostConnection(options.codeOf(error))) throw error;
      await rest(tries++, 0, (ms) => `The connection to ${server} was lost: trying again in ${seconds(ms)}`);
      continue;
    }
    const { status } = response;
    if (!canPass(status) || retries === 0) return response;
    const askedMs = retryAfterMs(response.headers, options.epochMs()) ?? 0;
    if (askedMs > longestRetryAfterMs) return response;
    if (status === 503 && clock.now() - started < options.loadingMs && (await saysLoading(response))) {
      await response.body?.cancel();
      await rest(waits, askedMs, () => `${server} is loading the model (${seconds(clock.now() - started)})`);
      continue;
    }
    if (tries >= retries) return response;
    await response.body?.cancel();
    await rest(tries++, askedMs, (ms) =>
      askedMs > 0
        ? `${server} asks to wait ${seconds(ms)} (HTTP ${status})`
        : `${server} answered HTTP ${status}: trying again in ${seconds(ms)}`,
    );
  }
}

/** Whether an error with this code says that a connection was lost before an answer began. */
function isLostConnection(code: string): boolean {
  return LOST_CONNECTION.has(code);
}

/** How long to wait before further try number `tries` (from 0), in ms: doubled with each, and up to doubled again at random, so that many callers do not come back at once. */
function backoffMs(tries: number, firstMs: number = FIRST_BACKOFF): number {
  return Math.min(firstMs * 2 ** tries, LONGEST_BACKOFF) * (1 + Math.random());
}

/**
 * How long a server asks to wait, in ms (RFC 9110, section 10.2.3: seconds, or a date, which is held against the server's own clock where it tells the time).
 * Undefined where it asks for nothing. `now` in ms since 1970.
 */
function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  if (/^\s*\d+(?:\.\d+)?\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(headers.get("date") ?? "");
  const ms = Date.parse(value) - (Number.isNaN(date) ? now : date);
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** Whether a 503 says that the model is being loaded. The response itself stays unread. */
async function saysLoading(response: Response): Promise<boolean> {
  const reader = response.clone().body?.pipeThrough(new TextDecoderStream()).getReader();
  let note = "";
  try {
    for (let piece = await reader?.read(); piece?.done === false && note.length < LONGEST_LOADING_NOTE; piece = await reader?.read())
      note += piece.value;
  } catch {
    // Cut off in the middle: whoever reads the response will be told.
  }
  // Not waited for: it ends only once the response itself has been read or left.
  reader?.cancel().catch(() => {});
  return /loading (?:the )?model/i.test(note);
}

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1000)} s`;
}
