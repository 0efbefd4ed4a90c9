import type { Refusal } from "./server-refusal.ts";

/** A field that some servers refuse, and what is sent instead. */
export interface Concession<Body> {
  readonly field: keyof Body & string;
  /** What a refusal of it says. */
  readonly sign: RegExp;
  concede(body: Body): void;
}

/** Statuses under which servers refuse a field; some say 500 or 501 to a schema they cannot turn into a grammar, Ollama says 200 in mid-stream. */
const REFUSING: readonly number[] = [200, 400, 404, 422, 500, 501];

/**
 * Sends a body without what the server refuses of it. Each field is conceded once and remembered, so that the next question costs one request again.
 * Whatever else `send` throws passes through. `refusalIn` says what a failure of `send` was, where it was a refusal.
 */
export function conceding<Body extends object>(
  concessions: readonly Concession<Body>[],
  refusalIn: (failure: unknown) => Refusal | undefined,
): <Answer>(body: Body, send: (body: Body) => Promise<Answer>, signal: AbortSignal | undefined) => Promise<Answer> {
  const conceded = new Set<string>();
  return async (whole, send, signal) => {
    for (;;) {
      const body = { ...whole };
      for (const { field, concede } of concessions) if (conceded.has(field) && field in body) concede(body);
      try {
        return await send(body);
      } catch (failure) {
        signal?.throwIfAborted();
        const refusal = refusalIn(failure);
        const refused = concessions.find(
          ({ field, sign }) =>
            refusal !== undefined && field in body && !conceded.has(field) && REFUSING.includes(refusal.status) && sign.test(refusal.body),
        );
        if (refused === undefined) throw failure;
        conceded.add(refused.field);
      }
    }
  };
}
