/**
 * The four errors, told apart by who must act. Every failure that leaves Sightline is one of them;
 * anything else is a bug. Messages say what failed and on what; `hint` says what to do next.
 * They are formatted once, at the door.
 */

export type ErrorKind = "InputError" | "SetupError" | "ModelError" | "AnswerError";

export interface ErrorOptionsWithHint {
  /** What the person who must act can do next, in one or two plain sentences. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** What questions to models took, in the shape of core's `usageSchema`. */
export interface Spent {
  readonly calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly models: readonly string[];
  readonly servers: readonly string[];
}

export abstract class SightlineError extends Error {
  abstract readonly kind: ErrorKind;
  readonly hint?: string;
  /** What the call took before it failed; set by whoever counted. */
  usage?: Spent;

  constructor(message: string, options: ErrorOptionsWithHint = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    if (options.hint !== undefined) this.hint = options.hint;
  }
}

/** The caller's input cannot be used: a missing file, a damaged picture, an unknown field. */
export class InputError extends SightlineError {
  readonly kind = "InputError";
  override readonly name = "InputError";
}

/** The operator must set something up: a model, a folder to allow, a program to install. */
export class SetupError extends SightlineError {
  readonly kind = "SetupError";
  override readonly name = "SetupError";
}

export interface ModelErrorOptions extends ErrorOptionsWithHint {
  /** HTTP status of the model server's answer, when there was one. */
  readonly status?: number | undefined;
  /** True when the same request may succeed later (429, 502, 503, 504, a lost connection). */
  readonly retryable?: boolean;
  /** What the server asked us to wait, in seconds, when it said so. */
  readonly retryAfterSeconds?: number | undefined;
}

/** The model server refused or failed. */
export class ModelError extends SightlineError {
  readonly kind = "ModelError";
  override readonly name = "ModelError";
  readonly status?: number;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;

  constructor(message: string, options: ModelErrorOptions = {}) {
    super(message, options);
    this.retryable = options.retryable ?? false;
    if (options.status !== undefined) this.status = options.status;
    if (options.retryAfterSeconds !== undefined) this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export interface AnswerErrorOptions extends ErrorOptionsWithHint {
  /** The model's own words, kept for whoever must find out why. */
  readonly raw: string;
}

/** The model answered, but with nothing that can be used: empty, cut off, looping, or "I can't view images". */
export class AnswerError extends SightlineError {
  readonly kind = "AnswerError";
  override readonly name = "AnswerError";
  readonly raw: string;

  constructor(message: string, options: AnswerErrorOptions) {
    super(message, options);
    this.raw = options.raw;
  }
}

const KINDS: ReadonlySet<string> = new Set<ErrorKind>(["InputError", "SetupError", "ModelError", "AnswerError"]);

/**
 * True for the four errors, also when they come from another copy of this module (each built door
 * carries its own core, so `instanceof` would say no across that seam).
 */
export function isSightlineError(error: unknown): error is SightlineError & { kind: ErrorKind } {
  return error instanceof Error && "kind" in error && typeof error.kind === "string" && KINDS.has(error.kind);
}

/** True when `error` is how the platform reports that `signal` was aborted, whatever reason was given. */
export function isCancellation(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted !== true) return false;
  return error === signal.reason || (error instanceof Error && error.name === "AbortError");
}

/** An error as plain data, for where a class does not survive: a file, another process. "InternalError": none of the four, so a bug. */
export interface ErrorReport {
  readonly kind: ErrorKind | "InternalError";
  readonly message: string;
  readonly hint?: string;
  readonly status?: number;
  readonly retryable?: boolean;
  readonly retryAfterSeconds?: number;
  readonly raw?: string;
  readonly usage?: Spent;
}

export function reportError(error: unknown): ErrorReport {
  if (!isSightlineError(error)) return { kind: "InternalError", message: error instanceof Error ? error.message : String(error) };
  const { kind, message, hint, usage } = error;
  const { status, retryable, retryAfterSeconds, raw } = error as Partial<ModelError & AnswerError>;
  return {
    kind,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(status === undefined ? {} : { status }),
    ...(retryable === undefined ? {} : { retryable }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(raw === undefined ? {} : { raw }),
    ...(usage === undefined ? {} : { usage }),
  };
}
