import * as z from "zod";
import { InputError, isSightlineError } from "../errors.ts";
import { toMarkdown } from "../layout/markdown.ts";
import { toLayout } from "../layout/page-layout.ts";
import type { VisionModel } from "../model.ts";
import type { ShownPage } from "../model-pages.ts";
import { boxAsGiven, sizeTurned } from "../page.ts";
import { readPages } from "../read-document.ts";
import { toPlainText } from "../reading-order.ts";
import { documentInput, pageShape, pagesInput, passwordInput, warningsShape } from "../shapes.ts";
import { defineTask } from "../task.ts";
import type { TaskContext } from "../task.ts";
import { modelThatSees, rightTranscriptOf, transcribePage, transcribePrompt } from "../transcribe.ts";
import type { TextFormat, Transcript } from "../transcribe.ts";

const FORMATS = { plain: toPlainText, markdown: toMarkdown, layout: toLayout } as const;

/** What stands between the texts of two pages. */
const BETWEEN_PAGES: Readonly<Record<TextFormat, string>> = { plain: "\f", markdown: "\n\n---\n\n", layout: "\f" };

/** Reads the text of a document, page by page: from its text layer, or with the machine's own OCR. */
export const extractText = defineTask({
  name: "extract_text",
  title: "Extract text",
  description:
    "Reads all text of a PDF or of a picture of a document, receipt, screenshot or sign, verbatim and in reading order: from the text layer of a page where it has one, else with OCR on this machine (no model needed). " +
    "Ask for evidence: boxes to learn where each line stands. With reader: model the vision model that is set up writes the pages down instead, and what it writes that is not read there is marked.",
  doors: ["mcp", "cli", "library", "n8n"],
  files: { document: "document" },
  input: z.object({
    document: documentInput,
    format: z
      .enum(["plain", "markdown", "layout"])
      .default("plain")
      .describe("plain: as printed, row by row; markdown: headings, lists and tables marked; layout: spaced as on the page"),
    pages: pagesInput,
    reader: z
      .enum(["machine", "model"])
      .default("machine")
      .describe("model: a vision model transcribes the pages (handwriting, difficult scans), held against what this machine reads there"),
    language: z.string().min(2).optional().describe("Language of the text where known, e.g. de or pt-BR; improves recognition"),
    evidence: z.enum(["none", "boxes"]).default("boxes").describe("boxes: each line with its bounding box and confidence"),
    password: passwordInput,
  }),
  output: z.object({
    text: z.string().describe("One page behind the other, set apart by a form feed; in Markdown by a rule, ---"),
    pages: z.array(pageShape),
    ungrounded: z
      .array(z.object({ page: z.number().int().min(1), text: z.string() }))
      .optional()
      .describe("With reader: model, its words that this machine does not read on the page"),
    model: z.string().optional().describe("The model that transcribed, where one did"),
    warnings: warningsShape,
  }),
  agentDefaults: { evidence: "none" },
  examples: [
    { document: "/home/me/Pictures/receipt.jpg" },
    { document: "/home/me/contract.pdf", pages: "1-3", format: "markdown", evidence: "boxes" },
  ],
  render: (output) =>
    [
      output.text,
      ...(output.ungrounded ?? []).map(({ page, text }) => `[Not read on page ${page} by this machine: "${text}"]`),
      ...output.warnings.map((warning) => `[${warning}]`),
    ].join("\n"),
  renderEvidence: (output) =>
    output.pages
      .flatMap(({ number, lines = [] }) =>
        lines.map(({ text, box, confidence }) => {
          const place = `x=${box.x} y=${box.y} width=${box.width} height=${box.height} (${Math.round(confidence * 100)} %): ${text}`;
          return output.pages.length === 1 ? place : `page ${number} ${place}`;
        }),
      )
      .join("\n"),
  correcting: {
    values: ({ text }) => ({ lines: linesOf(text) }),
    prompt: ({ format }) => transcribePrompt(format),
    teaching: (input) => ({ ...input, reader: "model" as const }),
    reply: ({ turn }, { text }, { format }) => rightTranscript(text, format, turn),
  },
  async run(input, context) {
    const model = input.reader === "model" ? modelThatSees(context.model) : undefined;
    const file = await context.input.read(input.document, { accept: ["image", "pdf"], signal: context.signal });
    const texts: string[] = [];
    const pages: z.output<typeof pageShape>[] = [];
    const warnings: string[] = [];
    const ungrounded: { page: number; text: string }[] = [];
    let transcribedBy: string | undefined;
    const { format, pages: wanted, language, password } = input;
    for await (const { page: read, image, warnings: news } of readPages(file, { pages: wanted, language, password }, context)) {
      warnings.push(...news);
      if (read === undefined) continue;
      const transcript = model === undefined ? undefined : await transcribed({ page: read, image }, format, model, context, warnings);
      const page = transcript === undefined ? read : { ...read, source: "model" as const, lines: transcript.lines };
      if (transcript !== undefined) {
        transcribedBy = transcript.model;
        ungrounded.push(...transcript.ungrounded.map((text) => ({ page: read.number, text })));
        if (transcript.missing.length > 0) warnings.push(leftOut(read.number, transcript.missing));
      }
      texts.push(transcript?.text ?? FORMATS[format](read.lines));
      const { number, source, lines } = page;
      const facts = { number, ...sizeTurned(page, page.turned), source };
      pages.push(
        input.evidence === "boxes"
          ? { ...facts, lines: lines.map((line) => ({ ...line, box: boxAsGiven(line.box, page), source })) }
          : facts,
      );
    }
    if (texts.every((text) => text === "")) warnings.push(`No text was found in ${file.name}.`);
    if (ungrounded.length > 0)
      warnings.push(`${counted(ungrounded.length, "part")} of what the model wrote could not be found on the page: treat it with care.`);
    return {
      text: texts.join(BETWEEN_PAGES[format]),
      pages,
      ...(model === undefined ? {} : { ungrounded }),
      ...(transcribedBy === undefined ? {} : { model: transcribedBy }),
      warnings,
    };
  },
});

