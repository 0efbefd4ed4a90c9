import { describe, expect, it } from "vitest";
import * as z from "zod";
import { inputJsonSchema, outputJsonSchema } from "./json-schema.ts";

const input = z.object({
  document: z.string().describe("A path"),
  evidence: z.enum(["none", "boxes"]).default("boxes"),
  page: z.int().min(1).optional(),
});

describe("inputJsonSchema", () => {
  it("refuses unknown fields and shows the defaults of an agent's door", () => {
    expect(inputJsonSchema(input, { evidence: "none" })).toEqual({
      type: "object",
      properties: {
        document: { type: "string", description: "A path" },
        evidence: { type: "string", enum: ["none", "boxes"], default: "none" },
        page: { type: "integer", minimum: 1 },
      },
      required: ["document"],
      additionalProperties: false,
    });
  });

  it("asks no longer for a field that has a default here", () => {
    expect(inputJsonSchema(input, { document: "/newest" })["required"]).toEqual([]);
  });
});

describe("outputJsonSchema", () => {
  it("lists what every answer has, open for later fields", () => {
    const output = z.object({ pages: z.array(z.object({ number: z.number(), lines: z.array(z.string()).optional() })) });
    expect(outputJsonSchema(output)).toEqual({
      type: "object",
      properties: {
        pages: {
          type: "array",
          items: {
            type: "object",
            properties: { number: { type: "number" }, lines: { type: "array", items: { type: "string" } } },
            required: ["number"],
          },
        },
      },
      required: ["pages"],
    });
  });

  it("names objects that lie deep, and does not spell them out", () => {
    const deepest = z.object({ x: z.number() }).describe("A box");
    const output = z.object({ a: z.array(z.object({ b: z.object({ c: z.array(deepest), plain: z.string() }) })) });
    expect(JSON.stringify(outputJsonSchema(output))).toContain(
      '"c":{"type":"array","items":{"type":"object","description":"A box"}},"plain":{"type":"string"}',
    );
  });
});
