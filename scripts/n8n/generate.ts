import * as z from "zod";
import { type Task, usageSchema } from "../../packages/core/src/index.ts";
import type { Operation } from "../../packages/n8n-node/lib/operations.ts";
import { capital, type NodeOperation, nodeOperations } from "./operation.ts";
import { action, labelOf, operationTitle, optionProperties, properties, summary, WAYS } from "./properties.ts";

const NODE = "packages/n8n-node/nodes/Sightline";
const BRIDGE = "packages/n8n-node/bridge/tasks.ts";
const NOTE = "// Generated from the tasks; `npx -y pnpm@12 run docs` writes it anew.";

/** Fields that every item has besides its task's own, so that costs and origins can be followed. */
const COMMON_OUTPUT = {
  file: { type: "string" },
  usage: plain(z.toJSONSchema(usageSchema)),
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
    [`${NODE}/generated/operations.ts`]: module('import type { Operations } from "../../../lib/operations.ts";', [
      "operations: Operations",
      byOperation(operations, tableRow),
    ]),
    [BRIDGE]: bridge(operations.filter(WAYS[0].can)),
    ...Object.fromEntries(
      operations.map((operation) => [
        `${NODE}/__schema__/v1.0.0/${operation.resource}/${operation.value}.json`,
        `${JSON.stringify(outputSchema(operation), undefined, 2)}\n`,
      ]),
    ),
  };
}

/** The tasks that can be done inside n8n: the others are the server's, and stay out of the bundle. */
function bridge(operations: readonly NodeOperation[]): string {
  const names = operations.map(({ task }) => task.name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()));
  return [
    NOTE,
    `import { ${[...names].sort().join(", ")}, type Task } from "@sightline/core";`,
    "",
    "/** The tasks that can be done inside n8n. */",
    `export const tasks: readonly Task[] = [${names.join(", ")}];`,
    "",
  ].join("\n");
}

/** Where the pictures lie for whoever reads the README outside the repository, as on npm's page. */
const PICTURES = "https://raw.githubusercontent.com/sightline/sightline/main/docs/pictures/n8n";

/** Pictures beside each other in the README. */
const PICTURES_A_ROW = 3;

/** The parameters of each operation, as `npx -y pnpm@12 run screenshots:n8n` takes them from the editor. */
export function operationPictures(tasks: readonly Task[]): string {
  const cells = nodeOperations(tasks).map((operation) => {
    const name = `${capital(operation.resource)}: ${operationTitle(operation)}`;
    return [name, `<img src="${PICTURES}/${operation.resource}-${operation.value}.png" width="270" alt="The parameters of ${name}">`];
  });
  const rows = Array.from({ length: Math.ceil(cells.length / PICTURES_A_ROW) }, (_, row) =>
    cells.slice(row * PICTURES_A_ROW, (row + 1) * PICTURES_A_ROW),
  );
  const line = (texts: readonly (string | undefined)[]): string => `| ${texts.join(" | ")} |`;
  return rows
    .flatMap((row, index) => [
      line(row.map(([name]) => (index === 0 ? name : `**${name}**`))),
      ...(index === 0 ? [line(row.map(() => "---"))] : []),
      line(row.map(([, picture]) => picture)),
    ])
    .join("\n");
}

/** The README's table: a row an operation. */
export function operationTable(tasks: readonly Task[]): string {
  const rows = nodeOperations(tasks).map((operation) => {
    const ways = WAYS.map((way) => (way.can(operation) ? "yes" : ""));
    return `| ${capital(operation.resource)} | ${operationTitle(operation)} | ${summary(operation.task)} | ${ways.join(" | ")} |`;
  });
  return ["| Resource | Operation | What it does | Model API | Server API |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

function key({ resource, value }: NodeOperation): string {
  return `${resource}:${value}`;
}

function byOperation<Value>(operations: readonly NodeOperation[], of: (operation: NodeOperation) => Value): Record<string, Value> {
  return Object.fromEntries(operations.map((operation) => [key(operation), of(operation)]));
}

function tableRow(operation: NodeOperation): Operation {
  const { task, files, fields } = operation;
  return {
    task: task.name,
    action: action(operation),
    ...(files === undefined ? {} : { files }),
    fields: fields.map(({ name, required, form }) => ({ name, label: labelOf(task, name), required, form })),
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
  const { properties = {} } = plain(schema) as Plain;
  return { type: "object", properties: { ...rowProperties(properties), ...COMMON_OUTPUT }, version: 1 };
}

interface Plain {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Plain>>;
  readonly items?: Plain;
}

/** Invoices come out as items of their own, their fields at the top (packages/n8n-node/lib/invoice-items.ts). */
function rowProperties({ invoices, ...shared }: Readonly<Record<string, Plain>>): object {
  const { invoice, ...result } = invoices?.items?.properties ?? {};
  return { ...invoice?.properties, ...result, ...shared };
}

function plain(schema: unknown): unknown {
  if (typeof schema !== "object" || schema === null) return schema;
  const { type, properties, items, anyOf } = schema as {
    type?: string | readonly string[];
    properties?: Record<string, unknown>;
    items?: unknown;
    anyOf?: unknown[];
  };
  // A value or null: what it is when it is there.
  if (anyOf !== undefined) return plain(anyOf.find((each) => (each as { type?: string }).type !== "null"));
  return {
    type: [type ?? "string"].flat().find((each) => each !== "null") ?? "null",
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, plain(each)])) }),
    ...(items === undefined ? {} : { items: plain(items) }),
  };
}
