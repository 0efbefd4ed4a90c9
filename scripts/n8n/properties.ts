import { summaryOf, type Task } from "../../packages/core/src/index.ts";
import { type Wording, wordingOf } from "./wording.ts";
import { capital, type NodeOperation, type Resource, type Schema } from "./operation.ts";

/** The node's parameters, as n8n's INodeProperties, from the operations. */

type Property = Record<string, unknown>;

/** Fields for which the machine that works needs eyes of its own: shown with the server alone. */
const NEEDS_EYES: ReadonlySet<string> = new Set(["annotate"]);

interface WaySpec {
  readonly value: string;
  /** Whether an operation can be done this way. */
  readonly can: (operation: NodeOperation) => boolean;
}

/** The ways to see, by the credential they need. */
export const WAYS: readonly [WaySpec, WaySpec] = [
  // Without eyes of its own n8n can do what a model does alone.
  { value: "sightlineModelApi", can: ({ task }) => task.eyesOptional === true },
  // The server has the tools that agents have.
  { value: "sightlineServerApi", can: ({ task }) => task.doors.includes("mcp") },
];

const RESOURCES: readonly Resource[] = ["image", "document", "video", "text"];

const WORDS: Readonly<Record<string, string>> = {
  pdf: "PDF",
  dpi: "DPI",
  json: "JSON",
  id: "ID",
  url: "URL",
  xml: "XML",
  ocr: "OCR",
  // Units at a name's end.
  s: "(Seconds)",
};

function title(name: string): string {
  return name
    .split("_")
    .map((word) => WORDS[word] ?? capital(word))
    .join(" ");
}

