import { type INode, NodeApiError, NodeOperationError } from "n8n-workflow";
import { isSightlineError, type SightlineError } from "../bridge/core.ts";
import { type Failed, hintInN8nWords, inN8nWords } from "./words.ts";

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
