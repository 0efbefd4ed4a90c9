import type { StandardSchemaWithJSON } from "@modelcontextprotocol/server";
import * as z from "zod";

type JsonSchema = Record<string, unknown>;

/** What a tool takes, as agents see it: unknown fields refused, the defaults of an agent's door shown as the defaults. */
export function inputJsonSchema(input: z.ZodObject, defaults: Readonly<Record<string, unknown>>): JsonSchema {
  const schema = toJsonSchema(input.strict(), "input");
  const properties = schema["properties"] as Record<string, JsonSchema>;
  for (const [field, value] of Object.entries(defaults)) properties[field] = { ...properties[field], default: value };
  const required = (schema["required"] as string[] | undefined)?.filter((field) => !(field in defaults));
  return { ...schema, ...(required === undefined ? {} : { required }) };
}

/** What a tool answers. Left open for fields a later version adds: clients check answers against a list they fetched once. */
export function outputJsonSchema(output: z.ZodObject): JsonSchema {
  return toJsonSchema(output, "output");
}

/**
 * The SDK lists a schema and checks with it. Ours are only listed: `runTask` checks input and output itself, and words its
 * errors for agents.
 */
export function listed(schema: () => JsonSchema): StandardSchemaWithJSON<Record<string, unknown>> {
  return {
    "~standard": {
      version: 1,
      vendor: "sightline",
      validate: (value) => ({ value: value as Record<string, unknown> }),
      jsonSchema: { input: schema, output: schema },
    },
  };
}

/** Without what every reader of the list would pay for and none needs: the dialect (2020-12 is the protocol's own), int's bounds, closed answers. */
function toJsonSchema(schema: z.ZodObject, io: "input" | "output"): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    override({ jsonSchema }) {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (io === "output") delete jsonSchema.additionalProperties;
    },
  });
  return json;
}
