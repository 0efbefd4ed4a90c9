import { AnswerError, InputError, ModelError, SetupError, isSightlineError, type ErrorKind } from "@sightline/core/errors";

/** What goes over the border between the pool and a worker, in both directions. Structured-cloneable values only. */

export interface JobRequest {
  readonly id: number;
  readonly job: string;
  readonly input: unknown;
}

export type WorkerMessage =
  /** The worker has loaded its table of jobs and waits for work. */
  | { readonly type: "ready" }
  /** The job's untrusted bytes are now pixels. */
  | { readonly type: "decoded"; readonly id: number }
  | { readonly type: "progress"; readonly id: number; readonly message: string }
  | { readonly type: "done"; readonly id: number; readonly output: unknown }
  | { readonly type: "failed"; readonly id: number; readonly error: WireError };

/** An error as plain data: a class does not survive the border, its kind does. */
export interface WireError {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly stack?: string | undefined;
  readonly status?: number | undefined;
  readonly retryable?: boolean | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly raw?: string | undefined;
}

/** Any other error than the four comes from a decoder that choked on the bytes: the caller's picture cannot be used. */
export function toWire(error: unknown): WireError {
  if (isSightlineError(error)) {
    const { kind, message, hint, stack } = error;
    const { status, retryable, retryAfterSeconds, raw } = error as Partial<ModelError & AnswerError>;
    return { kind, message, hint, stack, status, retryable, retryAfterSeconds, raw };
  }
  return {
    kind: "InputError",
    message: `It could not be worked on: ${error instanceof Error ? error.message : String(error)}`,
    hint: "If other programs open it, save it again as PNG or JPEG and use that copy.",
    stack: error instanceof Error ? error.stack : undefined,
  };
}

/**
 * The error again, of its kind. `subject` is what the caller calls the picture; it goes in front, because the worker
 * never learns the name.
 */
export function fromWire(wire: WireError, subject: string | undefined): Error {
  const message = subject === undefined ? wire.message : `${subject}: ${wire.message}`;
  // The worker's stack tells where it happened; it is kept as the cause.
  const cause = wire.stack === undefined ? undefined : Object.assign(new Error(wire.message), { stack: wire.stack });
  const options = { hint: wire.hint, cause };
  switch (wire.kind) {
    case "InputError":
      return new InputError(message, options);
    case "SetupError":
      return new SetupError(message, options);
    case "ModelError":
      return new ModelError(message, {
        ...options,
        status: wire.status,
        retryable: wire.retryable ?? false,
        retryAfterSeconds: wire.retryAfterSeconds,
      });
    case "AnswerError":
      return new AnswerError(message, { ...options, raw: wire.raw ?? "" });
  }
}
