import * as z from "zod";
import type { FileField, Task } from "../../packages/core/src/index.ts";
import type { Field } from "../../packages/n8n-node/lib/operations.ts";

/** The part of JSON Schema that the tasks' inputs use. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

export type Resource = FileField | "text";

/** A task as an operation of the node. Names and values are saved in users' workflows: they are a contract. */
export interface NodeOperation {
  readonly task: Task;
  readonly resource: Resource;
  readonly value: string;
  readonly files?: { readonly field: string; readonly takes: FileField; readonly several: boolean };
  readonly fields: readonly (Field & { readonly schema: Schema })[];
}

/** Every operation, in the tasks' order. Error when two tasks would be the same one. */
export function nodeOperations(tasks: readonly Task[]): NodeOperation[] {
  const operations = tasks.filter(({ doors }) => doors.includes("n8n")).map(nodeOperation);
  const names = operations.map(({ resource, value }) => `${resource}:${value}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`Two tasks would be the n8n operation ${twice}: give one of them a name with another verb.`);
  return operations;
}

function nodeOperation(task: Task): NodeOperation {
  const schema = z.toJSONSchema(task.input, { io: "input" }) as Schema;
  const [file] = Object.entries(task.files);
  const resource: Resource = resourceNamed(task.name) ?? file?.[1] ?? "text";
  const fields = Object.entries(schema.properties ?? {})
    .filter(([name]) => !(name in task.files))
    .map(([name, field]) => ({ name, required: schema.required?.includes(name) === true, form: formOf(field), schema: field }));
  return {
    task,
    resource,
    value: operationValue(task.name, resource),
    ...(file === undefined ? {} : { files: { field: file[0], takes: file[1], several: schema.properties?.[file[0]]?.type === "array" } }),
    fields,
  };
}

/** What the task's name says it is about, where that is a kind of file: ask_image takes documents too. */
function resourceNamed(taskName: string): FileField | undefined {
  return (["image", "document", "video"] as const).find((kind) => taskName.endsWith(`_${kind}`));
}

/** Documents are read in several ways, so their operations keep the whole name; elsewhere the verb says it. */
function operationValue(taskName: string, resource: Resource): string {
  const [verb = "", ...rest] = taskName.split("_");
  return resource === "document" ? [verb, ...rest.map(capital)].join("") : verb;
}

export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function formOf(schema: Schema): Field["form"] {
  if (schema.type === "array" && schema.items?.type === "string" && schema.items.enum === undefined) return "list";
  if (schema.type === "array" && schema.items?.enum !== undefined) return "as-is";
  return schema.type === "object" || schema.type === "array" || schema.anyOf !== undefined ? "json" : "as-is";
}
