import * as z from "zod";
import { toMarkdown } from "../layout/markdown.ts";
import { toLayout } from "../layout/page-layout.ts";
import { readPages } from "../read-document.ts";
import { toPlainText } from "../reading-order.ts";
import { documentInput, pageShape, pagesInput, passwordInput, warningsShape } from "../shapes.ts";
import { defineTask } from "../task.ts";

const FORMATS = { plain: toPlainText, markdown: toMarkdown, layout: toLayout } as const;

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
    format: z
      .enum(["plain", "markdown", "layout"])
      .default("plain")
      .describe("plain: as printed, row by row; markdown: headings, lists and tables marked; layout: spaced as on the page"),
    pages: pagesInput,
    language: z.string().min(2).optional().describe("Language of the text where known, e.g. de or pt-BR; improves recognition"),
    evidence: z.enum(["none", "boxes"]).default("boxes").describe("boxes: each line with its bounding box and confidence"),
    password: passwordInput,
  }),
  output: z.object({
    text: z.string().describe("One page behind the other, set apart by a form feed; in Markdown by a rule, ---"),
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
      .flatMap(({ number, lines = [] }) =>
        lines.map(({ text, box, confidence }) => {
          const place = `x=${box.x} y=${box.y} width=${box.width} height=${box.height} (${Math.round(confidence * 100)} %): ${text}`;
          return output.pages.length === 1 ? place : `page ${number} ${place}`;
        }),
      )
      .join("\n"),
  async run(input, context) {
    const file = await context.input.read(input.document, { accept: ["image", "pdf"], signal: context.signal });
    const texts: string[] = [];
    const pages: z.output<typeof pageShape>[] = [];
    const warnings: string[] = [];
    const toText = FORMATS[input.format];
    const { pages: wanted, language, password } = input;
    for await (const { page, warnings: news } of readPages(file, { pages: wanted, language, password }, context)) {
      warnings.push(...news);
      if (page === undefined) continue;
      const { lines, ...facts } = page;
      const { source } = facts;
      texts.push(toText(lines));
      pages.push(
        input.evidence === "boxes" ? { ...facts, lines: lines.map((line) => ({ ...line, box: { ...line.box }, source })) } : facts,
      );
    }
    if (texts.every((text) => text === "")) warnings.push(`No text was found in ${file.name}.`);
    return { text: texts.join(input.format === "markdown" ? "\n\n---\n\n" : "\f"), pages, warnings };
  },
});
