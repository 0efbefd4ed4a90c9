import * as z from "zod";
import type { Task } from "../../packages/core/src/index.ts";
import { type NodeOperation, nodeOperations } from "./operation.ts";
import { optionProperties, properties, WAYS } from "./properties.ts";

const NODE = "packages/n8n-node/nodes/Sightline";
const NOTE = "// Generated from the tasks; `npx -y pnpm@12 run docs` writes it anew.";

/** Fields that every item has besides its task's own, so that costs and origins can be followed. */
const COMMON_OUTPUT = {
  file: { type: "string" },
  usage: {
    type: "object",
    properties: { calls: { type: "integer" }, input_tokens: { type: "integer" }, output_tokens: { type: "integer" } },
  },
  duration_ms: { type: "integer" },
};

/** The files of the n8n node that follow from the tasks, by path: parameters, the table of operations, and an output schema for each. */
export function n8nFiles(tasks: readonly Task[]): Record<string, string> {
  const operations = nodeOperations(tasks).filter((operation) => WAYS.some((way) => way.can(operation)));
  return {
    [`${NODE}/generated/properties.ts`]: module(
      'import type { INodeProperties } from "n8n-workflow";',
      ["taskProperties: INodeProperties[]", properties(operations)],
      ["taskOptions: Readonly<Record<string, INodeProperties[]>>", byOperation(operations, optionProperties)],
    ),
    [`${NODE}/generated/operations.ts`]: module('import type { Operation } from "../../../lib/operations.ts";', [
      "operations: Readonly<Record<string, Operation>>",
      byOperation(operations, tableRow),
    ]),
    ...Object.fromEntries(
      operations.map((operation) => [
        `${NODE}/__schema__/v1.0.0/${operation.resource}/${operation.value}.json`,
        `${JSON.stringify(outputSchema(operation), undefined, 2)}\n`,
      ]),
    ),
  };
}

function key({ resource, value }: NodeOperation): string {
  return `${resource}:${value}`;
}

function byOperation<Value>(operations: readonly NodeOperation[], of: (operation: NodeOperation) => Value): Record<string, Value> {
  return Object.fromEntries(operations.map((operation) => [key(operation), of(operation)]));
}

function tableRow({ task, files, fields }: NodeOperation) {
  return {
    task: task.name,
    ...(files === undefined ? {} : { files }),
    fields: fields.map(({ name, required, form }) => ({ name, required, form })),
  };
}

function module(imports: string, ...constants: readonly (readonly [declaration: string, value: unknown])[]): string {
  const lines = constants.map(([declaration, value]) => `export const ${declaration} = ${JSON.stringify(value, undefined, 2)};\n`);
  return [NOTE, imports, "", ...lines].join("\n");
}

/** What n8n shows of an operation's output before it was run. It knows types, properties and items; no references. */
function outputSchema({ task }: NodeOperation): object {
  const { $schema: _, ...schema } = z.toJSONSchema(task.output, { io: "output", reused: "inline" }) as {
    properties?: object;
    $schema?: string;
  };
  for (const name of Object.keys(COMMON_OUTPUT)) {
    if (name in (schema.properties ?? {})) throw new Error(`${task.name} has an output field ${name}, which every n8n item has.`);
  }
  return { type: "object", properties: { ...(plain(schema) as { properties?: object }).properties, ...COMMON_OUTPUT }, version: 1 };
}

function plain(schema: unknown): unknown {
  if (typeof schema !== "object" || schema === null) return schema;
  const { type, properties, items, anyOf } = schema as {
    type?: string;
    properties?: Record<string, unknown>;
    items?: unknown;
    anyOf?: unknown[];
  };
  // A value or null: what it is when it is there.
  if (anyOf !== undefined) return plain(anyOf.find((each) => (each as { type?: string }).type !== "null"));
  return {
    ...(type === undefined ? { type: "string" } : { type }),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, plain(each)])) }),
    ...(items === undefined ? {} : { items: plain(items) }),
  };
}
