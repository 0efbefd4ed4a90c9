import type { Preset } from "@sightline/core";
import type { OllamaChat } from "../model/stand-in-ollama-modes.ts";
import { type ChatRequest, textOf } from "../model/stand-in-rule.ts";
import { wireOf } from "./row.ts";

/** What a body of either dialect says of the answer's schema: in the server's own mode, and in words. */
export function portableWords(preset: Preset, body: Readonly<Record<string, unknown>>): { readonly mode: unknown; readonly words: string } {
  if (wireOf(preset) === "ollama") {
    const { format, messages = [] }: OllamaChat = body;
    return { mode: format, words: messages.map(({ content }) => content).join("\n") };
  }
  const request: ChatRequest = body;
  return { mode: request.response_format?.json_schema?.schema, words: textOf(request) };
}
