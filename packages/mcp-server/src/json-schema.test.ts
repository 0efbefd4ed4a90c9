import { describe, expect, it } from "vitest";
import * as z from "zod";
import { inputJsonSchema, longOutputJsonSchema, outputJsonSchema } from "./json-schema.ts";

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
      properties: { pages: { type: "array", items: { type: "object", description: "number, lines" } } },
      required: ["pages"],
    });
  });

  it("says of what lies deeper what it is, and spells none of it out", () => {
    const box = z.object({ x: z.number() }).describe("A box");
    const output = z.object({
      box,
      kind: z.enum(["a", "b"]),
      date: z.string().regex(/^\d+$/),
      model: z.string().describe("The model that was asked"),
      boxes: z.array(box).describe("Largest first"),
    });
    expect(outputJsonSchema(output)["properties"]).toEqual({
      box: { type: "object", description: "A box" },
      kind: { type: "string", enum: ["a", "b"] },
      date: { type: "string" },
      model: { type: "string" },
      boxes: { type: "array", items: { type: "object", description: "A box" }, description: "Largest first" },
    });
  });
});

describe("longOutputJsonSchema", () => {
  it("is the answer or a job, each field once", () => {
    expect(longOutputJsonSchema(z.object({ text: z.string(), model: z.string().optional() }))).toEqual({
      type: "object",
      properties: { text: { type: "string" }, model: { type: "string" }, job_id: { type: "string", description: expect.any(String) } },
      anyOf: [{ required: ["text"] }, { required: ["job_id"] }],
    });
  });
});
