import { tasks } from "@sightline/core";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, ERAS, run, type Connection, type Tool } from "./connect.ts";

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
    expect(tools.map(({ name }) => name)).toEqual([...MCP_TASKS.map(({ name }) => name), "list_images", "status", "get_job", "cancel_job"]);
  });

  it("tells agents the truth about what calls do", () => {
    for (const { name, annotations } of tools) {
      const openWorldHint = !["list_images", "get_job", "cancel_job"].includes(name);
      const ends = { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint };
      expect(annotations, name).toEqual(name === "cancel_job" ? ends : { readOnlyHint: true, openWorldHint });
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

  it("shows an input that each task takes", () => {
    for (const { name, examples } of MCP_TASKS) {
      const description = tools.find((tool) => tool.name === name)?.description;
      expect(description, name).toContain(`Example: ${JSON.stringify(examples[0])}`);
    }
  });

  it("are at most 12, and cost an agent under 5,000 tokens", () => {
    expect(tools.length).toBeLessThanOrEqual(12);
    expect(countTokens(JSON.stringify(tools))).toBeLessThan(5_000);
  });
});

describe("--tools", () => {
  it("lists those that are named, in their own order, with what their jobs need", async () => {
    const server = await connect({ args: ["--backend", "none", "--tools", "extract_text, describe_image"] });
    try {
      expect((await server.listTools()).map(({ name }) => name)).toEqual(["describe_image", "extract_text", "get_job", "cancel_job"]);
    } finally {
      await server.close();
    }
  });

  it("names what there is when one is no tool", async () => {
    const { code, err } = await run(["--backend", "none", "--tools", "describe_picture"]);
    expect(code).toBe(2);
    expect(err).toMatch(/describe_picture[\s\S]*describe_image/);
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
