import * as z from "zod";

export type JsonSchema = Record<string, unknown>;

/** What a tool takes, as agents see it: unknown fields refused, the defaults of an agent's door shown as the defaults. */
export function inputJsonSchema(input: z.ZodObject, defaults: Readonly<Record<string, unknown>>): JsonSchema {
  const schema = toJsonSchema(input.strict(), "input");
  const properties = schema["properties"] as Record<string, JsonSchema>;
  for (const [field, value] of Object.entries(defaults)) properties[field] = { ...properties[field], default: value };
  const required = (schema["required"] as string[] | undefined)?.filter((field) => !(field in defaults));
  return { ...schema, ...(required === undefined ? {} : { required }) };
}

/**
 * What a tool answers. Left open for fields a later version adds: clients check answers against a list they fetched once. Only the answer's own
 * fields are spelled out. Every reader of the list would pay for what lies deeper, and sees it in the answer; docs/tasks.md has it all.
 */
export function outputJsonSchema(output: z.ZodObject): JsonSchema {
  const schema = toJsonSchema(output, "output");
  const fields = Object.entries(schema["properties"] as Record<string, JsonSchema>);
  return { ...schema, properties: Object.fromEntries(fields.map(([name, field]) => [name, shallow(field)])) };
}

/** Of an object or a list what it holds, in its own words or by its fields' names; of any other value its type: its name says the rest. */
function shallow({ type, items, properties, description, enum: values }: JsonSchema): JsonSchema {
  const fields = isSchema(properties) ? Object.keys(properties).join(", ") : undefined;
  const words = type === "object" || type === "array" ? (description ?? fields) : undefined;
  return {
    ...(type === undefined ? {} : { type }),
    ...(values === undefined ? {} : { enum: values }),
    ...(isSchema(items) ? { items: shallow(items) } : {}),
    ...(words === undefined ? {} : { description: words }),
  };
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a tool answers that may need longer than clients wait: its output, or the job that goes on. Every field stands once. */
export function longOutputJsonSchema(output: z.ZodObject): JsonSchema {
  const { properties, required, ...rest } = outputJsonSchema(output);
  const job = { type: "string", description: "Not done yet: ask get_job" };
  return {
    ...rest,
    properties: { ...(properties as JsonSchema), job_id: job },
    anyOf: [{ required }, { required: ["job_id"] }],
  };
}

/** Without what every reader of the list would pay for and none needs: the dialect (2020-12 is the protocol's own), int's bounds, closed answers. */
function toJsonSchema(schema: z.ZodObject, io: "input" | "output"): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    override({ jsonSchema }) {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      // Open for anything is what leaving it out means, and what linters of schemas want.
      const open = isSchema(jsonSchema.additionalProperties) && Object.keys(jsonSchema.additionalProperties).length === 0;
      if (open || io === "output") delete jsonSchema.additionalProperties;
    },
  });
  return json;
}
