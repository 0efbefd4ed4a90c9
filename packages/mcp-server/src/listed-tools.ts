import { inputJsonSchema, longOutputJsonSchema, outputJsonSchema, type JsonSchema } from "./json-schema.ts";
import { annotations, type ToolAnnotations } from "./policy.ts";
import type { Tool } from "./tool.ts";
import { TOOLS } from "./tools.ts";

/** What `tools/list` says of a tool, and what a server must know of it before its first call. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly annotations: ToolAnnotations;
  readonly long: boolean;
  readonly savesPictures: boolean;
  /** True when its answers are worth looking at beside the file they are about. */
  readonly shows: boolean;
}

function listedTool(tool: Tool): ListedTool {
  const { name, title, description, input, output, defaults, long = false, savesPictures = false, shows = false } = tool;
  return {
    name,
    title,
    description,
    inputSchema: inputJsonSchema(input, defaults),
    outputSchema: long ? longOutputJsonSchema(output) : outputJsonSchema(output),
    annotations: annotations(tool),
    long,
    savesPictures,
    shows,
  };
}

/**
 * In the order agents see them, the same on every start. The build puts what this comes to in this module's place, so that a start costs neither
 * the tasks nor their schemas: they are loaded by the first call.
 */
export const LISTED: readonly ListedTool[] = TOOLS.map(listedTool);
