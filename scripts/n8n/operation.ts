import * as z from "zod";
import type { FileField, FileKind, Task } from "../../packages/core/src/index.ts";
import type { Field, Operation } from "../../packages/n8n-node/lib/operations.ts";

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
  readonly files?: Operation["files"];
  readonly fields: readonly (Omit<Field, "label"> & { readonly schema: Schema })[];
}

/** What a field for files takes where the task does not say more. */
const KINDS: Readonly<Record<FileField, readonly FileKind[]>> = { image: ["image"], document: ["pdf", "image"], video: ["video"] };

/** Fields that the node asks for in a way of its own (packages/n8n-node/nodes/Sightline/data-parameters.ts). */
const BY_HAND: Readonly<Record<string, readonly string[]>> = { extract_data: ["fields", "schema"] };

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
    .filter(([name]) => !(name in task.files) && BY_HAND[task.name]?.includes(name) !== true)
    .map(([name, field]) => ({ name, required: schema.required?.includes(name) === true, form: formOf(field), schema: field }));
  return {
    task,
    resource,
    value: operationValue(task.name, resource),
    ...(file === undefined ? {} : { files: filesOf(task, file, schema) }),
    fields,
  };
}

function filesOf({ fileKinds }: Task, [field, takes]: readonly [string, FileField], { properties }: Schema): Operation["files"] {
  return { field, kinds: fileKinds ?? KINDS[takes], several: properties?.[field]?.type === "array", skipsLogos: takes === "document" };
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

/** Error for what the node has no parameter for: it needs one by hand. */
function formOf(schema: Schema): Field["form"] {
  if (schema.type === "array" && schema.items?.type === "string") return schema.items.enum === undefined ? "list" : "as-is";
  if (schema.type === "object" || schema.type === "array" || schema.anyOf !== undefined)
    throw new Error(`n8n has no parameter for ${JSON.stringify(schema)}`);
  return "as-is";
}
