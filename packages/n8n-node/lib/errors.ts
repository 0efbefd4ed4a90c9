import { type INode, type JsonObject, NodeApiError, NodeOperationError } from "n8n-workflow";
import { isSightlineError, type SightlineError } from "../bridge/core.ts";

/** Where n8n has what core's messages call by its flag at the command line. */
const SETTINGS: Readonly<Record<string, string>> = {
  "base-url": "the credential's Base URL",
  "api-key": "the credential's API Key",
  model: "the field Model",
  "text-model": "the field Model",
  "max-tokens": "the option Max Tokens",
  context: "the option Context Length",
};

/** Whose settings a message's flags and variables are: what core calls so stands in the node and its credential, what the server calls so is the server's own. */
type Asked = "model" | "server";

/** A message in the words of this door. */
function inN8nWords(text: string, asked: Asked): string {
  if (asked === "server") return text;
  return text
    .replaceAll(/--([a-z]+(?:-[a-z]+)*)(?: \(SIGHTLINE_[A-Z_]+\))?/g, (flag, name: string) => SETTINGS[name] ?? flag)
    .replaceAll(/SIGHTLINE_([A-Z_]+)/g, (variable, name: string) => SETTINGS[name.toLowerCase().replaceAll("_", "-")] ?? variable);
}

/**
 * What n8n shows of a failure. Built from the words meant for people alone: causes and raw answers, which hold what stood in a document, stay behind.
 */
export function toNodeError(node: INode, error: unknown, itemIndex: number, asked: Asked): NodeOperationError | NodeApiError {
  if (!isSightlineError(error)) {
    if (error instanceof NodeOperationError || error instanceof NodeApiError) return error;
    if (error instanceof Error && error.name === "AbortError") return new NodeOperationError(node, "The work was stopped.", { itemIndex });
    const words = error instanceof Error ? error.message : "unknown";
    return new NodeOperationError(node, `Internal error: ${words}`, {
      itemIndex,
      description: "This is a defect in Sightline, not in the flow.",
    });
  }
  const message = inN8nWords(error.message, asked);
  const description = error.hint === undefined ? undefined : inN8nWords(error.hint, asked);
  const status = statusOf(error);
  if (status === undefined)
    return new NodeOperationError(node, message, { itemIndex, ...(description === undefined ? {} : { description }) });
  const response: JsonObject = { message, httpCode: String(status) };
  return new NodeApiError(node, response, {
    itemIndex,
    message,
    httpCode: String(status),
    ...(description === undefined ? {} : { description }),
  });
}

function statusOf(error: SightlineError): number | undefined {
  return "status" in error && typeof error.status === "number" ? error.status : undefined;
}
