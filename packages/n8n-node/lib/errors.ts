import { type INode, NodeApiError, NodeOperationError } from "n8n-workflow";
import { isSightlineError, type SightlineError } from "../bridge/core.ts";
import type { Operation, Operations } from "./operations.ts";

/** Where n8n has what core's messages call by its flag at the command line. */
const SETTINGS: Readonly<Record<string, string>> = {
  "base-url": "the credential's Base URL",
  "api-key": "the credential's API Key",
  model: "the field Model",
  "text-model": "the field Model",
  "max-tokens": "the option Max Tokens",
  context: "the option Context Length",
};

/** Who worked, and on what: their words are put into those of the node. */
export interface Failed {
  /** Whose settings a message's flags and variables are: what core calls so stands in the node and its credential, what the server calls so is the server's own. */
  readonly asked: "model" | "server";
  readonly operations: Operations;
  /** What was to be done, where that is known. */
  readonly operation?: Operation | undefined;
}

/** A message in the words of this door. */
function inN8nWords(text: string, { asked, operations, operation }: Failed): string {
  const own = inLabels(text, operation);
  const words = Object.values(operations).reduce(
    (said, { task, action }) => said.replaceAll(new RegExp(`\\b${task}\\b`, "g"), `"${action}"`),
    own,
  );
  if (asked === "server") return words;
  return words
    .replaceAll(/--([a-z]+(?:-[a-z]+)*)(?: \(SIGHTLINE_[A-Z_]+\))?/g, (flag, name: string) => SETTINGS[name] ?? flag)
    .replaceAll(/SIGHTLINE_([A-Z_]+)/g, (variable, name: string) => SETTINGS[name.toLowerCase().replaceAll("_", "-")] ?? variable);
}

/** What is wrong with a task's input, which names the task and its fields: the operation's own are named as the editor does. */
function inLabels(text: string, operation: Operation | undefined): string {
  if (operation === undefined || !text.startsWith(`${operation.task}: `)) return text;
  return operation.fields.reduce(
    (said, { name, label }) => said.replaceAll(new RegExp(`(^|; )${name}(?= is | must |\\[|:)`, "g"), `$1${label}`),
    text.slice(operation.task.length + 2),
  );
}

/** A list of a task's fields helps those who write its input; in the editor they are in sight. */
function hintInN8nWords(hint: string | undefined, failed: Failed): string | undefined {
  if (hint === undefined || hint.startsWith(`${failed.operation?.task} takes `)) return undefined;
  return inN8nWords(hint, failed);
}

/**
 * What n8n shows of a failure. Built from the words meant for people alone: causes and raw answers, which hold what stood in a document, stay behind.
 */
export function toNodeError(node: INode, error: unknown, itemIndex: number, failed: Failed): NodeOperationError | NodeApiError {
  if (!isSightlineError(error)) {
    if (error instanceof NodeOperationError || error instanceof NodeApiError) return error;
    if (error instanceof Error && error.name === "AbortError") return new NodeOperationError(node, "The work was stopped.", { itemIndex });
    const words = error instanceof Error ? error.message : "unknown";
    return new NodeOperationError(node, `Internal error: ${words}`, {
      itemIndex,
      description: "This is a defect in Sightline, not in the flow.",
    });
  }
  const message = inN8nWords(error.message, failed);
  const description = hintInN8nWords(error.hint, failed);
  const told = { itemIndex, ...(description === undefined ? {} : { description }) };
  const status = statusOf(error);
  const shown =
    status === undefined
      ? new NodeOperationError(node, message, told)
      : new NodeApiError(node, { message, httpCode: String(status) }, { ...told, message, httpCode: String(status) });
  // n8n has sentences of its own for messages that hold a code such as ECONNRESET; they do not say who was asked.
  shown.message = message;
  return shown;
}

function statusOf(error: SightlineError): number | undefined {
  return "status" in error && typeof error.status === "number" ? error.status : undefined;
}
