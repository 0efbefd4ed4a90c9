import type { INodeProperties } from "n8n-workflow";
import { dataParameters } from "./data-parameters.ts";
import { taskOptions, taskProperties } from "./generated/properties.ts";

/** The node's parameters: those that follow from the tasks, and around them those that are n8n's own. */

const authentication: INodeProperties = {
  displayName: "Authentication",
  name: "authentication",
  type: "options",
  options: [
    {
      name: "Sightline Model API",
      value: "sightlineModelApi",
      description: "A model server, asked from inside n8n: Ollama, NVIDIA, OpenAI-compatible",
    },
    {
      name: "Sightline Server API",
      value: "sightlineServerApi",
      description: "Sightline's own server, which reads documents and pictures itself and asks a model where one is set up",
    },
  ],
  default: "sightlineModelApi",
  description: "Who looks and reads: a model server that n8n asks itself, or the Sightline server",
};

const file: INodeProperties = {
  displayName: "Input Binary Field",
  name: "binaryPropertyName",
  type: "string",
  default: "data",
  required: true,
  placeholder: "e.g. data, attachment_0, attachment_*, all, https://…",
  displayOptions: { show: { resource: ["image", "document", "video"] } },
  description:
    "The binary field that holds the file. Several separated by commas, or all; an http(s) URL; or an expression that gives the binary itself, as from an earlier node.",
};

const output: INodeProperties = {
  displayName: "Output",
  name: "output",
  type: "options",
  options: [
    { name: "One Item per Invoice", value: "invoices", description: "With its lines, taxes and totals, and the checks it was held to" },
    { name: "One Item per Line", value: "lines", description: "Flat rows for spreadsheets" },
  ],
  default: "invoices",
  displayOptions: { show: { resource: ["document"], operation: ["extractInvoice"] } },
  description: "What becomes an item of its own",
};

const model: INodeProperties = {
  displayName: "Model",
  name: "model",
  type: "resourceLocator",
  default: { mode: "list", value: "" },
  required: true,
  displayOptions: { show: { authentication: ["sightlineModelApi"], resource: ["image", "text"] } },
  description: "The model that is asked; pictures need one with vision",
  modes: [
    {
      displayName: "From List",
      name: "list",
      type: "list",
      typeOptions: { searchListMethod: "searchModels", searchable: true },
    },
    { displayName: "ID", name: "id", type: "string", placeholder: "e.g. qwen3-vl:8b" },
  ],
};

const concurrency: INodeProperties = {
  displayName: "Concurrency",
  name: "concurrency",
  type: "number",
  typeOptions: { minValue: 1, maxValue: 64 },
  default: 4,
  description: "How many items are worked on at a time; their order is kept",
};

const timeout: INodeProperties = {
  displayName: "Timeout",
  name: "timeout",
  type: "number",
  typeOptions: { minValue: 1 },
  default: 300,
  description: "How many seconds one answer may take; without it 300 of a model and 3600 of the server",
};

const skipLogos: INodeProperties = {
  displayName: "Skip Logos",
  name: "skipLogos",
  type: "boolean",
  default: true,
  description: "Whether to leave out pictures too small or too wide for a document, such as logos, where all files of an email are taken",
};

const modelOptions: readonly INodeProperties[] = [
  {
    displayName: "Context Length",
    name: "contextTokens",
    type: "number",
    typeOptions: { minValue: 512 },
    default: 8192,
    description: "How many tokens question and answer share; Ollama loads the model with so many",
  },
  {
    displayName: "Max Tokens",
    name: "maxTokens",
    type: "number",
    typeOptions: { minValue: 16 },
    default: 1000,
    description: "Longest answer, in tokens, in place of what suits the operation",
  },
  {
    displayName: "Temperature",
    name: "temperature",
    type: "number",
    typeOptions: { minValue: 0, maxValue: 2, numberPrecision: 1 },
    default: 0,
    description: "How freely the model chooses its words; 0 gives the same answer each time",
  },
];

/** The options of each operation in one list, sorted as the editor shows them. */
const options: readonly INodeProperties[] = Object.entries(taskOptions).map(([key, fields]) => {
  const [resource = "", operation = ""] = key.split(":");
  const own = [
    ...fields,
    concurrency,
    timeout,
    ...(resource === "document" ? [skipLogos] : []),
    ...(resource === "image" || resource === "text" ? modelOptions : []),
  ];
  return {
    displayName: "Options",
    name: "options",
    type: "collection",
    placeholder: "Add option",
    default: {},
    displayOptions: { show: { resource: [resource], operation: [operation] } },
    options: own.toSorted((one, other) => one.displayName.localeCompare(other.displayName, "en")),
  };
});

/** Resource and operation first, then what they take. */
const [choosing, fields] = [
  taskProperties.filter(({ name }) => name === "resource" || name === "operation"),
  taskProperties.filter(({ name }) => name !== "resource" && name !== "operation"),
];

export const parameters: INodeProperties[] = [authentication, ...choosing, model, file, output, ...dataParameters, ...fields, ...options];
