import * as z from "zod";
import { EVIDENCE_SOURCES, evidenceRecordShape, invoiceResultShape } from "../invoice/schema.ts";
import { checkedForCopies } from "../invoice/checks.ts";
import { invoicesTable, linesTable } from "../invoice/table.ts";
import { invoiceValues, kindOfValue, rightQuotes, wholeInvoicePrompt } from "../read-invoice/correcting.ts";
import { readInvoiceFile } from "../read-invoice/index.ts";
import { renderInvoice, renderInvoiceEvidence } from "../read-invoice/words.ts";
import { documentInput, pagesInput, passwordInput, warningsShape } from "../shapes.ts";
import { defineTask } from "../task.ts";

/** Reads invoices and receipts, and holds them to their own sums. */
export const extractInvoice = defineTask({
  name: "extract_invoice",
  title: "Extract invoice",
  description:
    "Reads the invoices and receipts in a PDF, picture or XML file: parties, dates, lines, taxes, totals, payment, each amount as printed, with its place as evidence, " +
    "and checks that the sums, IBAN and VAT ids are right. Embedded XML (Factur-X, ZUGFeRD, XRechnung, UBL) is read first, then the text layer, then OCR; " +
    "no model is needed, and one that is set up is asked only for what is missing or does not add up. needs_review says why a person should look.",
  doors: ["mcp", "cli", "library", "n8n"],
  files: { document: "document" },
  fileKinds: ["pdf", "image", "xml"],
  // XML needs none.
  eyesOptional: true,
  savesPictures: true,
  input: z.object({
    document: documentInput.describe("Absolute path, file:// or https:// URL, or data: URI of a PDF, a picture, or an invoice in XML"),
    sources: z
      .array(z.enum(EVIDENCE_SOURCES))
      .min(1)
      .default([...EVIDENCE_SOURCES])
      .describe("What may be read from, used in this order: embedded XML, text layer, OCR, the model"),
    pages: pagesInput,
    password: passwordInput,
    compare: z.boolean().default(false).describe("Also read the pages where XML says it all, and report what the two tell differently"),
    evidence: z.enum(["none", "boxes"]).default("boxes").describe("boxes: for each value its page, box, quote and source"),
    annotate: z.boolean().default(false).describe("Also save the pages with the evidence drawn on them, in the colors of the checks"),
  }),
  output: z.object({
    invoices: z
      .array(invoiceResultShape.extend({ evidence: evidenceRecordShape.optional() }))
      .describe("One entry for each invoice in the file"),
    model: z.string().optional().describe("The model that was asked, where one was"),
    annotated: z.array(z.string()).optional().describe("Paths of the pages with the evidence drawn on them"),
    warnings: warningsShape,
  }),
  agentDefaults: { evidence: "none" },
  examples: [{ document: "/home/me/Invoices/2026-0817.pdf" }, { document: "/home/me/scan.jpg", sources: ["text", "ocr"], annotate: true }],
  render: renderInvoice,
  renderEvidence: renderInvoiceEvidence,
  tables: {
    lines: { ...linesTable, rows: ({ invoices }) => invoices.flatMap(({ invoice }) => linesTable.rows(invoice)) },
    invoices: {
      columns: [...invoicesTable.columns, "needs_review"],
      rows: ({ invoices }) =>
        invoices.flatMap(({ invoice, needs_review: reasons }) =>
          invoicesTable.rows(invoice).map((row) => ({ ...row, needs_review: reasons.join(" ") })),
        ),
    },
  },
  copyKeys: ({ invoices }) => invoices.flatMap(({ duplicate_key: key }) => key ?? []),
  markCopies: (output, seenKeys) => ({
    ...output,
    invoices: output.invoices.map((result) => ({ ...result, checks: checkedForCopies(result.invoice, result.checks, seenKeys) })),
  }),
  correcting: {
    values: invoiceValues,
    kindOf: kindOfValue,
    prompt: wholeInvoicePrompt,
    // Read by nobody else first, all of it is asked for.
    teaching: (input) => ({ ...input, sources: ["model" as const], compare: false, annotate: false }),
    reply: rightQuotes,
  },
  async run(input, context) {
    const { signal } = context;
    const file = await context.input.read(input.document, { accept: ["pdf", "image", "xml"], signal });
    const { invoices, model, annotated, warnings } = await readInvoiceFile(file, input, context);
    return {
      invoices: invoices.map(({ evidence, ...result }) => (input.evidence === "boxes" ? { ...result, evidence } : result)),
      ...(model === undefined ? {} : { model }),
      ...(annotated.length === 0 ? {} : { annotated: [...annotated] }),
      warnings: [...warnings],
    };
  },
});
