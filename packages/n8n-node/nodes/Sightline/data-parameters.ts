import type { INodeProperties } from "n8n-workflow";

/** What Extract Data is to read: a list that is filled in, or JSON. They become the task's `fields` or `schema` (lib/data-fields.ts). */

const shown = { resource: ["document"], operation: ["extractData"] };

const defineFields: INodeProperties = {
  displayName: "Define Fields",
  name: "defineFields",
  type: "options",
  noDataExpression: true,
  options: [
    { name: "Using Fields Below", value: "list", description: "Name, type and description of each field" },
    { name: "Using JSON", value: "json", description: "A list of fields, or a JSON Schema for lists and nested values" },
  ],
  default: "list",
  displayOptions: { show: shown },
  description: "How to say what is to be read from the document",
};

const dataFields: INodeProperties = {
  displayName: "Fields",
  name: "dataFields",
  type: "fixedCollection",
  typeOptions: { multipleValues: true, sortable: true },
  placeholder: "Add Field",
  default: { field: [{ name: "", type: "text", description: "" }] },
  displayOptions: { show: { ...shown, defineFields: ["list"] } },
  description: "What to read from the document",
  options: [
    {
      displayName: "Field",
      name: "field",
      values: [
        {
          displayName: "Name",
          name: "name",
          type: "string",
          default: "",
          placeholder: "e.g. monthly_rent",
          description: "What the value is called in the output",
        },
        {
          displayName: "Type",
          name: "type",
          type: "options",
          options: [
            { name: "Amount", value: "amount", description: "Of money; comes out as a decimal text such as 1250.00" },
            { name: "Boolean", value: "boolean", description: "True or false" },
            { name: "Date", value: "date", description: "Comes out as 2026-11-30" },
            { name: "Number", value: "number" },
            { name: "Text", value: "text" },
          ],
          default: "text",
          description: "What kind of value it is",
        },
        {
          displayName: "Description",
          name: "description",
          type: "string",
          default: "",
          placeholder: "e.g. rent a month, without heating",
          description: "What the value is, in your own words, for the model that reads the document",
        },
      ],
    },
  ],
};

const fieldsJson: INodeProperties = {
  displayName: "Fields (JSON)",
  name: "fieldsJson",
  type: "json",
  typeOptions: { rows: 6 },
  default: '[\n  { "name": "monthly_rent", "type": "amount", "description": "rent a month" },\n  { "name": "start", "type": "date" }\n]',
  displayOptions: { show: { ...shown, defineFields: ["json"] } },
  description:
    "A list of fields, each with name, type (text, number, amount, date, boolean) and description; or a JSON Schema of an object for lists and nested values",
};

export const dataParameters: readonly INodeProperties[] = [defineFields, dataFields, fieldsJson];
