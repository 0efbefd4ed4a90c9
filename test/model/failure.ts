import { expect } from "vitest";

/** What is thrown, with the port of this run taken out; fails when nothing is. */
export async function failure(asking: Promise<unknown>): Promise<Record<string, unknown>> {
  const error = await asking.then(
    (answer) => expect.fail(`answered: ${JSON.stringify(answer)}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  const { kind, message, hint, status, retryable, retryAfterSeconds } = error as Record<string, unknown> & Error;
  const plain = (text: unknown) => (typeof text === "string" ? text.replaceAll(/127\.0\.0\.1:\d+/g, "SERVER") : text);
  return Object.fromEntries(
    Object.entries({ kind, message: plain(message), hint: plain(hint), status, retryable, retryAfterSeconds }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}
