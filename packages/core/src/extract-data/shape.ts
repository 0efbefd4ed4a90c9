import { InputError } from "../errors.ts";

/** The user's own shape of data: a JSON Schema or a list of fields, as a tree of what can be looked up on a page. */

export type LeafType = "text" | "number" | "integer" | "amount" | "date" | "boolean";

export interface Leaf {
  readonly kind: "leaf";
  readonly type: LeafType;
  /** The only values it may have. */
  readonly choices?: readonly string[];
  readonly description?: string;
}

export interface List {
  readonly kind: "list";
  readonly item: Shape;
  readonly description?: string;
}

export interface Group {
  readonly kind: "group";
  readonly fields: readonly { readonly name: string; readonly required: boolean; readonly shape: Shape }[];
  readonly description?: string;
}

export type Shape = Leaf | List | Group;

export interface NamedField {
  readonly name: string;
  readonly type: Exclude<LeafType, "integer">;
  readonly description?: string | undefined;
}

/** Levels of objects and lists, and fields in all: more than any form has, and as much as a model keeps in mind. */
const DEEPEST = 6;
const MOST_FIELDS = 200;

/** What of JSON Schema says something that is not looked into here. */
const UNREADABLE = ["$ref", "oneOf", "allOf", "not", "if", "patternProperties", "prefixItems", "dependentSchemas"];

/** InputError when it is no object schema, or uses what is not understood here. */
export function shapeOfSchema(schema: Readonly<Record<string, unknown>>): Group {
  let count = 0;
  const shape = read(schema, "schema", 0);
  if (shape.kind !== "group") throw unusable("schema", 'must be of type "object" with properties');
  return shape;

  function read(node: unknown, path: string, depth: number): Shape {
    if (!isObject(node)) throw unusable(path, "must be an object");
    if (depth > DEEPEST) throw unusable(path, `lies deeper than ${DEEPEST} levels`);
    if (++count > MOST_FIELDS) throw unusable(path, `is more than the ${MOST_FIELDS} fields that can be asked for at a time`);
    const unreadable = UNREADABLE.find((keyword) => keyword in node);
    if (unreadable !== undefined) throw unusable(path, `uses ${unreadable}, which is not understood here`);
    const choice = soleChoice(node["anyOf"]);
    if (choice !== undefined) return read({ ...without(node, "anyOf"), ...choice }, path, depth);
    if ("anyOf" in node) throw unusable(path, "may have one type, and null besides");

    const description = typeof node["description"] === "string" ? { description: node["description"] } : {};
    const type = typeOf(node, path);
    if (type === "object") {
      const properties = node["properties"];
      if (!isObject(properties) || Object.keys(properties).length === 0) throw unusable(path, "has no properties");
      const required = Array.isArray(node["required"]) ? (node["required"] as unknown[]) : [];
      const fields = Object.entries(properties).map(([name, field]) => ({
        name,
        required: required.includes(name),
        shape: read(field, `${path}.${name}`, depth + 1),
      }));
      return { kind: "group", fields, ...description };
    }
    if (type === "array") return { kind: "list", item: read(node["items"], `${path}[]`, depth + 1), ...description };
    const choices = Array.isArray(node["enum"]) ? { choices: (node["enum"] as unknown[]).filter((each) => each !== null).map(String) } : {};
    if (type === "string") return { kind: "leaf", type: node["format"] === "date" ? "date" : "text", ...choices, ...description };
    return { kind: "leaf", type, ...choices, ...description };
  }
}

/** InputError for two fields of one name. */
export function shapeOfFields(fields: readonly NamedField[]): Group {
  const names = fields.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InputError(`Two fields are called "${twice}".`, { hint: "Give each a name of its own." });
  return {
    kind: "group",
    fields: fields.map(({ name, type, description }) => ({
      name,
      required: true,
      shape: { kind: "leaf", type, ...(description === undefined ? {} : { description }) },
    })),
  };
}

type JsonType = "object" | "array" | "string" | "number" | "integer" | "boolean";
const TYPES: readonly JsonType[] = ["object", "array", "string", "number", "integer", "boolean"];

function typeOf(node: Readonly<Record<string, unknown>>, path: string): JsonType {
  const given = [node["type"]].flat().filter((type) => type !== "null" && type !== undefined);
  const [type = "properties" in node ? "object" : "enum" in node ? "string" : undefined] = given;
  const known = TYPES.find((each) => each === type);
  if (known === undefined || given.length > 1) throw unusable(path, `must have one type of ${TYPES.join(", ")}`);
  return known;
}

/** The one alternative beside null. */
function soleChoice(alternatives: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!Array.isArray(alternatives)) return undefined;
  const others = alternatives.filter((each) => !(isObject(each) && each["type"] === "null"));
  return others.length === 1 && isObject(others[0]) ? others[0] : undefined;
}

function without(node: Readonly<Record<string, unknown>>, keyword: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(node).filter(([each]) => each !== keyword));
}

function unusable(path: string, problem: string): InputError {
  return new InputError(`${path} ${problem}.`, {
    hint: 'A schema is like {"type": "object", "properties": {"total": {"type": "number", "description": "…"}}}: objects, arrays, strings (format date, enum), numbers, integers, booleans.',
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
