/** What the page does with tools follows from their schemas; here it is held against the tasks themselves. */
import { tasks } from "@sightline/core";
import { describe, expect, it } from "vitest";
import { LISTED } from "../../packages/mcp-server/src/listed-tools.ts";
import { fileFieldOf } from "../../packages/viewer/src/call/files.ts";
import { asCommand, asMcp, asN8n } from "../../packages/viewer/src/playground/copy-call.ts";
import { parametersOf, toArguments } from "../../packages/viewer/src/playground/parameters.ts";
import { nodeOperations } from "../../scripts/n8n/operation.ts";
import { SAMPLES } from "../../packages/viewer/src/playground/samples.ts";

const operations = nodeOperations(tasks);
const atTheDoor = tasks.filter(({ doors }) => doors.includes("mcp"));
const toolOf = (name: string) => {
  const tool = LISTED.find((each) => each.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return tool;
};

describe.each(atTheDoor.map((task) => [task.name, task] as const))("%s in the playground", (name, task) => {
  const { inputSchema } = toolOf(name);

  it("has its file field known, and is shown by the viewer", () => {
    expect(fileFieldOf(inputSchema)).toBe(Object.keys(task.files)[0]);
    expect(toolOf(name).shows).toBe(true);
  });

  it("has a control for every other input, whose untouched values the task takes", () => {
    const parameters = parametersOf(inputSchema);
    expect(new Set([...parameters.map((each) => each.name), fileFieldOf(inputSchema)])).toEqual(new Set(Object.keys(task.input.shape)));
    const required = Object.fromEntries(parameters.filter((each) => each.required).map((each) => [each.name, "a red bus"]));
    const [example] = task.examples;
    const field = fileFieldOf(inputSchema) ?? "";
    const input = { [field]: (example as Record<string, unknown>)[field], ...toArguments(inputSchema, required) };
    expect(task.input.strict().safeParse(input).error).toBeUndefined();
  });

  it("is the n8n operation of its own, with parameters the node has", () => {
    const call = { tool: name, inputSchema, args: { ...task.examples[0] }, fileNames: ["scan.pdf"] };
    const [node] = (JSON.parse(asN8n(call) ?? "{}") as { nodes: { parameters: Record<string, unknown> }[] }).nodes;
    const { resource, operation, authentication: _, binaryPropertyName: __, options, ...own } = node?.parameters ?? {};
    const known = operations.find((each) => each.resource === resource && each.value === operation);
    expect(known?.task.name).toBe(name);
    const fields = (required: boolean) => known?.fields.filter((each) => each.required === required).map((each) => each.name) ?? [];
    // Written by hand for the node (its data-parameters.ts).
    const wanted = name === "extract_data" ? ["defineFields", "dataFields", "fieldsJson"] : [];
    expect([...fields(true), ...wanted]).toEqual(expect.arrayContaining(Object.keys(own)));
    expect(fields(false)).toEqual(expect.arrayContaining(Object.keys(options as object)));
  });
});

describe("a call for other doors", () => {
  const { inputSchema } = toolOf("extract_invoice");
  const args = { document: "sightline://files/x", sources: ["text", "ocr"], compare: true, password: "it's" };

  it("is a line for a shell, every word in its place", () => {
    expect(asCommand({ tool: "extract_invoice", inputSchema, args, fileNames: ["my scan.pdf"] })).toBe(
      `sightline extract-invoice 'my scan.pdf' --sources text --sources ocr --compare --password 'it'\\''s'`,
    );
  });

  it("fills in n8n's list of fields, or its JSON for a schema", () => {
    const parametersFor = (args: Record<string, unknown>): unknown => {
      const call = { tool: "extract_data", inputSchema: toolOf("extract_data").inputSchema, args, fileNames: ["scan.pdf"] };
      return (JSON.parse(asN8n(call) ?? "{}") as { nodes: { parameters: unknown }[] }).nodes[0]?.parameters;
    };
    const fields = [{ name: "rent", type: "amount" }];
    expect(parametersFor({ fields })).toMatchObject({ defineFields: "list", dataFields: { field: fields } });
    expect(parametersFor({ schema: { type: "object" } })).toMatchObject({ defineFields: "json", fieldsJson: '{\n  "type": "object"\n}' });
  });

  it("names the file as the person knows it, not as the server keeps it", () => {
    expect(JSON.parse(asMcp({ tool: "extract_invoice", inputSchema, args, fileNames: ["-a.pdf"] }))).toMatchObject({
      params: { arguments: { document: "-a.pdf" } },
    });
    expect(asCommand({ tool: "extract_invoice", inputSchema, args: {}, fileNames: ["-a.pdf"] })).toBe(
      "sightline extract-invoice './-a.pdf'",
    );
  });
});

it.each(SAMPLES.map((sample) => [sample.file, sample] as const))(
  "the sample %s asks a tool that is there, in words it has",
  (_, sample) => {
    expect(parametersOf(toolOf(sample.tool).inputSchema).map(({ name }) => name)).toEqual(
      expect.arrayContaining(Object.keys(sample.values)),
    );
  },
);
