import type { INodeProperties } from "n8n-workflow";
import { describe, expect, it } from "vitest";
import { WORDINGS } from "../../../scripts/n8n/wording.ts";
import { operations } from "../nodes/Sightline/generated/operations.ts";
import { parameters } from "../nodes/Sightline/parameters.ts";

/** All that the editor shows a label for, whatever it stands in. */
function all(properties: readonly INodeProperties[]): INodeProperties[] {
  return properties.flatMap((property) => [
    property,
    ...(property.type === "collection" ? all(property.options as INodeProperties[]) : []),
    ...(property.type === "fixedCollection"
      ? all((property.options as { values: INodeProperties[] }[]).flatMap(({ values }) => values))
      : []),
  ]);
}

/** What n8n's guidelines for the editor's words ask. Its own scanner asks only some of it. */
describe("the words of the editor", () => {
  const shown = all(parameters).filter(({ name }) => !["resource", "operation", "options"].includes(name));

  it.each(shown.map((property): [string, INodeProperties] => [property.displayName, property]))(
    "%s: label and description",
    (label, property) => {
      expect(label).toMatch(/^[A-Z]\S*(?: (?:\(?[A-Z0-9]\S*|a|an|and|for|in|of|or|per|the|to|with))*$/);
      const { description = "", placeholder, type } = property;
      expect(description).toMatch(/^[A-Z]/);
      // A name said again tells nobody anything.
      expect(description.split(" ").length).toBeGreaterThan(2);
      if (type === "boolean") expect(description).toMatch(/^Whether to |^Whether the /);
      if (placeholder !== undefined && type !== "fixedCollection") expect(placeholder).toMatch(/^e\.g\. /);
    },
  );

  it.each(Object.entries(operations))("%s: an empty field that is needed has an example", (key) => {
    const [resource = "", operation = ""] = key.split(":");
    const needed = parameters.filter(
      ({ required, displayOptions, type }) =>
        required === true &&
        type === "string" &&
        displayOptions?.show?.["operation"]?.includes(operation) === true &&
        displayOptions.show["resource"]?.includes(resource) === true,
    );
    expect(needed.filter(({ placeholder }) => placeholder === undefined).map(({ name }) => name)).toEqual([]);
  });

  it("that are written by hand are of fields that there are", () => {
    const fields = new Set(
      Object.values(operations).flatMap(({ task, fields: own }) => own.flatMap(({ name }) => [name, `${task}.${name}`])),
    );
    expect(Object.keys(WORDINGS).filter((name) => !fields.has(name))).toEqual([]);
  });
});
