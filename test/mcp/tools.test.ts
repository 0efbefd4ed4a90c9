import { tasks } from "@sightline/core";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, ERAS, type Connection, type Tool } from "./connect.ts";

const MCP_TASKS = tasks.filter((task) => task.doors.includes("mcp"));

describe.each(ERAS)("tools/list, %s", (era) => {
  let server: Connection;
  let tools: Tool[];
  beforeAll(async () => {
    server = await connect({ era });
    tools = await server.listTools();
  });
  afterAll(() => server.close());

  it("lists the tasks in their order, then the server's own operations", () => {
    expect(tools.map(({ name }) => name)).toEqual([...MCP_TASKS.map(({ name }) => name), "status", "list_images"]);
  });

  it("tells agents the truth about what calls do", () => {
    for (const { name, annotations } of tools) {
      const openWorldHint = name !== "list_images";
      expect(annotations, name).toEqual({ readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint });
    }
  });

  it("refuses unknown fields, and shows the defaults of an agent's door", () => {
    for (const { name, inputSchema } of tools) expect(inputSchema["additionalProperties"], name).toBe(false);
    const extract = tools.find(({ name }) => name === "extract_text");
    expect(extract?.inputSchema).toMatchObject({ properties: { evidence: { default: "none" } } });
  });

  it("has a title, a description and an output schema for each tool", () => {
    for (const tool of tools)
      expect(tool, tool.name).toMatchObject({
        title: expect.any(String),
        description: expect.any(String),
        outputSchema: { type: "object" },
      });
  });

  it("uses no schema that hosts stumble over", () => {
    for (const { name, inputSchema, outputSchema } of tools) expect(stumblingBlocks({ inputSchema, outputSchema }, name)).toEqual([]);
  });

  it("costs an agent under 5,000 tokens", () => {
    expect(countTokens(JSON.stringify(tools))).toBeLessThan(5_000);
  });
});

/** Tuples, nullable types and empty `additionalProperties`: what the protocol's inspector warns of in its strict mode. */
function stumblingBlocks(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  const found: string[] = [];
  for (const [key, child] of Object.entries(value)) {
    const here = `${path}.${key}`;
    if (key === "prefixItems" || (key === "items" && Array.isArray(child))) found.push(`${here} is a tuple`);
    if (key === "nullable" || (key === "type" && (child === "null" || (Array.isArray(child) && child.includes("null")))))
      found.push(`${here} is nullable`);
    if (key === "additionalProperties" && typeof child === "object" && Object.keys(child as object).length === 0)
      found.push(`${here} is empty`);
    found.push(...stumblingBlocks(child, here));
  }
  return found;
}
