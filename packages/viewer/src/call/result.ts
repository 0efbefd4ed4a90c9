import type { CallToolResult } from "@modelcontextprotocol/client";
import { isJson, numberOf, textOf, textsOf, type Json } from "../view/json.ts";

/** What a call of a tool came to, as the page shows it. */
export interface Result {
  /** Absent where the server gives words alone: an error, or a host that wants pictures in the result. */
  readonly output?: Json;
  /** The text blocks, without the marks that fence what comes from files. */
  readonly words: string;
  readonly failed: boolean;
  readonly usage?: Usage;
  /** Handles of saved files, by the name the server gives them in its answer. */
  readonly links: readonly { readonly uri: string; readonly name: string }[];
}

/** What its questions to models took. */
export interface Usage {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly models: readonly string[];
  readonly servers: readonly string[];
}

/** Where the server's results say what they took. */
const USAGE_KEY = "io.github.sightline/usage";

export function readResult({ content, structuredContent, isError, _meta }: CallToolResult): Result {
  const output = isJson(structuredContent) ? structuredContent : undefined;
  const usage = readUsage(_meta?.[USAGE_KEY]);
  return {
    ...(output === undefined ? {} : { output }),
    words: unfenced(content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n")),
    failed: isError === true,
    ...(usage === undefined ? {} : { usage }),
    links: content.flatMap((block) => (block.type === "resource_link" ? [{ uri: block.uri, name: block.name }] : [])),
  };
}

function readUsage(value: unknown): Usage | undefined {
  if (!isJson(value)) return undefined;
  return {
    calls: numberOf(value["calls"]) ?? 0,
    inputTokens: numberOf(value["input_tokens"]) ?? 0,
    outputTokens: numberOf(value["output_tokens"]) ?? 0,
    models: textsOf(value["models"]),
    servers: textsOf(value["servers"]),
  };
}

/** Agents are told where the words of files begin and end; people see it. */
function unfenced(words: string): string {
  return /<<<(SEEN-[0-9a-f]+)\n([\s\S]*)\n\1>>>/.exec(words)?.[2] ?? words;
}

/** The job that goes on in place of an answer. */
export function jobOf({ output }: Result): string | undefined {
  return textOf(output?.["job_id"]);
}
