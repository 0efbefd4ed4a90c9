import { AnswerError, InputError, ModelError, SetupError, type SightlineError, type Spent, usageSchema } from "../bridge/core.ts";

/** The part of the Model Context Protocol that a call of a tool needs: one POST, one answer. */

export interface CallResult {
  readonly output: Record<string, unknown>;
  /** The id of the file that holds the whole answer, where this one was shortened. */
  readonly wholeAnswer?: string | undefined;
  /** What its questions to models took, where the server says so. */
  readonly usage?: Spent | undefined;
}

/** Where the server's results say it, among their metadata. */
const USAGE_KEY = "io.github.sightline/usage";

interface Message {
  readonly result?: {
    readonly isError?: boolean;
    readonly structuredContent?: Record<string, unknown>;
    readonly _meta?: Readonly<Record<string, unknown>>;
    readonly content?: readonly { readonly type: string; readonly text?: string; readonly name?: string; readonly mimeType?: string }[];
  };
  readonly error?: { readonly message?: string };
}

/** The response in an HTTP body: JSON, or the last message of an event stream. ModelError when there is none. */
export function rpcMessage(body: string, contentType: string): Message {
  const texts = contentType.includes("text/event-stream")
    ? body
        .split(/\r?\n\r?\n/)
        .map((event) =>
          event
            .split(/\r?\n/)
            .filter((line) => line.startsWith("data:"))
            .map((line) => line.slice(5).trimStart())
            .join("\n"),
        )
        .filter((data) => data !== "")
    : [body];
  for (const text of texts.toReversed()) {
    const message = asMessage(text);
    if (message?.result !== undefined || message?.error !== undefined) return message;
  }
  throw new ModelError("The server's answer is no message of the Model Context Protocol.", { hint: "Check the credential's Base URL." });
}

function asMessage(text: string): Message | undefined {
  try {
    return JSON.parse(text) as Message;
  } catch {
    return undefined;
  }
}

/** The output of a tool. Throws what the tool reports: its words are "Kind: message", and what to do on the lines below. */
export function callResult({ result, error }: Message): CallResult {
  if (result === undefined)
    throw new ModelError(`The server refused the call: ${error?.message ?? "no reason given"}.`, {
      hint: "It may be older than this node: update it.",
    });
  const { isError = false, structuredContent, content = [], _meta = {} } = result;
  const usage = usageSchema.safeParse(_meta[USAGE_KEY]).data;
  if (isError) {
    const [first = "", ...hints] = (content.find(({ type }) => type === "text")?.text ?? "").split("\n");
    const [, kind, message] = /^(\w+Error): (.*)$/s.exec(first) ?? [undefined, undefined, first];
    throw reported({
      ...(kind === undefined ? {} : { kind }),
      message: message ?? first,
      ...(hints.length === 0 ? {} : { hint: hints.join("\n") }),
      usage,
    });
  }
  if (structuredContent === undefined)
    throw new ModelError("The server's answer has no structured content.", { hint: "Start the server without --pictures inline." });
  const link = content.find(({ type, mimeType }) => type === "resource_link" && mimeType === "application/json");
  return { output: structuredContent, wholeAnswer: link?.name, usage };
}

/** A failure as the server tells it. */
export interface ReportedError {
  readonly kind?: string;
  readonly message?: string;
  readonly hint?: string;
  readonly usage?: Spent | undefined;
}

/** One of the four errors, as the server told it. Who must set something up does it where the server runs. */
export function reported({ usage, ...told }: ReportedError): SightlineError {
  const error = byKind(told);
  if (usage !== undefined) error.usage = usage;
  return error;
}

function byKind({ kind, message = "The server failed without a word.", ...told }: ReportedError): SightlineError {
  const hint = kind === "SetupError" ? ["This is about the Sightline server, not about n8n.", told.hint ?? ""].join(" ").trim() : told.hint;
  if (kind === "SetupError") return new SetupError(message, { hint });
  if (kind === "ModelError") return new ModelError(message, { hint });
  if (kind === "AnswerError") return new AnswerError(message, { hint, raw: "" });
  return new InputError(message, { hint });
}
