import * as z from "zod";
import { type Door, summaryOf, type Task } from "../../packages/core/src/index.ts";

/** The part of JSON Schema that the tasks' schemas use. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

const DOORS: Readonly<Record<Door, string>> = { mcp: "MCP", cli: "CLI", library: "library", n8n: "n8n" };

/** Shapes that come up again and again, by their fields: named once above the tasks. */
const NAMED_SHAPES: Readonly<Record<string, string>> = { "x,y,width,height": "Box", "colors,pattern,sleeves": "Garment" };

/** A schema as a type a reader knows: `"brief" | "standard"`, `Box[]`, `{ label: string, … }`. */
function typeWords(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((each) => JSON.stringify(each)).join(" | ");
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeWords).join(" | ");
  if (schema.type === "array") {
    const item = typeWords(schema.items ?? {});
    return schema.items?.enum === undefined && schema.items?.anyOf === undefined ? `${item}[]` : `(${item})[]`;
  }
  if (schema.properties !== undefined) {
    const shape = NAMED_SHAPES[Object.keys(schema.properties).join()];
    if (shape !== undefined) return shape;
    const fields = Object.entries(schema.properties).map(
      ([name, field]) => `${name}${schema.required?.includes(name) === true ? "" : "?"}: ${typeWords(field)}`,
    );
    return `{ ${fields.join(", ")} }`;
  }
  return [schema.type ?? "any"].flat().join(" | ");
}

function limits(schema: Schema): string {
  const { minimum, maximum, maxLength, minItems, maxItems } = schema;
  const parts: string[] = [];
  // zod states the safe integers as bounds of every integer: no reader's business.
  const real = (bound: number | undefined): bound is number => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  if (real(minimum) && real(maximum)) parts.push(`${minimum} to ${maximum}`);
  // That a count or a place is not below zero goes without saying.
  else if (real(minimum) && minimum > 0) parts.push(`at least ${minimum}`);
  else if (real(maximum)) parts.push(`at most ${maximum}`);
  if (maxLength !== undefined) parts.push(`at most ${maxLength} characters`);
  if (maxItems !== undefined) parts.push(`${minItems ?? 0} to ${maxItems}`);
  return parts.join(", ");
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");
}

function fieldTable(schema: Schema, kind: "input" | "output"): string {
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const required = schema.required?.includes(name) === true;
    const what = [field.description ?? "", limits(field)].filter((part) => part !== "").join("; ");
    const type = `\`${typeWords(field)}\``;
    if (kind === "output") return [`\`${name}\`${required ? "" : " (optional)"}`, type, what];
    const fallback = field.default === undefined ? (required ? "required" : "") : `\`${JSON.stringify(field.default)}\``;
    return [`\`${name}\``, type, fallback, what];
  });
  return table(kind === "output" ? ["Field", "Type", "What"] : ["Field", "Type", "Default", "What"], rows);
}

function taskSection(task: Task): string {
  const input = z.toJSONSchema(task.input, { io: "input" }) as Schema;
  const output = z.toJSONSchema(task.output, { io: "output" }) as Schema;
  const command = `sightline ${task.name.replaceAll("_", "-")}`;
  const fromText = task.textField === undefined ? "" : `, which reads \`${task.textField}\` from text files or standard input`;
  const agent = Object.entries(task.agentDefaults ?? {}).map(([name, value]) => `\`${name}\` is \`${JSON.stringify(value)}\``);
  return [
    `## ${task.name}`,
    "",
    task.description,
    "",
    `At: ${task.doors.map((door) => DOORS[door]).join(", ")}.${task.doors.includes("cli") ? ` Command: \`${command}\`${fromText}.` : ""}`,
    ...(agent.length === 0 ? [] : ["", `For an agent (MCP), where context is dear, the default of ${agent.join(", ")}.`]),
    "",
    "### Input",
    "",
    fieldTable(input, "input"),
    "",
    "### Output",
    "",
    fieldTable(output, "output"),
    "",
    "### Examples",
    "",
    ...task.examples.flatMap((example) => ["```json", JSON.stringify(example), "```", ""]),
  ].join("\n");
}

/** docs/tasks.md, whole. */
export function tasksMarkdown(tasks: readonly Task[]): string {
  return [
    "# Tasks",
    "",
    "<!-- Generated from packages/core/src/tasks; `npx -y pnpm@12 run docs` writes it anew. -->",
    "",
    "One definition a task; every door is made from it. A `Box` is `{ x, y, width, height }` in full-resolution pixels of the upright picture",
    "(after EXIF rotation); `x`, `y` is its top left corner. A `Garment` is `{ colors: string[], pattern?, sleeves?: string[] }`: the largest share",
    'first, the pattern one of "plain", "striped", "checked", "patterned", the sleeves where their colors differ. A `?` marks what may be absent.',
    "",
    tasks.map(taskSection).join("\n"),
  ].join("\n");
}

/** The README's table: a line a task. */
export function taskTable(tasks: readonly Task[]): string {
  const rows = tasks.map((task) => [
    `[\`${task.name}\`](docs/tasks.md#${task.name})`,
    `${summaryOf(task)}.`,
    task.doors.map((door) => DOORS[door]).join(", "),
  ]);
  return table(["Task", "What it does", "At"], rows);
}