/** The lines with something in them, spaces between words alike. */
function linesOf(text: string): string[] {
  return text
    .split(/[\n\f]/)
    .map((line) => line.replaceAll(/\s+/g, " ").trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line));
}

/** What a model should write down of the page that it is asked about as number `turn` (from 0). InputError when the text has no such page. */
function rightTranscript(text: string, format: TextFormat, turn: number): string {
  const page = text.split(BETWEEN_PAGES[format])[turn];
  if (page === undefined) {
    throw new InputError("The corrected text has fewer pages than the document.", {
      hint: `Set its pages apart as the answer does: by ${format === "markdown" ? "a rule, ---" : "a form feed"}.`,
    });
  }
  return rightTranscriptOf(page);
}

/**
 * Undefined, with a warning, when the model has no usable answer for this page, or failed and the operator asked for the machine's own eyes in that case: the machine's
 * reading stands then.
 */
async function transcribed(
  shown: ShownPage,
  format: TextFormat,
  model: VisionModel,
  context: TaskContext,
  warnings: string[],
): Promise<Transcript | undefined> {
  context.progress(`Asking ${model.id} about page ${shown.page.number}`);
  try {
    return await transcribePage(shown, format, model, context);
  } catch (error) {
    const unusable =
      isSightlineError(error) && (error.kind === "AnswerError" || (error.kind !== "InputError" && context.fallback === "embedded"));
    if (!unusable || context.signal.aborted) throw error;
    warnings.push(
      `Page ${shown.page.number}: the model ${model.id} failed, and this machine's own reading stands in its place: ${error.message}`,
    );
    return undefined;
  }
}

/** Lines that are shown of those the model left out. */
const SHOWN = 3;

function leftOut(page: number, missing: readonly string[]): string {
  const shown = missing.slice(0, SHOWN).map((text) => `"${text}"`);
  return `Page ${page}: the model left out, or wrote otherwise, ${counted(missing.length, "line")} that this machine reads: ${shown.join(", ")}${missing.length > SHOWN ? ", …" : ""}`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
