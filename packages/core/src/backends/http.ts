import { ErrorInAnswer } from "./chat-answer.ts";
import { type Refusal, statusIn } from "./server-refusal.ts";

/** Error bodies are small; anything longer is not worth reading to the end. In characters. */
const LONGEST_ERROR_BODY = 100_000;

/** Non-2xx, with the body read: thrown inside the client library's fetch so that it does not lose the body. */
export class RefusedResponse extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`HTTP ${refusal.status}`);
    this.refusal = refusal;
  }
}

/** RefusedResponse for anything but a 2xx answer. */
export async function accepted(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw new RefusedResponse({
    status: response.status,
    body: (await response.text()).slice(0, LONGEST_ERROR_BODY),
    retryAfterSeconds: retryAfterSeconds(response.headers),
  });
}

function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  // A date is read against the server's own clock, which core has and which cannot differ from it.
  const seconds = /^\s*\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : (Date.parse(value) - Date.parse(headers.get("date") ?? "")) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}

/** Some servers repeat the key they refuse. */
export function withoutKey(text: string, apiKey: string | undefined): string {
  return apiKey ? text.replaceAll(apiKey, "•••") : text;
}

/** Headers are ours alone: the client library would add those of OPENAI_CUSTOM_HEADERS, meant for another server, and tell this one the machine's system. */
export function requestInit(apiKey: string | undefined, init: RequestInit, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return {
    ...init,
    redirect: "manual",
    headers: {
      accept: "application/json, text/event-stream",
      ...((init.method ?? "GET") === "GET" ? {} : { "content-type": "application/json" }),
      ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
      ...headers,
    },
  };
}

/** What a server said in place of an answer, when that is what `failure` is about; without the key. */
export function refusalIn(failure: unknown, apiKey: string | undefined): Refusal | undefined {
  const refusal =
    failure instanceof RefusedResponse
      ? failure.refusal
      : failure instanceof ErrorInAnswer
        ? { status: statusIn(failure.body) ?? 200, body: failure.body }
        : undefined;
  return refusal === undefined ? undefined : { ...refusal, body: withoutKey(refusal.body, apiKey) };
}
