import { fileFieldOf } from "../call/files.ts";
import { textsOf, type Json } from "../view/json.ts";

/** A call as it is made at the other doors. */
export interface CallAsText {
  readonly tool: string;
  readonly inputSchema: Json;
  /** As they were sent, files included. */
  readonly args: Json;
  /** The files as a person knows them, in the order of the call. */
  readonly fileNames: readonly string[];
}

/** The shell command. Files are named as they were picked: the page does not learn the folder they came from. */
export function asCommand({ tool, inputSchema, args, fileNames }: CallAsText): string {
  const file = fileFieldOf(inputSchema);
  const options = Object.entries(args)
    .filter(([name]) => name !== file)
    .flatMap(([name, value]) => {
      const flag = `--${name.replaceAll("_", "-")}`;
      if (value === true) return [flag];
      if (value === false) return [];
      return (Array.isArray(value) ? value : [value]).map(
        (each) => `${flag} ${quoted(typeof each === "string" ? each : JSON.stringify(each))}`,
      );
    });
  return ["sightline", tool.replaceAll("_", "-"), ...fileNames.map(quoted), ...options].join(" ");
}

/** For a POSIX shell. A name that begins with a dash is no option. */
function quoted(text: string): string {
  if (/^[\w./:@%+,=][\w./:@%+,=-]*$/.test(text)) return text;
  return `'${(text.startsWith("-") ? `./${text}` : text).replaceAll("'", `'\\''`)}'`;
}

/** What an MCP client sends. */
export function asMcp({ tool, inputSchema, args, fileNames }: CallAsText): string {
  const file = fileFieldOf(inputSchema);
  const named = file === undefined ? args : { ...args, [file]: file === "images" ? fileNames : fileNames[0] };
  return JSON.stringify({ method: "tools/call", params: { name: tool, arguments: named } }, undefined, 2);
}

/** Inputs that the node does not have: they save a file where the task runs. */
const NOT_IN_N8N: ReadonlySet<string> = new Set(["annotate"]);

/**
 * A node to be pasted into n8n's editor, which takes the file from the item before it; undefined for what is no operation there. Fields that are wanted have parameters of
 * their own there (packages/n8n-node/nodes/Sightline/data-parameters.ts).
 */
export function asN8n({ tool, inputSchema, args }: CallAsText): string | undefined {
  const file = fileFieldOf(inputSchema);
  if (file === undefined) return undefined;
  const kind = (["image", "document", "video"] as const).find((each) => tool.endsWith(`_${each}`)) ?? (file === "images" ? "image" : file);
  const [verb = "", ...rest] = tool.split("_");
  const operation = kind === "document" ? [verb, ...rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join("") : verb;
  const required = textsOf(inputSchema["required"]);
  const own: Record<string, unknown> = {};
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(args)) {
    if (name === file || NOT_IN_N8N.has(name)) continue;
    if (name === "fields") Object.assign(own, { defineFields: "list", dataFields: { field: value } });
    else if (name === "schema") Object.assign(own, { defineFields: "json", fieldsJson: JSON.stringify(value, undefined, 2) });
    else (required.includes(name) ? own : options)[name] = value;
  }
  const node = {
    parameters: { authentication: "sightlineServerApi", resource: kind, operation, binaryPropertyName: "data", ...own, options },
    type: "n8n-nodes-sightline.sightline",
    typeVersion: 1,
    position: [0, 0],
    name: "Sightline",
  };
  return JSON.stringify({ nodes: [node], connections: {} }, undefined, 2);
}
