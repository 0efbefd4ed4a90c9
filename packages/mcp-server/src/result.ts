import type { CallToolResult } from "@modelcontextprotocol/server";
import { isSightlineError } from "@sightline/core";
import { fitText, fitValue } from "./fit.ts";
import { MAX_STRUCTURED_BYTES, MAX_TEXT_BYTES } from "./policy.ts";

/** Room for the sentence that says what was cut and where the whole answer lies. */
const CUT_NOTE_BYTES = 1_000;

export interface Answer {
  readonly output: Record<string, unknown>;
  /** The answer in words; asked again for a shortened output. */
  render(output: Record<string, unknown>): string;
  /** Saves the whole answer when it had to be shortened; returns where. */
  saveWhole?(json: string): Promise<string>;
}

/** A tool's answer: the structured content stands on its own and the text says the same, because hosts pass on one or the other. */
export async function toResult({ output, render, saveWhole }: Answer): Promise<CallToolResult> {
  const fitted = fitValue(output, MAX_STRUCTURED_BYTES);
  if (fitted.cuts.length === 0) return result(output, render(output));
  const whole = await saveWhole?.(JSON.stringify(output, undefined, 2));
  const note = `Shortened to what agent hosts take (${fitted.cuts.join("; ")}).${whole === undefined ? "" : ` The whole answer is saved at ${whole}`}`;
  const { value } = fitValue(output, MAX_STRUCTURED_BYTES - CUT_NOTE_BYTES);
  const warnings = Array.isArray(value["warnings"]) ? { warnings: [...(value["warnings"] as unknown[]), note] } : {};
  const shortened = { ...value, ...warnings };
  return result(shortened, render(shortened));
}

function result(structuredContent: Record<string, unknown>, text: string): CallToolResult {
  const note = (kept: number): string => `[Cut here: ${kept} of ${text.length} characters shown.]`;
  return { structuredContent, content: [{ type: "text", text: fitText(text, MAX_TEXT_BYTES, note) }] };
}

/** What went wrong, as the agent reads it: the kind says who must act, the hint what to do next. Formatted here and nowhere else. */
export function toErrorResult(error: unknown): CallToolResult {
  return { isError: true, content: [{ type: "text", text: fitText(errorText(error), MAX_TEXT_BYTES, () => "[Cut here.]") }] };
}

function errorText(error: unknown): string {
  if (isSightlineError(error)) return [`${error.kind}: ${error.message}`, ...(error.hint === undefined ? [] : [error.hint])].join("\n");
  const message = error instanceof Error ? error.message : String(error);
  return `Internal error: ${message}\nThis is a defect in Sightline, not in the call.`;
}
