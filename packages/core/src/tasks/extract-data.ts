import * as z from "zod";
import { InputError, SetupError } from "../errors.ts";
import { kindIn, rightReply } from "../extract-data/correcting.ts";
import { parseReply, readReplies, replySchema } from "../extract-data/reply.ts";
import { shapeOfFields, shapeOfSchema } from "../extract-data/shape.ts";
import type { Group } from "../extract-data/shape.ts";
import { groundsOf } from "../grounding.ts";
import { evidenceRecordShape } from "../invoice/schema.ts";
import { evidenceAsGiven } from "../invoice/sourced.ts";
import { askAboutPages } from "../model-pages.ts";
import { documentInput, pagesInput, passwordInput, warningsShape } from "../shapes.ts";
import { defineTask } from "../task.ts";
import { openSheets } from "./sheets.ts";

const MAX_TOKENS = 3000;

const fieldInput = z.object({
  name: z.string().min(1).max(80),
  type: z.enum(["text", "number", "amount", "date", "boolean"]).default("text").describe("amount: a decimal string; date: ISO 8601"),
  description: z.string().max(500).optional().describe("What it is, for the model"),
});

/** Reads any document into the user's own shape, each value held to the words it was read from. */
export const extractData = defineTask({
  name: "extract_data",
  title: "Extract data",
  description:
    "Reads a PDF or picture of any kind into your own fields: a list of fields, or a JSON Schema. Needs a model. Each value comes with the words of the page it was read from, " +
    "looked up there with their place, or marked as not found. Use extract_invoice for invoices and receipts: it needs no model and checks the sums.",
  doors: ["mcp", "cli", "library", "n8n"],
  files: { document: "document" },
  input: z.object({
    document: documentInput,
    fields: z.array(fieldInput).min(1).max(100).optional().describe("What to read; or give schema"),
    schema: z
      .looseObject({})
      .optional()
      .describe("JSON Schema of an object: nested objects, arrays, strings (enum, format date), numbers, integers, booleans"),
    pages: pagesInput,
    password: passwordInput,
    evidence: z.enum(["none", "boxes"]).default("boxes").describe("boxes: for each value its quote, page and box"),
  }),
  output: z.object({
    data: z.record(z.string(), z.unknown()).describe("In the shape that was asked for; what the document does not say is left out"),
    evidence: evidenceRecordShape.optional(),
    needs_review: z.array(z.string()).describe("Why a person should look at it, in plain words; empty when nothing speaks for that"),
    model: z.string(),
    warnings: warningsShape,
  }),
  agentDefaults: { evidence: "none" },
  examples: [
    {
      document: "/home/me/lease.pdf",
      fields: [
        { name: "rent", type: "amount", description: "rent a month" },
        { name: "start", type: "date" },
      ],
    },
    {
      document: "/home/me/menu.jpg",
      schema: {
        type: "object",
        properties: {
          dishes: { type: "array", items: { type: "object", properties: { name: { type: "string" }, price: { type: "number" } } } },
        },
      },
    },
  ],
  render: ({ data, needs_review: reasons, model, warnings }) =>
    [
      JSON.stringify(data, undefined, 2),
      `Read by ${model}.`,
      ...(reasons.length === 0 ? [] : ["To be reviewed:", ...reasons.map((reason) => `- ${reason}`)]),
      ...warnings.map((warning) => `[${warning}]`),
    ].join("\n"),
  renderEvidence: ({ evidence = {} }) =>
    Object.entries(evidence)
      .map(([path, { page, box, quote, grounded }]) => {
        const where =
          page === undefined || box === undefined ? "" : ` page ${page}, x=${box.x} y=${box.y} width=${box.width} height=${box.height}`;
        return `${path}: "${quote}"${grounded ? "" : " (not found on the page)"}${where}`;
      })
      .join("\n"),
  correcting: {
    values: ({ data }) => data,
    kindOf: (path, input) => kindIn(wantedShape(input), path),
    prompt: () => PROMPT,
    reply: (asked, { data, evidence = {} }, input) => rightReply(asked, wantedShape(input), data, evidence),
  },
  async run(input, context) {
    const shape = wantedShape(input);
    const model = context.model ?? context.textModel;
    if (model === undefined) throw noModel();
    const sheets = await openSheets([input.document], input, context);
    try {
      const pages = await sheets.read();
      const asked = await askAboutPages(
        pages,
        model,
        { prompt: PROMPT, schema: { name: "data", schema: replySchema(shape) }, maxTokens: MAX_TOKENS, parse: parseReply },
        context,
      );
      const grounds = groundsOf(pages.map(({ page }) => page));
      const { data, evidence, reasons } = readReplies(shape, asked.values, grounds);
      const ungrounded = Object.entries(evidence).flatMap(([path, { grounded }]) => (grounded ? [] : [path]));
      return {
        data: (data ?? {}) as Record<string, unknown>,
        ...(input.evidence === "boxes" ? { evidence: evidenceAsGiven(evidence, grounds.pages) } : {}),
        needs_review: [...reasons, ...(ungrounded.length === 0 ? [] : [`Not found on the page as quoted: ${ungrounded.join(", ")}.`])],
        model: asked.model,
        warnings: [...sheets.warnings, ...asked.warnings],
      };
    } finally {
      await sheets.close();
    }
  },
});

/** The one prompt of this task; the pages follow it. */
const PROMPT = [
  "Read the document below and give what it says, in the shape that is asked for.",
  "For each value give the value and the quote: the words of the page that it stands in, exactly as printed, a line or less. Write numbers and dates as they are printed.",
  "State only what the document says; give null for what it does not say. Compute nothing and guess nothing.",
].join("\n");

function wantedShape({
  fields,
  schema,
}: {
  readonly fields?: readonly z.output<typeof fieldInput>[] | undefined;
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
}): Group {
  if (fields !== undefined && schema === undefined) return shapeOfFields(fields);
  if (schema !== undefined && fields === undefined) return shapeOfSchema(schema);
  throw new InputError(`extract_data: give ${fields === undefined ? "fields or schema" : "either fields or schema, not both"}.`, {
    hint: 'Fields are like [{"name": "rent", "type": "amount", "description": "rent a month"}].',
  });
}

function noModel(): SetupError {
  return new SetupError(
    "extract_data needs a model and none is set up: install Ollama and run `ollama pull qwen3-vl:8b` (it is found by itself), " +
      "or name a server with SIGHTLINE_BASE_URL and its model with SIGHTLINE_MODEL.",
    { hint: "extract_invoice and extract_text work without a model." },
  );
}