/** An operation's name as the editor lists it. */
export function operationTitle({ value }: NodeOperation): string {
  return title(value.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

/** n8n's style: no full stop behind a single sentence. "e.g." ends none. */
function sentence(text: string): string {
  const first = capital(text.trim());
  return /(?<!\be\.g)[.!?]\s/.test(first) ? first.replace(/([^.])$/, "$1.") : first.replace(/\.$/, "");
}

/** What a task does, in a sentence. */
export function summary(task: Task): string {
  return sentence(summaryOf(task));
}

/** All parameters but those written by hand in the node, in the order of the editor. */
export function properties(operations: readonly NodeOperation[]): Property[] {
  return [
    ...WAYS.map((way) => resourceProperty(way, operations)),
    ...WAYS.flatMap((way) => RESOURCES.map((resource) => operationProperty(way, resource, operations))).filter(
      (each) => each !== undefined,
    ),
    ...operations.flatMap((operation) =>
      operation.fields.filter(({ required }) => required).map((field) => ({ ...property(field, operation), ...shownFor(operation) })),
    ),
  ];
}

/** The optional fields of an operation, for its collection of options. */
export function optionProperties(operation: NodeOperation): Property[] {
  return operation.fields
    .filter(({ required }) => !required)
    .map((field) => ({
      ...property(field, operation),
      ...(NEEDS_EYES.has(field.name) ? { displayOptions: { show: { "/authentication": [WAYS[1].value] } } } : {}),
    }));
}

function resourceProperty(way: WaySpec, operations: readonly NodeOperation[]): Property {
  const there = RESOURCES.filter((resource) => operations.some((operation) => operation.resource === resource && way.can(operation)));
  return {
    displayName: "Resource",
    name: "resource",
    type: "options",
    noDataExpression: true,
    displayOptions: { show: { authentication: [way.value] } },
    options: there.map((resource) => ({ name: capital(resource), value: resource })).toSorted(byName),
    default: there[0],
  };
}

function operationProperty(way: WaySpec, resource: Resource, operations: readonly NodeOperation[]): Property | undefined {
  const there = operations.filter((operation) => operation.resource === resource && way.can(operation));
  if (there.length === 0) return undefined;
  return {
    displayName: "Operation",
    name: "operation",
    type: "options",
    noDataExpression: true,
    displayOptions: { show: { authentication: [way.value], resource: [resource] } },
    options: there
      .map((operation) => ({
        name: operationTitle(operation),
        value: operation.value,
        action: action(operation),
        description: summary(operation.task),
      }))
      .toSorted(byName),
    default: there[0]?.value,
  };
}

/** Verbs whose object is not the file itself. */
const VERBS: Readonly<Record<string, string>> = { ask: "ask about", locate: "locate something in" };

/** "Describe an image": what the node does, in the list of its actions. */
export function action(operation: NodeOperation): string {
  const [verb = "", ...rest] = operationTitle(operation).toLowerCase().split(" ");
  const resource = operation.resource;
  const article = /^[aeiou]/.test(rest[0] ?? resource) ? "an" : "a";
  if (rest.length === 0) return capital(`${VERBS[verb] ?? verb} ${article} ${resource}`);
  const what = rest.join(" ");
  return capital(what === "text" || what === "data" ? `${verb} ${what} from a ${resource}` : `${verb} ${article} ${what}`);
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name.localeCompare(other.name, "en");
}

function shownFor({ resource, value }: NodeOperation): Property {
  return { displayOptions: { show: { resource: [resource], operation: [value] } } };
}

/** What the editor calls an operation's field. */
export function labelOf(task: Task, name: string): string {
  return wordingOf(task.name, name).label ?? title(name);
}

function property({ name, required, schema, form }: NodeOperation["fields"][number], { task }: NodeOperation): Property {
  const wording = wordingOf(task.name, name);
  const example = exampleOf(task, name);
  const text = Array.isArray(example) ? example.join(", ") : example;
  const shown = wording.placeholder ?? (required && typeof text === "string" && task.textField !== name ? `e.g. ${text}` : undefined);
  const described = wording.description ?? sentence(schema.description ?? title(name));
  return {
    displayName: labelOf(task, name),
    name,
    ...(required ? { required: true } : {}),
    ...(form === "list"
      ? { type: "string", default: "", description: `${described}; separated by commas, or one a line` }
      : { ...simple(name, schema, task.textField === name, wording), description: describedAs(schema, described) }),
    ...(shown === undefined ? {} : { placeholder: shown }),
  };
}

/** What the task's own examples give this field. */
function exampleOf({ examples }: Task, name: string): unknown {
  return examples.map((each) => (each as Readonly<Record<string, unknown>>)[name]).find((value) => value !== undefined);
}

/** n8n's style: switches say "Whether to …". */
function describedAs({ type }: Schema, description: string): string {
  if (type !== "boolean" || description.startsWith("Whether ")) return description;
  const said = `${description.charAt(0).toLowerCase()}${description.slice(1)}`;
  return /^(?:also|only) /.test(said) ? `Whether to ${said}` : `Whether to give ${said}`;
}

function simple(name: string, schema: Schema, isText: boolean, wording: Wording): Property {
  const values = schema.enum ?? schema.items?.enum;
  if (values !== undefined) {
    const options = values.map((value) => ({
      name: title(String(value).replaceAll("-", "_")),
      value,
      ...wording.values?.[String(value)],
    }));
    const isList = schema.type === "array";
    return {
      type: isList ? "multiOptions" : "options",
      // n8n's linter wants long lists sorted; short ones keep the order that means something.
      options: options.length >= 5 ? options.toSorted(byName) : options,
      default: schema.default ?? (isList ? [] : values[0]),
    };
  }
  if (schema.type === "boolean") return { type: "boolean", default: schema.default ?? false };
  if (schema.type === "number" || schema.type === "integer") {
    const real = (bound: number | undefined): boolean => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
    const bounds = {
      ...(real(schema.minimum) ? { minValue: schema.minimum } : {}),
      ...(real(schema.maximum) ? { maxValue: schema.maximum } : {}),
    };
    return {
      type: "number",
      ...(Object.keys(bounds).length === 0 ? {} : { typeOptions: bounds }),
      default: wording.default ?? schema.default ?? schema.minimum ?? 0,
    };
  }
  if (name === "password") return { type: "string", typeOptions: { password: true }, default: "" };
  const isLong = isText || (schema.maxLength ?? 0) > 1000;
  return { type: "string", ...(isLong ? { typeOptions: { rows: 4 } } : {}), default: schema.default ?? "" };
}
