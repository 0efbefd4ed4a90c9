import { extractData } from "@sightline/core";
import { describe, expect, it } from "vitest";
import { dataParameters } from "../nodes/Sightline/data-parameters.ts";
import { wantedData } from "./data-fields.ts";

/** What the task takes for these parameters; its own check of them is the judge. */
function taken(parameters: Readonly<Record<string, unknown>>): unknown {
  return extractData.input.parse({ document: "a.pdf", ...wantedData((name) => parameters[name]) });
}

describe("what Extract Data is to read", () => {
  it("is a list; rows without a name are left out", () => {
    const field = [
      { name: " rent ", type: "amount", description: "rent a month" },
      { name: "start", type: "date", description: "" },
      { name: "", type: "text", description: "" },
    ];
    expect(taken({ defineFields: "list", dataFields: { field } })).toMatchObject({
      fields: [
        { name: "rent", type: "amount", description: "rent a month" },
        { name: "start", type: "date" },
      ],
    });
  });

  it.each([
    ['[{"name":"rent"}]', { fields: [{ name: "rent" }] }],
    [[{ name: "rent" }], { fields: [{ name: "rent" }] }],
    ['{"type":"object","properties":{"rent":{"type":"number"}}}', { schema: { type: "object" } }],
  ])("is JSON, as text or from an expression: %j", (fieldsJson, expected) => {
    expect(taken({ defineFields: "json", fieldsJson })).toMatchObject(expected);
  });

  it.each([
    [{ defineFields: "list", dataFields: {} }, "No field to read is named"],
    [{ defineFields: "list", dataFields: { field: [{ name: " " }] } }, "No field to read is named"],
    [{ defineFields: "json", fieldsJson: "[{name:" }, "neither a JSON list of fields nor a JSON Schema"],
    [{ defineFields: "json", fieldsJson: "42" }, "neither a JSON list of fields nor a JSON Schema"],
  ])("is missing: %j", (parameters, words) => {
    expect(() => taken(parameters)).toThrow(words);
  });

  it("is offered in the types that the task knows, and the JSON that is there first is taken", () => {
    const known = extractData.input.shape.fields.unwrap().element.shape.type.unwrap().options;
    const find = (name: string) => dataParameters.find((each) => each.name === name);
    const [list] = (find("dataFields")?.options ?? []) as unknown as { values: { name: string; options?: { value: string }[] }[] }[];
    const offered = list?.values.find(({ name }) => name === "type")?.options?.map(({ value }) => value);
    expect(offered?.toSorted()).toEqual([...known].toSorted());
    expect(() => taken({ defineFields: "json", fieldsJson: find("fieldsJson")?.default })).not.toThrow();
  });
});
