import { SetupError } from "@sightline/core";

/** What Redis means by the first word of its refusal, and what mends it. */
const REFUSALS: readonly (readonly [word: RegExp, meaning: string, hint: string])[] = [
  [
    /^OOM/,
    "is full, and takes nothing more",
    "Give it more memory (maxmemory), or remove what else is kept in it. Then run the same command again.",
  ],
  [/^READONLY/, "is a replica, which takes no writes", "Name the primary in SIGHTLINE_REDIS. After a failover run the same command again."],
  [/^MISCONF/, "cannot write to its disk, and takes no writes until it can", "Its log says why. Then run the same command again."],
  [
    /^NOPERM/,
    "does not allow this user what is needed",
    "It needs the keys sightline:* and all commands but those of administrators: ACL SETUSER NAME on >PASSWORD ~sightline:* +@all -@dangerous +info +client|list",
  ],
];

/** What Redis refused, as whoever runs it can mend it; anything else as it is. */
export function plainError(error: unknown, address: string): unknown {
  if (!(error instanceof Error)) return error;
  if (error.message === "Connection is closed.")
    return new SetupError(`Redis at ${address} is away.`, {
      hint: "Run the same command again once it is back: what is done is kept.",
      cause: error,
    });
  if (error.name !== "ReplyError") return error;
  // What was refused within a transaction is told behind its end.
  const { message } = (error as Error & { previousErrors?: Error[] }).previousErrors?.[0] ?? error;
  const [said = ""] = message.split(/\n|\.? script: /);
  const [, meaning, hint] = REFUSALS.find(([word]) => word.test(said)) ?? [];
  return new SetupError(`Redis at ${address} ${meaning ?? "refused a command"} (${said.replace(/\.$/, "")}).`, { hint, cause: error });
}

/** The same functions, whose errors are plain. */
export function withPlainErrors<Functions extends object>(functions: Functions, address: string): Functions {
  const plain = Object.entries(functions).map(([name, value]: [string, unknown]) => [name, isFunction(value) ? told(value) : value]);
  function told(call: (...args: readonly unknown[]) => unknown) {
    return async (...args: readonly unknown[]): Promise<unknown> => {
      try {
        return await call(...args);
      } catch (error) {
        throw plainError(error, address);
      }
    };
  }
  return Object.fromEntries(plain) as Functions;
}

function isFunction(value: unknown): value is (...args: readonly unknown[]) => unknown {
  return typeof value === "function";
}
