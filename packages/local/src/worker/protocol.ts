import { AnswerError, InputError, ModelError, SetupError, isSightlineError, type ErrorKind } from "@sightline/core/errors";

/** What goes over the border between the pool and a worker, in both directions. Structured-cloneable values only. */

export interface JobRequest {
  readonly type: "run";
  readonly id: number;
  readonly job: string;
  readonly input: unknown;
  /** Key of the session it belongs to. */
  readonly session: string | undefined;
}

export type PoolMessage =
  | JobRequest
  /** Answers `wants-start`. */
  | { readonly type: "start"; readonly id: number; readonly start: unknown }
  /** The session is over: what is kept for it is freed. */
  | { readonly type: "end-session"; readonly session: string };

export type WorkerMessage =
  /** The worker has loaded its table of jobs and waits for work. */
  | { readonly type: "ready" }
  /** The job's code is there; from now on its untrusted bytes are worked on. */
  | { readonly type: "loaded"; readonly id: number }
  /** The job's untrusted bytes are now pixels. */
  | { readonly type: "decoded"; readonly id: number }
  | { readonly type: "progress"; readonly id: number; readonly message: string }
  /** Nothing is kept here for the job's session: what it starts from is to be sent. */
  | { readonly type: "wants-start"; readonly id: number }
  | { readonly type: "done"; readonly id: number; readonly output: unknown; readonly wornOut: boolean }
  | { readonly type: "failed"; readonly id: number; readonly error: WireError; readonly wornOut: boolean };

/** An error as plain data: a class does not survive the border, its kind does. */
export interface WireError {
  /** "Defect": none of the four, and not the fault of the bytes. */
  readonly kind: ErrorKind | "Defect";
  readonly message: string;
  readonly hint?: string | undefined;
  readonly stack?: string | undefined;
  readonly status?: number | undefined;
  readonly retryable?: boolean | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly raw?: string | undefined;
}

/** How far a job had come when it failed. */
export type JobStage = "loading" | "decoding" | "working";

/**
 * What other errors than the four mean depends on how far the job had come: code that does not load is an incomplete installation, a decoder
 * that chokes says that the caller's picture cannot be used, and anything after that is a defect of ours.
 */
export function toWire(error: unknown, stage: JobStage): WireError {
  if (isSightlineError(error)) {
    const { kind, message, hint, stack } = error;
    const { status, retryable, retryAfterSeconds, raw } = error as Partial<ModelError & AnswerError>;
    return { kind, message, hint, stack, status, retryable, retryAfterSeconds, raw };
  }
  const reason = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  switch (stage) {
    case "loading":
      return {
        kind: "SetupError",
        message: `Part of Sightline could not be loaded: ${reason}`,
        hint: "Install @sightline/local again.",
        stack,
      };
    case "decoding":
      return {
        kind: "InputError",
        message: `It could not be worked on: ${reason}`,
        hint: "If other programs open it, save it again as PNG or JPEG and use that copy.",
        stack,
      };
    case "working":
      return { kind: "Defect", message: reason, stack };
  }
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
    case "Defect":
      return new Error(message, { cause });
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
