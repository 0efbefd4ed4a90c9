/** Which failures of a model server can pass, and how long to wait before it is asked again: the same whoever carries the requests. */

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

/** Whether an error with this code says that a connection was lost before an answer began. */
export function isLostConnection(code: string): boolean {
  return LOST_CONNECTION.has(code);
}

/** How long to wait before further try number `tries` (from 0), in ms: doubled with each, and up to doubled again at random, so that many callers do not come back at once. */
export function backoffMs(tries: number, firstMs: number = FIRST_BACKOFF): number {
  return Math.min(firstMs * 2 ** tries, LONGEST_BACKOFF) * (1 + Math.random());
}

/**
 * How long a server asks to wait, in ms (RFC 9110, section 10.2.3: seconds, or a date, which is held against the server's own clock where it tells the time).
 * Undefined where it asks for nothing. `now` in ms since 1970.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  if (/^\s*\d+(?:\.\d+)?\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(headers.get("date") ?? "");
  const ms = Date.parse(value) - (Number.isNaN(date) ? now : date);
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
