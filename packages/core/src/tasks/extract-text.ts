import * as z from "zod";
import { toMarkdown, toPlainText } from "../reading-order.ts";
import { pageShape, warningsShape } from "../shapes.ts";
import { defineTask } from "../task.ts";

/** Reads the text of a document with the machine's own OCR. */
export const extractText = defineTask({
  name: "extract_text",
  title: "Extract text",
  description:
    "Reads all text in a picture of a document, receipt, screenshot or sign, verbatim and in reading order, with OCR on this machine (no model needed). " +
    "Ask for evidence: boxes to learn where each line stands. PDFs are not read yet.",
  doors: ["mcp", "cli", "library"],
  files: { document: "document" },
  input: z.object({
    document: z.string().min(1).describe("Absolute path, file:// or https:// URL, or data: URI of a picture of the document"),
    format: z.enum(["plain", "markdown"]).default("plain").describe("plain: as printed; markdown: headings, lists and paragraphs marked"),
    language: z.string().min(2).optional().describe("Language of the text where known, e.g. de or pt-BR; improves recognition"),
    evidence: z.enum(["none", "boxes"]).default("boxes").describe("boxes: each line with its bounding box and confidence"),
  }),
  output: z.object({
    text: z.string(),
    pages: z.array(pageShape),
    warnings: warningsShape,
  }),
  agentDefaults: { evidence: "none" },
  examples: [{ document: "/home/me/Pictures/receipt.jpg" }, { document: "/home/me/scan.png", format: "markdown", evidence: "boxes" }],
  render: (output) => [output.text, ...output.warnings.map((warning) => `[${warning}]`)].join("\n"),
  renderEvidence: (output) =>
    output.pages
      .flatMap((page) => page.lines ?? [])
      .map(
        ({ text, box, confidence }) =>
          `x=${box.x} y=${box.y} width=${box.width} height=${box.height} (${Math.round(confidence * 100)} %): ${text}`,
      )
      .join("\n"),
  async run(input, context) {
    const file = await context.input.read(input.document, { accept: ["image"], signal: context.signal });
    context.progress(`Reading the text of ${file.name}`);
    const read = await context.text.recognize(file.bytes, {
      name: file.name,
      signal: context.signal,
      ...(input.language === undefined ? {} : { language: input.language }),
      onProgress: (message) => context.progress(message),
    });
    const page = { number: 1, width: read.width, height: read.height, source: "ocr" as const };
    const lines = read.lines.map((line) => ({ ...line, box: { ...line.box } }));
    const warnings = [...read.warnings];
    if (lines.length === 0) warnings.push(`No text was found in ${file.name}.`);
    return {
      text: input.format === "markdown" ? toMarkdown(read.lines) : toPlainText(read.lines),
      pages: [input.evidence === "boxes" ? { ...page, lines } : page],
      warnings,
    };
  },
});
