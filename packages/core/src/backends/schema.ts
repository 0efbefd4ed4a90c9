/** The part of JSON Schema that is looked into here. */
interface Schema {
  readonly [keyword: string]: unknown;
}

/** Limits that one or the other server refuses or ignores (OpenAI strict mode, llama.cpp grammars, xgrammar): the answer is held to them afterwards. */
const LIMITS = [
  "$schema",
  "default",
  "minLength",
  "maxLength",
  "pattern",
  "format",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minItems",
  "maxItems",
  "uniqueItems",
];

/**
 * The schema in the subset that every server takes: each field required (null where it may be left out), nothing beside them, no limits of
 * length or number. An answer that fits the given schema fits this one too, once its absent fields are null.
 */
export function portableSchema(schema: Schema): Record<string, unknown> {
  const kept = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !LIMITS.includes(keyword)));
  for (const keyword of ["anyOf", "oneOf", "allOf"]) {
    if (Array.isArray(kept[keyword])) kept[keyword] = (kept[keyword] as Schema[]).map(portableSchema);
  }
  if (isSchema(kept["items"])) kept["items"] = portableSchema(kept["items"]);
  for (const keyword of ["$defs", "definitions"]) {
    if (isSchema(kept[keyword])) kept[keyword] = mapFields(kept[keyword], (each) => portableSchema(each));
  }
  if (!isSchema(kept["properties"])) return kept;
  const required = Array.isArray(kept["required"]) ? (kept["required"] as unknown[]) : [];
  const properties = mapFields(kept["properties"], (each, name) =>
    required.includes(name) ? portableSchema(each) : orNull(portableSchema(each)),
  );
  return { ...kept, properties, required: Object.keys(properties), additionalProperties: false };
}

/**
 * The prompt as every server is sent it, with the schema in words where one is asked for: servers that obey a schema do not show it to the model, which then fills fields it knows by
 * name only; others ignore it without a word.
 */
export function promptWithSchema(prompt: string, schema: Record<string, unknown> | undefined): string {
  if (schema === undefined) return prompt;
  return `${prompt}\n\nAnswer with one JSON object that fits this JSON Schema, and with nothing else:\n${JSON.stringify(schema)}`;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapFields(fields: Schema, change: (field: Schema, name: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, isSchema(field) ? change(field, name) : field]));
}

function orNull(schema: Record<string, unknown>): Record<string, unknown> {
  if (typeof schema["type"] === "string" && schema["enum"] === undefined) {
    return schema["type"] === "null" ? schema : { ...schema, type: [schema["type"], "null"] };
  }
  return { anyOf: [schema, { type: "null" }] };
}
