import * as z from "zod";
import { readPages } from "../read-document.ts";
import { toMarkdown, toPlainText } from "../reading-order.ts";
import { documentInput, pageShape, pagesInput, passwordInput, warningsShape } from "../shapes.ts";
import { defineTask } from "../task.ts";

/** Reads the text of a document, page by page: from its text layer, or with the machine's own OCR. */
export const extractText = defineTask({
  name: "extract_text",
  title: "Extract text",
  description:
    "Reads all text of a PDF or of a picture of a document, receipt, screenshot or sign, verbatim and in reading order: from the text layer of a page where it has one, else with OCR on this machine (no model needed). " +
    "Ask for evidence: boxes to learn where each line stands.",
  doors: ["mcp", "cli", "library", "n8n"],
  files: { document: "document" },
  input: z.object({
    document: documentInput,
    format: z.enum(["plain", "markdown"]).default("plain").describe("plain: as printed; markdown: headings, lists and paragraphs marked"),
    pages: pagesInput,
    language: z.string().min(2).optional().describe("Language of the text where known, e.g. de or pt-BR; improves recognition"),
    evidence: z.enum(["none", "boxes"]).default("boxes").describe("boxes: each line with its bounding box and confidence"),
    password: passwordInput,
  }),
  output: z.object({
    text: z.string(),
    pages: z.array(pageShape),
    warnings: warningsShape,
  }),
  agentDefaults: { evidence: "none" },
  examples: [
    { document: "/home/me/Pictures/receipt.jpg" },
    { document: "/home/me/contract.pdf", pages: "1-3", format: "markdown", evidence: "boxes" },
  ],
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
    const file = await context.input.read(input.document, { accept: ["image", "pdf"], signal: context.signal });
    const texts: string[] = [];
    const pages: z.output<typeof pageShape>[] = [];
    const warnings: string[] = [];
    const toText = input.format === "markdown" ? toMarkdown : toPlainText;
    const { pages: wanted, language, password } = input;
    for await (const { page, warnings: news } of readPages(file, { pages: wanted, language, password }, context)) {
      warnings.push(...news);
      if (page === undefined) continue;
      const { lines, ...facts } = page;
      texts.push(toText(lines));
      pages.push(input.evidence === "boxes" ? { ...facts, lines: lines.map((line) => ({ ...line, box: { ...line.box } })) } : facts);
    }
    if (texts.every((text) => text === "")) warnings.push(`No text was found in ${file.name}.`);
    return { text: texts.filter((text) => text !== "").join("\n\n"), pages, warnings };
  },
});
